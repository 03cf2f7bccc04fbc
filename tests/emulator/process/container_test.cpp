#include "emulator/process/container.hpp"
#include "tests/emulator/process/fake_exchange.hpp"
#include "tests/emulator/process/runtime_fixture.hpp"
#include "tests/support/temp_folder.hpp"

#include <csignal>

using namespace orc::emulator;
using orc::test::temp_folder;
using namespace std::chrono_literals;

namespace {

/// A container that runs a shell script, and all it tells.
class container_fixture : public runtime_fixture {
public:
  ~container_fixture() {
    run([this] { box.reset(); });
  }

  void start(const std::string& script) {
    folder.write("main.sh", script);
    options.actor.name = "demo";
    options.actor.path = folder.path();
    options.actor.command = {"/bin/sh", "main.sh"};
    options.run.run_id = "run1";
    options.run.api_url = "http://127.0.0.1:1";
    run([this] {
      box = std::make_unique<container>(runtime(), options, callbacks());
      REQUIRE_FALSE(box->start().has_value());
      box->connect_events(exchange);
    });
  }

  container_callbacks callbacks() {
    container_callbacks result;
    result.on_log = [this](const std::string& lines) { log += lines; };
    result.on_restart = [this](restart_reason x) { restarts.push_back(x); };
    result.on_exit = [this](process_exit x) { exit = x; };
    return result;
  }

  void wait_for_log(const std::string& text) {
    wait_for([&] { return log.find(text) != std::string::npos; });
  }

  void wait_for_exit() {
    wait_for([this] { return exit.has_value(); });
  }

  temp_folder folder;
  container_options options;
  std::shared_ptr<fake_exchange> exchange = std::make_shared<fake_exchange>();
  std::unique_ptr<container> box;
  std::string log;
  std::vector<restart_reason> restarts;
  std::optional<process_exit> exit;
};

/// Says how often it was started, and stays.
const std::string counting = "echo x >> starts\n"
                             "echo start $(wc -l < starts)\n"
                             "while :; do sleep 0.01; done\n";

} // namespace

TEST_CASE_METHOD(container_fixture, "a program runs to its end") {
  start("echo $ACTOR_RUN_ID on $ACTOR_WEB_SERVER_URL; exit 4");
  wait_for_exit();
  CHECK(exit->code == 4);
  CHECK_THAT(log, Catch::Contains("ACTOR: Starting /bin/sh main.sh.\n"));
  CHECK_THAT(log, Catch::Contains("Z run1 on " + box->url() + "\n"));
  CHECK(exchange->socket->close_code == 1000);
}

TEST_CASE_METHOD(container_fixture, "a migration is announced and restarts") {
  options.migration_grace = 50ms;
  start(counting);
  wait_for_log("start 1");
  run([this] { box->migrate(); });
  wait_for_log("start 2");
  CHECK(exchange->socket->got(R"("name":"migrating")"));
  CHECK(exchange->socket->got(R"("timeRemainingSecs":0.05)"));
  CHECK(restarts == std::vector{restart_reason::migration});
}

TEST_CASE_METHOD(container_fixture, "a reboot ends a migration early") {
  options.migration_grace = 1h;
  start(counting);
  wait_for_log("start 1");
  run([this] {
    box->migrate();
    box->reboot();
  });
  wait_for_log("start 2");
  CHECK(restarts == std::vector{restart_reason::migration});
}

TEST_CASE_METHOD(container_fixture, "a reboot starts the program again") {
  start(counting);
  wait_for_log("start 1");
  run([this] { box->reboot(); });
  wait_for_log("start 2");
  CHECK(restarts == std::vector{restart_reason::reboot});
}

TEST_CASE_METHOD(container_fixture, "a program may end well in a migration") {
  options.migration_grace = 1h;
  start("trap 'exit 0' TERM; echo ready; until [ -e stop ]; do sleep 0.01; "
        "done");
  wait_for_log("ready");
  run([this] { box->migrate(); });
  folder.write("stop", "");
  wait_for_exit();
  CHECK(exit->ok());
  CHECK(restarts.empty());
}

TEST_CASE_METHOD(container_fixture, "a graceful abort warns, then kills") {
  options.abort_grace = 50ms;
  start(counting);
  wait_for_log("start 1");
  run([this] { box->abort_gracefully(); });
  wait_for_exit();
  CHECK(exit->signal == SIGKILL);
  CHECK(exchange->socket->got(R"("name":"aborting")"));
  CHECK(exchange->socket->got(R"("data":{"isMigrating":false})"));
  CHECK(restarts.empty());
}

TEST_CASE_METHOD(container_fixture, "an abort kills without a word") {
  start(counting);
  wait_for_log("start 1");
  run([this] { box->kill(); });
  wait_for_exit();
  CHECK(exit->signal == SIGKILL);
  CHECK_FALSE(exchange->socket->got("aborting"));
}

TEST_CASE_METHOD(container_fixture, "an error in a migration restarts") {
  options.migration_grace = 1h;
  start("echo x >> starts; echo start $(wc -l < starts)\n"
        "until [ -e stop ]; do sleep 0.01; done; rm stop; exit 1");
  wait_for_log("start 1");
  run([this] { box->migrate(); });
  folder.write("stop", "");
  wait_for_log("start 2");
  CHECK(restarts == std::vector{restart_reason::migration});
}

TEST_CASE_METHOD(container_fixture, "the use of the machine is told") {
  options.system_info_interval = 10ms;
  start("while :; do :; done");
  wait_for([this] {
    return exchange->socket->got(R"("name":"systemInfo")")
           && exchange->socket->got(R"("name":"cpuInfo")");
  });
  CHECK(exchange->socket->got(R"("isCpuOverloaded":false)"));
  wait_for([this] { return box->usage().memory_max_bytes > 0; });
}

TEST_CASE_METHOD(container_fixture, "the log ends at its cap") {
  options.max_log_chars = 200;
  start("while :; do echo 0123456789 || exit 0; done & sleep 0.1");
  wait_for_exit();
  CHECK(log.size() == 200);
}
