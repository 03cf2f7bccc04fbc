#include "actors/splitter/splitter.hpp"
#include "app/cli/command_line.hpp"
#include "app/cli/number_checks.hpp"
#include "app/items/item_file.hpp"
#include "app/items/lone_platform.hpp"
#include "app/progress/view.hpp"
#include "app/run/run_job.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/logging.hpp"
#include "app/service/preflight.hpp"
#include "app/service/service.hpp"
#include "app/split/list_source.hpp"
#include "app/split/split_flags.hpp"
#include "app/split/split_work.hpp"
#include "embedding/ask.hpp"
#include "messages/json/json.hpp"

#include <caf/actor_system.hpp>
#include <fmt/format.h>

#include <cstdio>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator split urls.txt --format lines --prefix shop --actor me/shop \
    --template '{"startUrls":{"$items":{"url":"$item"}}}' --max-items 1000
  apify-orchestrator split queries.csv --template @input.json --prefix q \
    --task me/search --parts 8 --dry-run
  jq -c '.[]' all.json | apify-orchestrator split - --prefix job --actor me/job \
    --template '{"queries":{"$items":{"join":"\n"}}}' --json

In the template {"$items": …} says where the items of a part go: "$item" as they
are, a document with "$item" in it for each of them, or {"join": "separator"} as
one string. Parts are filled up to 9,437,184 bytes, what the platform takes, or
to what --max-bytes, --max-items and --parts say.

Parts become runs named PREFIX-1/3, PREFIX-2/3, …, or PREFIX if there is one. How
a list is cut is stored before the first run starts: the same command again
rejoins its runs, and a longer list gets more of them; nothing starts twice.)";

struct flags_of_split {
  split_flags list;
  bool dry_run = false;
  run_job_options job;
};

void print_cut(const split_result& x, bool json) {
  for (const auto& part : x.parts)
    json ? fmt::print("{}\n", to_json(part))
         : fmt::print("{}: {} items from number {}, {} bytes\n", part.name,
                      part.items, part.first_item, part.bytes);
  for (const auto& item : x.skipped_items)
    fmt::print(stderr, "skipped: items[{}] makes an input of {} bytes\n",
               item.index, item.bytes);
  if (json)
    fmt::print(R"({{"event":"split","parts":{},"items":{},"bytes":{},)"
               R"("skipped":{}}})"
               "\n",
               x.parts.size(), x.items, x.bytes, x.skipped);
  else
    fmt::print("{} parts, {} items, {} bytes, {} skipped\n", x.parts.size(),
               x.items, x.bytes, x.skipped);
  std::fflush(stdout);
}

caf::expected<item_source_actor>
open_source(caf::actor_system& system, const split_flags& x,
            const apify_api_actor& api) {
  submit_split list;
  list.dataset_id = x.dataset;
  return open_list_source(system, x.items, list, api);
}

int dry_run(const flags_of_split& x, const split_job& job,
            const config& options) {
  lone_platform platform{options};
  auto& system = platform.system();
  auto source = open_source(system, x.list, platform.api());
  if (!source)
    return fail(source.error());
  auto cutter = system.spawn(splitter, job, splitter_parts{*source, {}});
  auto result = ask<split_result>(system, cutter, cut_items{true});
  if (!result)
    return fail(result.error());
  print_cut(*result, x.job.json);
  return all_succeeded;
}

int run_parts(const flags_of_split& x, const split_job& job,
              const config& options, interrupts& stop) {
  auto host = service::open(options);
  if (!host)
    return fail(host.error());
  if (!(*host)->store().splits)
    return fail("this store has no place for how lists are cut; take --data");
  auto& system = (*host)->system();
  auto source = open_source(system, x.list, (*host)->platform().api);
  if (!source)
    return fail(source.error());
  auto cutter = splitter_actor{system.spawn(
    splitter, job, splitter_parts{*source, (*host)->store().splits})};
  auto result = ask<split_result>(system, cutter, cut_items{});
  if (!result)
    return fail(result.error());
  print_cut(*result, x.job.json);
  split_work parts{system, cutter, job.request().run.space, *result};
  run_job runs{**host, parts, x.job, stop};
  return runs.run();
}

