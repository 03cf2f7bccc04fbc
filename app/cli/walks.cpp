#include "app/cli/walks.hpp"

#include "app/service/interrupts.hpp"
#include "app/service/logging.hpp"
#include "app/service/preflight.hpp"
#include "app/service/service.hpp"
#include "app/text/file_text.hpp"
#include "app/walk/walk_job.hpp"
#include "messages/walk/walk_spec.hpp"

#include <fmt/format.h>

#include <memory>

namespace orc::app {

namespace {

constexpr auto run_examples = R"(Examples:
  apify-orchestrator batch run batch.json
  apify-orchestrator batch run batch.json --data state --json
  apify-orchestrator batch run '{"name":"mail","pageSize":100,"maxParallelism":8,
    "source":{"kind":"ndjson","path":"users.ndjson"},
    "processor":{"kind":"command","command":["python3","send.py"]}}'

A batch walks a data set once, page by page, many pages at a time. The command
gets one page on standard input: first a line {"batch","page","cursor","attempt",
"args"}, then one item a line. Exit code 0: done; 75: to be tried again; any
other: failed. It may print {"item":N,"error":…} for an item that failed and, if
it fetches its pages itself ("source":{"kind":"processor"}), {"nextCursor":…} as
soon as it knows where the next page begins, not at all on the last one.

Kill it at any moment: the same command again takes up where it stopped. Pages
that fail are tried again, at last by themselves, every extendedRetrySecs: mend
the command, and they heal. SPEC is a file, @FILE, - for standard input, or JSON.
Exit codes: 0 all was done, 1 something failed, 2 bad usage or SPEC, 130
interrupted.)";

/// Only what asks the platform needs a token.
bool needs_account(const walk_spec& x) {
  return x.source.kind == source_kind::dataset
         || x.processor.kind == processor_kind::run;
}

struct run_flags {
  std::string spec;
  walk_job_options job;
};

int run(run_flags x, const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto text = read_walk_argument(x.spec);
  if (!text)
    return fail(text.error());
  auto spec = read_walk_spec(*text);
  if (!spec)
    return fail(spec.error());
  interrupts stop;
  start_logging(flags.has("log.level") ? options->log
                                       : quieter(options->log, x.job.json));
  if (needs_account(*spec))
    if (auto err = check_accounts(accounts_of(*options), {}))
      return fail(err);
  auto walks = walks_of(*options, false);
  if (!walks)
    return fail(make_error(ec::bad_config, "batches need a store on disk: take "
                                           "another one than kvs"));
  auto host = service::open(*options, {}, {}, std::move(walks));
  if (!host)
    return fail(host.error());
  x.job.durable = options->store != store_kind::memory;
  walk_job job{(*host)->system(), (*host)->walks(), stop, x.job};
  return job.run(std::move(*text));
}

void add_run_below(CLI::App& parent, command_action& action) {
  auto* command = parent.add_subcommand(
    "run", "Runs a batch to its end; again: rejoins it.");
  auto x = std::make_shared<run_flags>();
  command
    ->add_option("SPEC", x->spec,
                 "What to do: a file, @FILE, - for standard input, or JSON.")
    ->required();
  command->add_flag("--json", x->job.json,
                    "Print what came of it as a line of JSON, the last one; "
                    "all else goes to standard error.");
  command->add_flag("--redrive", x->job.redrive,
                    "Try pages and items again that failed.");
  config_flags flags{*command};
  flags.add("--api", "URL", "base_url")
    .add("--token", "T", "token")
    .add("--data", "DIR", "data")
    .add_logging();
  command->footer(run_examples);
  command->callback([=, &action] { action = [=] { return run(*x, flags); }; });
}

} // namespace

caf::expected<std::string> read_walk_argument(const std::string& text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first != std::string::npos && text[first] == '{')
    return text;
  return read_file_or_input(text.starts_with('@') ? text.substr(1) : text);
}

void add_walks(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "batch", "Walks a data set page by page, many pages at a time.");
  command->require_subcommand(1);
  add_run_below(*command, action);
  add_walk_verbs(*command, action);
}

} // namespace orc::app
