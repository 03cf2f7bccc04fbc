// What Crew's routes ask of TASKS and of their store.

#include "messages/task/object_id.hpp"
#include "tests/transport/server/server_fixture.hpp"

#include <arpa/inet.h>
#include <caf/event_based_actor.hpp>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <unistd.h>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto made_at = timestamp{1'700'000'000'000};

std::string id_of_task(std::uint64_t key) {
  return make_object_id(id_of::task, made_at, 1, key);
}

/// What TASKS and its store were asked.
struct questions {
  std::atomic<int> acquired = 0;
  std::atomic<int> stopped = 0;
  std::atomic<int> returned = 0;
  std::atomic<int> pages = 0;
  std::atomic<std::uint64_t> largest_page = 0;
};

using questions_ptr = std::shared_ptr<questions>;

/// Has a task once somebody who waits for it has gone.
caf::behavior late_tasks(caf::event_based_actor* self, questions_ptr x) {
  auto waiting = std::make_shared<std::vector<caf::response_promise>>();
  return {
    [=](const acquire_task&) {
      waiting->push_back(self->make_response_promise());
      ++x->acquired;
      return waiting->back();
    },
    [=](const stop_waiting&) {
      ++x->stopped;
      task given;
      given.id = id_of_task(1);
      given.assigned_at = made_at;
      waiting->back().deliver(stored_tasks{{given}, {}});
    },
    [=](const return_task&) { ++x->returned; },
  };
}

constexpr std::uint64_t stored = 1'200;

/// Has many tasks.
caf::behavior full_store(questions_ptr x) {
  return {[=](const find_tasks& y) {
    ++x->pages;
    x->largest_page = std::max(x->largest_page.load(), y.limit);
    auto first = y.before.empty() ? stored : *key_of_object_id(y.before) - 1;
    stored_tasks result;
    for (auto key = first - y.skip; key > 0 && result.tasks.size() < y.limit;
         --key)
      result.tasks.emplace_back().id = id_of_task(key);
    return result;
  }};
}

struct crew_fixture : test::server_fixture {
  crew_fixture() {
    server->stop();
    api_server_options options;
    options.port = 0;
    api_parts parts;
    parts.orchestrator = orchestrator;
    parts.events = events;
    parts.readings = readings;
    parts.tasks = caf::actor_cast<tasks_actor>(tasks);
    parts.task_store = caf::actor_cast<task_store_actor>(store);
    server.emplace(system, runtime, options, parts);
    REQUIRE(!server->listen());
  }

  ~crew_fixture() {
    caf::anon_send_exit(tasks, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
  }

  /// Asks for a task and goes away while it waits.
  void ask_and_go(const std::string& headers) {
    auto before = asked->stopped.load();
    auto socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server->port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to)
            == 0);
    auto request = "POST /api/v1/channel/c/acquire?waitSecs=60 HTTP/1.1\r\n"
                   "Host: localhost\r\nContent-Type: application/json\r\n"
                   + headers + "Content-Length: 16\r\n\r\n{\"workerId\":\"w\"}";
    REQUIRE(::send(socket, request.data(), request.size(), 0)
            == static_cast<ssize_t>(request.size()));
    while (asked->acquired == before)
      std::this_thread::sleep_for(1ms);
    ::close(socket);
    while (asked->stopped == before)
      std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(200ms);
  }

  questions_ptr asked = std::make_shared<questions>();
  caf::actor tasks = system.spawn(late_tasks, asked);
  caf::actor store = system.spawn(full_store, asked);
};

} // namespace

TEST_CASE_METHOD(crew_fixture,
                 "a task is not taken back from who may ask for it again") {
  ask_and_go("");
  CHECK(asked->returned == 1);
  ask_and_go("Idempotency-Key: k\r\n");
  CHECK(asked->returned == 1);
}

TEST_CASE_METHOD(crew_fixture, "a long list is read in pages") {
  auto group = make_object_id(id_of::group, made_at, 1, 1);
  auto count = [](const std::string& body) {
    std::size_t result = 0;
    for (auto at = body.find("\"_id\""); at != std::string::npos;
         at = body.find("\"_id\"", at + 1))
      ++result;
    return result;
  };
  auto target = "/api/v1/task_group/" + group + "/tasks";
  auto all = get(target);
  CHECK(all.status == 200);
  CHECK(count(all.body) == stored);
  CHECK(asked->pages > 1);
  CHECK(asked->largest_page <= 1'000);
  CHECK(count(get(target + "?limit=700&skip=1").body) == 700);
  CHECK(count(get(target + "?limit=700&skip=600").body) == 600);
}