int split(flags_of_split x, const config_flags& flags) {
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto request = to_request(x.list);
  if (!request)
    return fail(request.error());
  auto job = split_job::make(*request, options->fixed_input.size());
  if (!job)
    return fail(job.error());
  if (auto err = prepare_output(x.job, x.list.items))
    return fail(err);
  interrupts stop;
  start_logging(flags.has("log.level") ? options->log
                                       : quieter(options->log, x.job.json));
  if (x.dry_run)
    return dry_run(x, *job, *options);
  if (auto err = check_accounts(accounts_of(*options), {""}))
    return fail(err);
  x.job.abort_on_exit = options->abort_on_exit;
  x.job.durable = options->store != store_kind::memory;
  x.job.format = format_of("", x.job.output);
  return run_parts(x, *job, *options, stop);
}

void add_list(CLI::App& command, split_flags& x) {
  command.add_option("ITEMS", x.items, "File of items; - is standard input.");
  command
    .add_option("--dataset", x.dataset,
                "In its place: an Apify dataset whose items are the list.")
    ->type_name("ID");
  command
    .add_option("--format", x.format,
                "How the items are written; if not given, the name of the file "
                "decides, else ndjson.")
    ->check(CLI::IsMember({"lines", "ndjson", "json", "csv"}));
  command
    .add_option("--template", x.input_template,
                "Input of a part; {\"$items\": …} in it says where the items "
                "go.")
    ->type_name("JSON|@FILE")
    ->required();
  command.add_option("--prefix", x.prefix, "Name of the list and its runs.")
    ->type_name("NAME")
    ->required();
  command
    .add_option("--fixed-input", x.fixed_input,
                "Fields that are put under the template.")
    ->type_name("JSON|@FILE");
  command
    .add_option("--on-oversize", x.on_oversize,
                "What to do with an item that fits in no part.")
    ->check(CLI::IsMember({"error", "skip"}));
}

void add_rules(CLI::App& command, split_flags& x) {
  command.add_option("--max-bytes", x.max_bytes, "Largest input of a part.")
    ->check(above_zero)
    ->type_name("N");
  command.add_option("--max-items", x.max_items, "Most items of a part.")
    ->check(above_zero)
    ->type_name("N");
  command
    .add_option("--parts", x.parts,
                "Cut into so many parts of equal numbers of items.")
    ->check(above_zero)
    ->type_name("N");
}

void add_runs(CLI::App& command, split_flags& x) {
  command
    .add_option("--actor", x.actor, "Apify actor to run: id or user/name.")
    ->type_name("ID");
  command.add_option("--task", x.task, "Apify task to run instead.")
    ->type_name("ID");
  command.add_option("--memory", x.memory, "Memory of each run.")
    ->type_name("MB");
  command.add_option("--timeout", x.timeout, "The platform ends a run after.")
    ->type_name("S");
  command.add_option("--build", x.build, "Tag or number of the build.")
    ->type_name("TAG");
  command.add_option("--attempts", x.attempts, "How often a run may start.")
    ->type_name("N");
}

} // namespace

void add_split(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "split", "Cuts a list of items into runs, and runs them to their end.");
  auto x = std::make_shared<flags_of_split>();
  add_list(*command, x->list);
  add_rules(*command, x->list);
  add_runs(*command, x->list);
  command->add_flag("--dry-run", x->dry_run,
                    "Tell how the list would be cut; start and store nothing.");
  command->add_flag("--json", x->job.json,
                    "Print a line of JSON a part, then one about the list; "
                    "then as `run` does.");
  command
    ->add_option("--output", x->job.output,
                 "File for the items of all runs; - is standard output.")
    ->type_name("FILE");
  command->add_flag("--retry-failed", x->job.retry_failed,
                    "Give parts that FAILED before their attempts again.");
  config_flags flags{*command};
  flags.add("--api", "URL", "base_url")
    .add("--token", "T", "token")
    .add("--data", "DIR", "data")
    .add("--max-concurrent-runs", "N", "max_concurrent_runs")
    .add("--max-memory", "MB", "max_memory_mbytes")
    .add_switch("--abort-on-exit", "abort_on_exit")
    .add_logging();
  command->footer(examples);
  command->callback(
    [=, &action] { action = [=] { return split(*x, flags); }; });
}

} // namespace orc::app
