#include "app/cli/backup.hpp"

#include "persistence/sqlite/backup.hpp"

#include <fmt/format.h>

#include <memory>

namespace orc::app {

namespace {

void tell(const backup_summary& x, const char* what, const std::string& where) {
  for (const auto& file : x.files)
    fmt::print("{} {} ({} bytes)\n", what, file.name, file.bytes);
  fmt::print("{}: {} runs in it are not final\n", where, x.unfinished);
}

int back_up_to(const std::string& folder, const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto done = back_up(options->data, folder);
  if (!done)
    return fail(done.error());
  tell(*done, "copied", folder);
  return all_succeeded;
}

int restore_from(const std::string& folder, const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto done = restore(folder, options->data);
  if (!done)
    return fail(done.error());
  tell(*done, "restored", options->data);
  if (done->unfinished > 0)
    fmt::print("The next start takes them up. What was started after the "
               "backup is not\nknown to it: look for it in the console, and "
               "abort what shall not run twice.\n");
  return all_succeeded;
}

} // namespace

void add_backup(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "backup", "Copies all that a service keeps, while it works or not.");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "Where to; a new folder.")->required();
  config_flags flags{*command};
  flags.add("--data", "DIR", "data");
  command->footer(
    "Example:\n  apify-orchestrator backup /backup/$(date +%F) \\\n"
    "    --data /var/lib/private/apify-orchestrator\n"
    "Each database is copied as it is at one point in time; SHA256SUMS vouches "
    "for the\ncopy. It holds the sealed tokens and, unless it is kept "
    "elsewhere, their key.");
  command->callback(
    [=, &action] { action = [=] { return back_up_to(*folder, flags); }; });
}

void add_restore(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "restore", "Puts a backup where a service keeps its state.");
  auto folder = std::make_shared<std::string>();
  command->add_option("DIR", *folder, "A folder that `backup` made.")
    ->required();
  config_flags flags{*command};
  flags.add("--data", "DIR", "data");
  command->footer(
    "Example:\n  apify-orchestrator restore /backup/2026-11-22 --data ./state\n"
    "The service must not run, and the folder must hold no databases. The "
    "backup is\nchecked as a whole before anything is put in place.");
  command->callback(
    [=, &action] { action = [=] { return restore_from(*folder, flags); }; });
}

} // namespace orc::app
