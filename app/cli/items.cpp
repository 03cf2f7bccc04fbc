#include "actors/reader/reader.hpp"
#include "app/cli/client_flags.hpp"
#include "app/cli/reading_options.hpp"
#include "app/items/cursor_file.hpp"
#include "app/items/dataset_writer.hpp"
#include "app/items/item_file.hpp"
#include "app/items/lone_platform.hpp"
#include "app/items/reading_flags.hpp"
#include "app/items/service_source.hpp"
#include "app/service/logging.hpp"
#include "embedding/ask.hpp"
#include "messages/json/json.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <optional>

namespace orc::app {

namespace {

constexpr auto examples = R"(Examples:
  apify-orchestrator items job-1 | jq .url
  apify-orchestrator items job-1 job-2 --output all.csv --fields url,title
  apify-orchestrator items job-1 job-2 --follow --dedupe-by url
  apify-orchestrator items job-1 --follow --output job.ndjson --cursor @job.at
  apify-orchestrator items --dataset 8fKp2QxLw0ZrTn1Yb --api https://api.apify.com
  apify-orchestrator items job-1 job-2 --to-dataset merged

Names are looked up in the service at --url; with --api, or where no service is,
in the data folder, and items are read from the platform. Items of a dataset
keep their order. --offset and --limit count items as the platform does: before
--clean, --skip-empty or --unwind make others of them. With --cursor @FILE the
same command goes on where it stopped, whatever stopped it.)";

struct items_flags {
  reading_flags reading;
  std::string cursor;
  std::string to_dataset;
};

/// Where items are read from, and what that takes.
class item_place {
public:
  static caf::expected<std::unique_ptr<item_place>>
  open(const client_flags& client, const config& options, bool is_alone,
       read_request& request) {
    auto result = std::make_unique<item_place>(options);
    if (!is_alone) {
      result->source_ = open_service_source(
        result->platform_.system(),
        std::make_shared<api_client>(client.url, secret{client.token}));
      return result;
    }
    auto has_names = std::any_of(request.from.begin(), request.from.end(),
                                 [](const auto& x) { return !x.run.empty(); });
    if (has_names) {
      auto found = find_datasets(options, request.from);
      if (!found)
        return std::move(found.error());
      request.from = std::move(*found);
    }
    result->source_ = result->platform_.source();
    return result;
  }

  explicit item_place(const config& options) : platform_{options} {
    // nop
  }

  ~item_place() {
    caf::anon_send_exit(source_, caf::exit_reason::user_shutdown);
  }

  lone_platform& platform() noexcept {
    return platform_;
  }

