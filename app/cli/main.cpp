#include "app/cli/command_line.hpp"
#include "app/cli/usage.hpp"
#include "app/config/read_home.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
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

} // namespace

int main(int argc, char** argv) {
  try {
    auto words = with_command(argc, argv);
    return run_command_line(static_cast<int>(words.size()), words.data());
  } catch (const std::exception& error) {
    fmt::print(stderr, "apify-orchestrator: {}\n", error.what());
    return bad_usage;
  }
}
