#include "app/cli/command_line.hpp"
#include "app/cli/usage.hpp"
#include "app/config/read_home.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace orc::app;

/// On the platform nobody gives a command: the container just starts us.
std::vector<char*> with_command(int argc, char** argv) {
  static char command[] = "actor";
  std::vector<char*> result(argv, argv + argc);
  if (argc == 1 && read_home(process_environment()))
    result.push_back(command);
  return result;
}

int run_command_line(int argc, char** argv) {
  CLI::App app{"Runs fleets of Apify Actors inside the memory, run slots and "
               "rate limits you have,\nwithout losing a run or starting one "
               "twice."};
  command_action action;
  describe_usage(app, action);
  if (auto problem = unknown_command(app, argc, argv); !problem.empty())
    return fail(problem);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    return fail(explain(app, error));
  }
  return action();
}

/// A file that we open must not get the number of a stream that was closed.
void open_standard_streams() {
  for (auto number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(number, F_GETFD) < 0 && errno == EBADF)
      // Gets the lowest number that is free: this one.
      open("/dev/null", O_RDWR);
}

/// @returns `code`, unless what was printed has not arrived.
int after_printing(int code) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
    return code;
  fail("standard output cannot be written: see whether the disk is full");
  return code == all_succeeded ? some_failed : code;
}

} // namespace

int main(int argc, char** argv) {
  open_standard_streams();
  try {
    auto words = with_command(argc, argv);
    return after_printing(
      run_command_line(static_cast<int>(words.size()), words.data()));
  } catch (const std::exception& error) {
    fail(error.what());
    return std::ferror(stdout) != 0 ? some_failed : bad_usage;
  }
}
