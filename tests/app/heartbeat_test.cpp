#include "app/service/heartbeat.hpp"
#include "app/service/notifier.hpp"
#include "tests/support/actor_fixture.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>
#include <vector>

using namespace orc;
using namespace orc::app;
using namespace std::chrono_literals;

namespace {

/// A service manager's socket.
class listener {
public:
  listener() {
    std::array<char, 32> folder{"/tmp/orc-heartbeat-XXXXXX"};
    REQUIRE(mkdtemp(folder.data()));
    folder_ = folder.data();
    path_ = folder_ + "/notify";
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(
      bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address)
      == 0);
  }

  ~listener() {
    close(socket_);
    std::filesystem::remove_all(folder_);
  }

  std::vector<std::string> heard() {
    std::vector<std::string> result;
    std::array<char, 4096> text{};
    for (auto size = recv(socket_, text.data(), text.size(), 0); size > 0;
         size = recv(socket_, text.data(), text.size(), 0))
      result.emplace_back(text.data(), static_cast<std::size_t>(size));
    return result;
  }

  const std::string& path() const {
    return path_;
  }

private:
  std::string folder_;
  std::string path_;
  int socket_ = -1;
};

struct fixture : test::actor_fixture {
  fixture() {
    auto env = [this](const std::string& name) -> std::optional<std::string> {
      if (name == "NOTIFY_SOCKET")
        return service_manager.path();
      if (name == "WATCHDOG_USEC")
        return "20000000";
      return std::nullopt;
    };
    whom = system().spawn(
      [this](health_actor::pointer self) -> health_actor::behavior_type {
        return {[this, self](check_health) -> caf::result<health> {
          ++asked;
          if (hangs)
            return self->make_response_promise<health>();
          return now;
        }};
      });
    now.ready = true;
    now.store.writable = true;
    beats
      = system().spawn(heartbeat, whom, std::make_shared<const notifier>(env));
    run();
  }

  ~fixture() {
    kill(whom);
  }

  std::size_t count(const std::string& text) {
    std::size_t result = 0;
    for (const auto& x : service_manager.heard())
      result += x == text ? 1 : 0;
    return result;
  }

  listener service_manager;
  health now;
  bool hangs = false;
  int asked = 0;
  health_actor whom;
  heartbeat_actor beats;
};

} // namespace

TEST_CASE_METHOD(fixture, "each round trip is a beat, twice in an interval") {
  CHECK(count("WATCHDOG=1") == 1);
  advance(10s);
  CHECK(count("WATCHDOG=1") == 1);
  advance(10s);
  CHECK(count("WATCHDOG=1") == 1);
  CHECK(asked == 3);
}

TEST_CASE_METHOD(fixture, "without an answer there is no beat") {
  hangs = true;
  service_manager.heard();
  for (auto i = 0; i < 6; ++i)
    advance(10s);
  CHECK(count("WATCHDOG=1") == 0);
  CHECK(asked > 2);
  hangs = false;
  advance(30s);
  CHECK(count("WATCHDOG=1") >= 1);
}

TEST_CASE_METHOD(fixture, "an answer that somebody hangs is no beat") {
  now.answering = false;
  now.ready = false;
  now.reason = "a part of the service hangs";
  service_manager.heard();
  advance(10s);
  auto heard = service_manager.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]
        == "STATUS=not ready: a part of the service hangs; 0 runs live, 0 "
           "wait");
  // It is asked again soon: one slow write must not end the process.
  now.answering = true;
  advance(1s);
  CHECK(count("WATCHDOG=1") == 1);
}

TEST_CASE_METHOD(fixture, "a full disk is told, and no reason to be killed") {
  now.store.writable = false;
  now.ready = false;
  now.reason = "the disk is full";
  service_manager.heard();
  advance(10s);
  auto heard = service_manager.heard();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0] == "WATCHDOG=1");
  CHECK(heard[1].find("the disk is full") != std::string::npos);
}

TEST_CASE_METHOD(fixture, "recovery gets more time as long as it goes on") {
  now.phase = "recovering";
  now.recovered = 1000;
  advance(10s);
  auto heard = service_manager.heard();
  CHECK(heard.back() == "STATUS=recovering: 1000 runs taken up");
  CHECK(heard[heard.size() - 2] == "EXTEND_TIMEOUT_USEC=60000000");
  // Nothing more came: nothing more is said.
  advance(3s);
  CHECK(service_manager.heard().empty());
  now.recovered = 2000;
  advance(1s);
  CHECK(count("EXTEND_TIMEOUT_USEC=60000000") == 1);
}

TEST_CASE_METHOD(fixture, "it ends with the one it looks after") {
  auto seen = ask<health>(whom, check_health{});
  kill(whom);
  service_manager.heard();
  advance(60s);
  CHECK(service_manager.heard().empty());
}
