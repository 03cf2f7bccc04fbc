#include "app/cli/client_flags.hpp"
#include "app/cli/walks.hpp"
#include "app/text/amounts.hpp"
#include "app/text/table.hpp"
#include "app/walk/walk_lines.hpp"
#include "messages/json/json.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr std::uint64_t most_troubles = 20;

std::string path_of(const std::string& name, const std::string& rest = "") {
  return fmt::format("/api/v1/batches/{}{}", http::percent_encode(name), rest);
}

/// One command that concerns one batch.
struct one_walk {
  CLI::App* command;
  std::shared_ptr<std::string> name = std::make_shared<std::string>();
  std::shared_ptr<client_flags> flags;

  one_walk(CLI::App& parent, const char* verb, const char* doc)
    : command{parent.add_subcommand(verb, doc)}, flags{
                                                   add_client_flags(*command)} {
    command->add_option("NAME", *name, "Which batch.")->required();
  }
};

int print_view(const client_flags& flags,
               const caf::expected<std::string>& body) {
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto x = from_json<walk_view>(*body);
  if (!x)
    return fail(x.error());
  fmt::print("{}\n", progress_line(*x, now()));
  return all_succeeded;
}

int start(const client_flags& flags, const std::string& spec, bool redrive) {
  auto text = read_walk_argument(spec);
  if (!text)
    return fail(text.error());
  auto path = std::string{"/api/v1/batches"};
  if (redrive)
    path += "?redrive=true";
  return print_view(flags, connect(flags)->post(path, std::move(*text)));
}

/// @returns the pages of a batch that need somebody's care.
caf::expected<std::vector<walk_page_view>>
troubles_of(api_client& client, const std::string& name) {
  std::vector<walk_page_view> result;
  for (auto state : {"failed", "stuck", "flawed"}) {
    auto body = client.get(path_of(name, fmt::format("/pages?state={}&limit={}",
                                                     state, most_troubles)));
    if (!body)
      return std::move(body.error());
    auto pages = from_json<walk_page_views>(*body);
    if (!pages)
      return std::move(pages.error());
    result.insert(result.end(), pages->items.begin(), pages->items.end());
  }
  return result;
}

int status(const client_flags& flags, const std::string& name) {
  auto client = connect(flags);
  auto body = client->get(path_of(name));
  if (!body || flags.json)
    return print_view(flags, body);
  auto x = from_json<walk_view>(*body);
  if (!x)
    return fail(x.error());
  auto pages = troubles_of(*client, name);
  if (!pages)
    return fail(pages.error());
  for (const auto& line : report_lines(*x, *pages, now()))
    fmt::print("{}\n", line);
  return all_succeeded;
}

int list(const client_flags& flags) {
  auto body = connect(flags)->get("/api/v1/batches");
  if (!body)
    return fail(body.error());
  if (flags.json) {
    fmt::print("{}\n", *body);
    return all_succeeded;
  }
  auto found = from_json<walk_views>(*body);
  if (!found)
    return fail(found.error());
  using align = table::align;
  table out{{{"BATCH"},
             {"STATE"},
             {"PAGES", align::right},
             {"DONE", align::right},
             {"FAILED", align::right},
             {"STUCK", align::right},
             {"ITEMS", align::right}}};
  for (const auto& x : found->items)
    out.add({x.name, x.is_paused ? "paused" : std::string{name_of(x.state)},
             print_count(x.pages), print_count(x.completed),
             print_count(x.failed), print_count(x.stuck),
             print_count(x.items)});
  for (const auto& line : out.lines())
    fmt::print("{}\n", line);
  return all_succeeded;
}

void add_verb(CLI::App& parent, command_action& action, const char* verb,
              const char* doc) {
  one_walk x{parent, verb, doc};
  auto rest = std::string{"/"} + verb;
  x.command->callback([=, &action] {
    action = [=] {
      return print_view(*x.flags,
                        connect(*x.flags)->post(path_of(*x.name, rest), ""));
    };
  });
}

void add_parallelism(CLI::App& parent, command_action& action) {
  one_walk x{parent, "parallelism",
             "Sets how many pages may be done at a time; 0 starts none."};
  auto limit = std::make_shared<std::uint32_t>(0);
  x.command->add_option("N", *limit, "So many.")
    ->check(CLI::Range(0U, 4'294'967'295U))
    ->required();
  x.command->callback([=, &action] {
    action = [=] {
      return print_view(*x.flags,
                        connect(*x.flags)->post(
                          path_of(*x.name, "/parallelism"),
                          fmt::format(R"({{"maxParallelism":{}}})", *limit)));
    };
  });
}

void add_start(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "start", "Starts a batch at a service, or joins it.");
  auto spec = std::make_shared<std::string>();
  auto redrive = std::make_shared<bool>(false);
  command
    ->add_option("SPEC", *spec,
                 "What to do: a file, @FILE, - for standard input, or JSON.")
    ->required();
  command->add_flag("--redrive", *redrive,
                    "Try pages and items again that failed.");
  auto flags = add_client_flags(*command);
  command->callback(
    [=, &action] { action = [=] { return start(*flags, *spec, *redrive); }; });
}

} // namespace

void add_walk_verbs(CLI::App& parent, command_action& action) {
  add_start(parent, action);
  one_walk shown{parent, "status",
                 "Shows how a batch stands, and pages that failed."};
  shown.command->callback([=, &action] {
    action = [=] { return status(*shown.flags, *shown.name); };
  });
  auto* all = parent.add_subcommand("list", "Lists the batches of a service.");
  auto flags = add_client_flags(*all);
  all->callback([=, &action] { action = [=] { return list(*flags); }; });
  add_verb(parent, action, "pause",
           "Starts no page any more; those being done go on.");
  add_verb(parent, action, "resume", "Starts pages again.");
  add_parallelism(parent, action);
  add_verb(parent, action, "restore",
           "Takes back the limit that was set last.");
  add_verb(parent, action, "redrive",
           "Tries again what failed, and stuck pages at once.");
  add_verb(parent, action, "cancel",
           "Ends a batch: what is being done is stopped.");
}

} // namespace orc::app
