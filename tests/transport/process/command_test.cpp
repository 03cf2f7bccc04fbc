// One program, to its end.

#include "transport/process/command.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <string>

using namespace orc;
using namespace std::chrono_literals;
using how_it_ended = command_result::end;

namespace {

command_options command_of(const std::string& script) {
  command_options x;
  x.words = {"sh", "-c", script};
  x.grace = 2s;
  return x;
}

} // namespace

TEST_CASE("a program's end, output and last words are told") {
  auto x = run_command(command_of("echo out; echo bad >&2; exit 3"));
  CHECK(x.how == how_it_ended::exited);
  CHECK(x.code == 3);
  CHECK(x.output == "out\n");
  CHECK(x.last_words == "bad");
  x = run_command(command_of("kill -9 $$"));
  CHECK(x.how == how_it_ended::killed);
  CHECK(x.code == 9);
}

TEST_CASE("a program that lasts too long is ended") {
  auto how = command_of("sleep 100");
  how.timeout = 50ms;
  auto x = run_command(how);
  CHECK(x.how == how_it_ended::timed_out);
}

TEST_CASE("a program that has ended in time is done, whoever still holds its "
          "output open") {
  // The stray has to leave the group before the program ends.
  auto how = command_of("setsid sleep 2 & sleep 0.2");
  how.timeout = 1500ms;
  auto x = run_command(how);
  CHECK(x.how == how_it_ended::exited);
  CHECK(x.code == 0);
}

TEST_CASE("a program whose end others were told of has ended") {
  // The kernel reaps it, as in a host program that wants no part of that.
  ::signal(SIGCHLD, SIG_IGN);
  auto x = run_command(command_of("sleep 0.1; exit 0"));
  ::signal(SIGCHLD, SIG_DFL);
  // It need not have done its work.
  CHECK(x.how == how_it_ended::killed);
  CHECK(x.code == 0);
}