  reader_actor read(read_request request) {
    return platform_.system().spawn(reader, std::move(request), source_);
  }

private:
  lone_platform platform_;
  page_source_actor source_;
};

/// @returns whether there is no service to ask, or none shall be. `--api` may
/// name a service, too: it answers for names, which the platform does not know.
bool is_alone(client_flags& client, const config_flags& flags,
              const std::string& api) {
  if (flags.has("base_url")) {
    // Without a token, since the platform must not see that of a service.
    client_flags asked;
    asked.url = api;
    auto answer = connect(asked)->get("/healthz");
    auto is_service = answer && json_contains(*answer, R"({"healthy":true})");
    if (is_service)
      client.url = api;
    return !is_service;
  }
  auto answer = connect(client)->get("/api/v1/runs?limit=1");
  return !answer && code_of(answer.error()) == ec::not_sent
         && client.url == client_flags{}.url;
}

/// `--token` is the service's, or the platform's where no service is asked.
void use_token(const client_flags& client, config& options) {
  const auto* of_service = std::getenv("ORCHESTRATOR_TOKEN");
  if (!client.token.empty() && (!of_service || client.token != of_service))
    options.token = secret{client.token};
}

/// Keeps what was written in mind, if that was asked for.
caf::expected<std::optional<cursor_file>>
open_cursor(const items_flags& x, read_request& request) {
  std::optional<cursor_file> result;
  if (!x.cursor.starts_with('@')) {
    request.cursor = x.cursor;
    return result;
  }
  if (request.format != output_format::ndjson)
    return make_error(ec::bad_config, "--cursor @FILE: only lines can be "
                                      "written on; take --format ndjson");
  auto file = cursor_file::open(x.cursor.substr(1));
  if (!file)
    return std::move(file.error());
  request.cursor = file->cursor();
  if (request.limit)
    request.limit = *request.limit - std::min(*request.limit, file->items());
  result = std::move(*file);
  return result;
}

printed_piece keeping(std::optional<cursor_file>& file) {
  if (!file)
    return {};
  return [&file](const item_piece& x) { return file->save(x); };
}

caf::expected<std::uint64_t>
copy_to_dataset(item_place& place, const reader_actor& from,
                const std::string& name, std::optional<cursor_file>& file) {
  dataset_writer out{place.platform()};
  if (auto err = out.open(name, file ? file->items() : 0))
    return err;
  for (;;) {
    auto piece = ask<item_piece>(place.platform().system(), from, read_next{});
    if (!piece)
      return std::move(piece.error());
    if (auto err = out.write(piece->body.view()))
      return err;
    if (file)
      if (auto err = file->save(*piece))
        return err;
    if (piece->is_last)
      break;
  }
  fmt::print("{}\n", out.id());
  return out.items();
}

caf::expected<std::uint64_t>
copy_items(const items_flags& x, item_place& place, const reader_actor& from,
           std::optional<cursor_file>& file) {
  auto& system = place.platform().system();
  if (!x.to_dataset.empty())
    return copy_to_dataset(place, from, x.to_dataset, file);
  if (x.reading.output.empty())
    return print_items(system, from, keeping(file));
  if (!file)
    return write_items(system, from, x.reading.output);
  return append_items(system, from, x.reading.output, file->bytes(),
                      keeping(file));
}

int items(const items_flags& x, client_flags client,
          const config_flags& flags) {
  auto request = to_request(x.reading, client.space);
  if (!request)
    return fail(request.error());
  if (!x.reading.output.empty() && x.cursor.empty())
    if (auto err = check_output(x.reading.output))
      return fail(err);
  auto options = flags.load();
  if (!options)
    return fail(options.error());
  auto alone = is_alone(client, flags, options->base_url);
  if (alone)
    use_token(client, *options);
  // What the store and the platform say would stand in the way.
  options->log.level = log_level::error;
  start_logging(options->log);
  auto place = item_place::open(client, *options, alone, *request);
  if (!place)
    return fail(place.error());
  auto file = open_cursor(x, *request);
  if (!file)
    return fail(file.error());
  auto count = copy_items(x, **place, (*place)->read(*request), *file);
  if (!count)
    return fail(count.error());
  if (!x.reading.output.empty() || !x.to_dataset.empty())
    fmt::print(stderr, "{} items in {}\n", *count,
               x.to_dataset.empty() ? x.reading.output
                                    : "dataset " + x.to_dataset);
  return all_succeeded;
}

void add_target(CLI::App& command, items_flags& x) {
  auto* format = command
                   .add_option("--format", x.reading.format,
                               "ndjson, unless the name of the file says else.")
                   ->check(CLI::IsMember({"ndjson", "json", "csv"}));
  auto* output
    = command
        .add_option("--output", x.reading.output, "File to write instead.")
        ->type_name("FILE");
  command
    .add_option("--to-dataset", x.to_dataset,
                "New dataset of the account to write instead; its id is "
                "printed.")
    ->type_name("NAME")
    ->excludes(output)
    ->excludes(format);
  command
    .add_option("--cursor", x.cursor,
                "Go on behind this; @FILE: keep it in that file.")
    ->type_name("C|@FILE");
}

} // namespace

void add_items(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "items",
    "Reads what runs have produced, and are producing, as one stream.");
  auto x = std::make_shared<items_flags>();
  add_reading_flags(*command, x->reading);
  add_target(*command, *x);
  auto client = add_client_flags(*command);
  config_flags flags{*command};
  flags.add("--api", "URL", "base_url").add("--data", "DIR", "data");
  command->footer(examples);
  command->callback([=, &action] {
    action = [=] {
      auto wishes = *x;
      if (is_standard_output(wishes.reading.output))
        wishes.reading.output.clear();
      if (client->json && wishes.reading.format.empty()
          && wishes.to_dataset.empty())
        wishes.reading.format = "json";
      return items(wishes, *client, flags);
    };
  });
}

} // namespace orc::app
