// Starting programs, and finding what they started.

#include "transport/process/process_table.hpp"
#include "transport/process/process_tree.hpp"
#include "transport/process/spawn.hpp"

#include <catch2/catch.hpp>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <future>
#include <poll.h>
#include <signal.h>
#include <string>
#include <thread>
#include <unistd.h>

using namespace orc;

namespace {

spawned start(const spawn_options& x) {
  auto result = spawn(x);
  if (auto* problem = std::get_if<process_error>(&result))
    FAIL(problem->message);
  return std::move(std::get<spawned>(result));
}

std::string problem_of(const spawn_options& x) {
  auto result = spawn(x);
  auto* problem = std::get_if<process_error>(&result);
  return problem ? problem->message : "";
}

spawn_options shell(const std::string& script) {
  spawn_options x;
  x.command = {"sh", "-c", script};
  x.environment = our_environment({{"MINE", "it is"}});
  x.output = process_output::two_pipes;
  return x;
}

void wait_for(const spawned& x) {
  pollfd file{x.pidfd.get(), POLLIN, 0};
  REQUIRE(::poll(&file, 1, 20'000) == 1);
}

std::string text_of(const owned_fd& x) {
  std::string result;
  std::array<char, 1000> piece{};
  for (ssize_t n = 0; (n = ::read(x.get(), piece.data(), piece.size())) > 0;)
    result.append(piece.data(), static_cast<std::size_t>(n));
  return result;
}

} // namespace

TEST_CASE("a program has our environment and more, and two outputs") {
  auto x = start(shell("echo $MINE; echo bad >&2; exit 3"));
  wait_for(x);
  CHECK(text_of(x.output) == "it is\n");
  CHECK(text_of(x.errors) == "bad\n");
  CHECK(exit_of(x).code == 3);
  reap(x);
}

TEST_CASE("why a program cannot be started is told") {
  spawn_options x;
  x.command = {"no-such-program"};
  x.environment = our_environment({});
  CHECK(problem_of(x) == "no-such-program: no such program");
  x.command = {"/no/such"};
  CHECK(problem_of(x) == "/no/such: No such file or directory");
}

TEST_CASE("address space is limited where it is asked for") {
  auto x = shell("ulimit -v");
  x.address_space = std::uint64_t{1} << 30;
  auto one = start(x);
  wait_for(one);
  CHECK(text_of(one.output) == std::to_string(1 << 20) + "\n");
  reap(one);
}

TEST_CASE("D3 a zombie is no process any more") {
  auto x = start(shell("true"));
  wait_for(x);
  CHECK(!find_process(x.pid));
  reap(x);
}

TEST_CASE("a process may end while it is looked at") {
  // Threads, which are seen the same way and cost less.
  for (int i = 0; i < 300; ++i) {
    std::promise<int> number;
    std::thread passing{[&] { number.set_value(::gettid()); }};
    auto id = number.get_future().get();
    while (find_process(id))
      continue;
    passing.join();
  }
  CHECK(find_process(::getpid()));
}

TEST_CASE("AB-22 all of a tree is found, and what carries a variable") {
  auto x = start(shell("sleep 100 & echo; wait"));
  pollfd file{x.output.get(), POLLIN, 0};
  REQUIRE(::poll(&file, 1, 20'000) == 1);
  CHECK(find_tree(x.pid).size() == 2);
  CHECK(has_variable(x.pid, "MINE=it"));
  CHECK(!has_variable(x.pid, "MINE=not"));
  CHECK(variable_of_process(x.pid, "MINE=") == "it is");
  CHECK(variable_of_process(x.pid, "YOURS=").empty());
  ::kill(-x.pid, SIGKILL);
  wait_for(x);
  CHECK(exit_of(x).signal == SIGKILL);
  reap(x);
}

TEST_CASE("a program that somebody waits for is no stray") {
  auto x = start(shell("exit 3"));
  wait_for(x);
  reap_strays();
  end_processes({x.pid}, {});
  auto how = reap(x);
  REQUIRE(how);
  CHECK(how->code == 3);
}

TEST_CASE("what a program leaves behind is reaped") {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  auto x = start(shell("sleep 0 & echo $!"));
  wait_for(x);
  auto stray = std::stoi(text_of(x.output));
  reap(x);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(stray), &info, WEXITED | WNOWAIT)
          == 0);
  reap_strays();
  CHECK(::kill(stray, 0) != 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("a program is forgotten with its reaping, whoever did that") {
  auto x = start(shell("exit 3"));
  wait_for(x);
  ::waitpid(x.pid, nullptr, 0);
  CHECK(has_ended(x));
  CHECK(!reap(x));
}
