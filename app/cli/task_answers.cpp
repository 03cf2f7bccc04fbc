#include "app/cli/task_answers.hpp"

namespace orc::app {

namespace {

int remove(const client_flags& flags, const std::string& target) {
  auto body = connect(flags)->remove(target);
  if (!body)
    return fail(body.error());
  if (flags.json)
    fmt::print("{}\n", *body);
  return all_succeeded;
}

} // namespace

void add_remove(CLI::App& parent, command_action& action, const char* argument,
                const char* collection, const char* doc) {
  one_thing x{parent, "remove", argument, doc};
  auto path = std::string{collection};
  x.command->callback([=, &action] {
    action = [=] {
      return remove(*x.flags, fmt::format("/api/v1/{}/{}", path, *x.id));
    };
  });
}

} // namespace orc::app
