#pragma once

#include "app/cli/client_flags.hpp"
#include "app/text/table.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

namespace orc::app {

// What the commands `groups`, `tasks` and `channels` have in common.

inline constexpr auto task_examples = R"(Examples:
  apify-orchestrator groups create nightly
  apify-orchestrator tasks create GROUP --channel resize --input '{"file":"a.png"}'
  apify-orchestrator tasks list --group GROUP
  apify-orchestrator channels
  apify-orchestrator tasks dead --channel resize
  apify-orchestrator tasks redrive --channel resize
  apify-orchestrator groups pause GROUP)";

inline void print(const table& x) {
  for (const auto& line : x.lines())
    fmt::print("{}\n", line);
}

/// Reads the elements of a JSON array.
template <class T>
caf::expected<std::vector<T>> read_list(const std::string& text) {
  auto in = raw_object::read(fmt::format(R"({{"items":{}}})", text));
  if (!in)
    return std::move(in.error());
  std::vector<T> result;
  for (const auto& element :
       in->array("items").value_or(std::vector<std::string>{})) {
    auto one = from_json<T>(element);
    if (!one)
      return std::move(one.error());
    result.push_back(std::move(*one));
  }
  return result;
}

/// Prints the rows of an answer, or the answer itself with --json.
template <class T, class F>
int print_list(const client_flags& flags,
               const caf::expected<std::string>& body, F print_rows) {
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto items = read_list<T>(*body);
  if (!items)
    return fail(items.error());
  print_rows(*items);
  return all_succeeded;
}

template <class T, class F>
int print_one(const client_flags& flags, const caf::expected<std::string>& body,
              F print_rows) {
  if (!body)
    return fail(body.error());
  return print_list<T>(flags, flags.json ? *body : "[" + *body + "]",
                       print_rows);
}

/// A subcommand with one argument.
struct one_thing {
  CLI::App* command;
  std::shared_ptr<std::string> id = std::make_shared<std::string>();
  std::shared_ptr<client_flags> flags;

  one_thing(CLI::App& parent, const char* verb, const char* argument,
            const char* doc)
    : command{parent.add_subcommand(verb, doc)}, flags{
                                                   add_client_flags(*command)} {
    command->add_option(argument, *id, "Which.")->required();
  }
};

/// Adds `remove` for what is found at `/api/v1/COLLECTION/ID`.
void add_remove(CLI::App& parent, command_action& action, const char* argument,
                const char* collection, const char* doc);

} // namespace orc::app
