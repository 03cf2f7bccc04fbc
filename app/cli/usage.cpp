#include "app/cli/usage.hpp"

#include "app/cli/backup.hpp"
#include "app/cli/emulate.hpp"
#include "app/cli/pool.hpp"
#include "app/cli/task_commands.hpp"
#include "app/cli/walks.hpp"
#include "app/text/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator run --emulator plan.json      rehearse a plan, for nothing
  APIFY_TOKEN=… apify-orchestrator run plan.json   run it; again: it rejoins
  apify-orchestrator run --actor apify/hello-world --name hi --input '{"a":1}'
  apify-orchestrator serve &                       a service with an HTTP API
  apify-orchestrator status                        what its runs are doing
  apify-orchestrator items hi --format csv         what a run has produced

Exit codes: 0 all runs succeeded, 1 some did not, 2 bad usage, plan or
configuration (nothing was started), 130 interrupted.
`apify-orchestrator COMMAND --help` tells about a command.)";

/// @returns the command that was given, and the commands below it.
std::vector<const CLI::App*> chosen(const CLI::App& app) {
  std::vector<const CLI::App*> result;
  for (const auto* at = &app; !at->get_subcommands().empty();)
    result.push_back(at = at->get_subcommands().front());
  return result;
}

std::string name_of(const std::vector<const CLI::App*>& commands) {
  std::string result;
  for (const auto* command : commands)
    result += (result.empty() ? "" : " ") + command->get_name();
  return result;
}

/// @returns what the commands could not take; options first, for what follows
///          one that is unknown is left over, too.
std::vector<std::string>
left_over(const std::vector<const CLI::App*>& commands) {
  std::vector<std::string> result;
  for (const auto* command : commands)
    for (auto& word : command->remaining())
      result.push_back(std::move(word));
  std::stable_partition(result.begin(), result.end(),
                        [](const auto& x) { return x.starts_with('-'); });
  return result;
}

/// @returns the options of a command and of the groups of options in it.
std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> result;
  for (const auto* option : command.get_options())
    for (const auto& name : option->get_lnames())
      result.push_back("--" + name);
  for (const auto* group : command.get_subcommands(
         [](const CLI::App* x) { return x->get_name().empty(); }))
    for (auto& name : option_names(*group))
      result.push_back(std::move(name));
  return result;
}

std::string unknown_option(const std::vector<const CLI::App*>& commands,
                           const std::string& word) {
  std::vector<std::string> names;
  for (const auto* command : commands)
    for (auto& name : option_names(*command))
      names.push_back(std::move(name));
  auto known = std::vector<std::string_view>{names.begin(), names.end()};
  // `--max-memroy=1` is about what stands before the sign.
  auto name = word.substr(0, word.find('='));
  return fmt::format("`{}` is no {} of `{}`{}", name,
                     name.starts_with('-') ? "option" : "argument",
                     name_of(commands), did_you_mean(name, known));
}

} // namespace

void describe_usage(CLI::App& app, command_action& action) {
  app.name("apify-orchestrator");
  app.set_version_flag("--version", "apify-orchestrator " ORC_VERSION);
  app.require_subcommand(1);
  app.footer(examples);
  add_run(app, action);
  add_split(app, action);
  add_plan(app, action);
  add_pool(app, action);
  add_serve(app, action);
  add_status(app, action);
  add_wait(app, action);
  add_abort(app, action);
  add_walks(app, action);
  add_batches(app, action);
  add_groups(app, action);
  add_tasks(app, action);
  add_channels(app, action);
  add_worker(app, action);
  add_workgroups(app, action);
  add_schedules(app, action);
  add_items(app, action);
  add_report(app, action);
  add_webhooks(app, action);
  add_budgets(app, action);
  add_emulate(app, action);
  add_actor(app, action);
  add_import(app, action);
  add_backup(app, action);
  add_restore(app, action);
  add_config(app, action);
  add_version(app, action);
}

std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  auto commands = app.get_subcommands({});
  auto names = std::vector<std::string>{};
  for (const auto* command : commands)
    names.push_back(command->get_name());
  if (argc < 2)
    return fmt::format("give a command: {}; --help shows examples",
                       fmt::join(names, ", "));
  auto word = std::string{argv[1]};
  if (word.starts_with('-'))
    return app.get_option_no_throw(word.substr(0, word.find('=')))
             ? ""
             : fmt::format("`{}` is no option of `apify-orchestrator`: those "
                           "of a command stand behind it",
                           word);
  if (std::find(names.begin(), names.end(), word) != names.end())
    return {};
  auto known = std::vector<std::string_view>{names.begin(), names.end()};
  auto hint = did_you_mean(word, known);
  return fmt::format("`{}` is no command{}", word,
                     hint.empty()
                       ? fmt::format("; there are {}", fmt::join(names, ", "))
                       : hint);
}

std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  auto commands = chosen(app);
  auto extras = left_over(commands);
  auto problem = extras.empty() ? std::string{error.what()}
                                : unknown_option(commands, extras.front());
  auto help = commands.empty() ? "apify-orchestrator"
                               : "apify-orchestrator " + name_of(commands);
  return fmt::format("{}\nSee `{} --help`.", problem, help);
}

} // namespace orc::app
