#include "emulator/process/process.hpp"
#include "tests/emulator/process/runtime_fixture.hpp"

#include <csignal>

using namespace orc::emulator;

namespace {

class process_fixture : public runtime_fixture {
public:
  ~process_fixture() {
    run([this] { program.reset(); });
  }

  /// Starts a shell script.
  void start(const std::string& script, std::size_t max_output = 1 << 20) {
    start_command({"/bin/sh", "-c", script}, max_output);
  }

  void start_command(std::vector<std::string> command, std::size_t max_output) {
    run([&] {
      process_callbacks callbacks;
      callbacks.on_output = [this](const std::string& x) { output += x; };
      callbacks.on_exit = [this](process_exit x) { exit = x; };
      auto result = process::start(
        runtime(), {command, "/tmp", {"PATH=/usr/bin:/bin", "X=y"}, max_output},
        callbacks);
      if (auto* failed = std::get_if<process_error>(&result))
        error = failed->message;
      else
        program = std::get<std::unique_ptr<process>>(std::move(result));
    });
  }

  void wait_for_exit() {
    wait_for([this] { return exit.has_value(); });
  }

  void wait_for_output(const std::string& text) {
    wait_for([&] { return output.find(text) != std::string::npos; });
  }

  std::unique_ptr<process> program;
  std::string output;
  std::string error;
  std::optional<process_exit> exit;
};

bool is_alive(int pid) {
  return kill(pid, 0) == 0;
}

} // namespace

TEST_CASE_METHOD(process_fixture,
                 "a program's output and exit code come back") {
  start("echo out; echo err >&2; pwd; echo $X; exit 3");
  wait_for_exit();
  CHECK(output == "out\nerr\n/tmp\ny\n");
  CHECK(exit->code == 3);
}

TEST_CASE_METHOD(process_fixture, "a program has no input") {
  start("cat; echo done");
  wait_for_exit();
  CHECK(output == "done\n");
  CHECK(exit->ok());
}

TEST_CASE_METHOD(process_fixture, "a program may end on SIGTERM as it likes") {
  start("trap 'echo saved; exit 7' TERM; echo ready; while :; do sleep 0.01; "
        "done");
  wait_for_output("ready");
  run([this] { program->terminate(); });
  wait_for_exit();
  CHECK_THAT(output, Catch::Contains("saved"));
  CHECK(exit->code == 7);
}

TEST_CASE_METHOD(process_fixture, "a program that is killed has a signal") {
  start("echo ready; sleep 100");
  wait_for_output("ready");
  run([this] { program->kill(); });
  wait_for_exit();
  CHECK_FALSE(exit->code.has_value());
  CHECK(exit->signal == SIGKILL);
}

TEST_CASE_METHOD(process_fixture, "what a program leaves behind is killed") {
  start("sleep 100 & echo $!");
  wait_for_exit();
  auto orphan = std::stoi(output);
  wait_for([orphan] { return !is_alive(orphan); });
}

TEST_CASE_METHOD(process_fixture, "a destroyed process is killed, silently") {
  start("echo $$; sleep 100");
  wait_for_output("\n");
  run([this] { program.reset(); });
  CHECK_FALSE(is_alive(std::stoi(output)));
  CHECK_FALSE(exit.has_value());
}

TEST_CASE_METHOD(process_fixture, "output beyond the limit is thrown away") {
  start("head -c 1000000 /dev/zero; echo end", 1000);
  wait_for_exit();
  CHECK(output.size() == 1000);
  CHECK(exit->ok());
}

TEST_CASE_METHOD(process_fixture, "what cannot be started is told at once") {
  start_command({"orc-no-such-program"}, 0);
  CHECK(error == "orc-no-such-program: no such program");
  start_command({"/tmp"}, 0);
  CHECK_THAT(error, Catch::Contains("Permission denied"));
}

TEST_CASE_METHOD(process_fixture, "memory and time of descendants count") {
  start("sh -c 'echo ready; while :; do :; done' & wait");
  wait_for_output("ready");
  wait_for([this] {
    return program->usage().cpu_time >= std::chrono::milliseconds{20};
  });
  CHECK(run([this] { return program->usage().memory_bytes; }) > 100'000);
}
