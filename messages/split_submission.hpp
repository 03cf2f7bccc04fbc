#pragma once

#include "messages/splits.hpp"

namespace orc {

/// The body of `POST /api/v1/splits`: what the command line takes, and the list
/// itself.
struct split_submission {
  std::string prefix;
  item_format format = item_format::json;
  json_text items;
  std::string dataset;
  json_text input_template;
  json_text fixed_input;
  std::optional<std::uint64_t> max_bytes;
  std::optional<std::uint64_t> max_items;
  std::optional<std::uint64_t> parts;
  oversize_policy on_oversize = oversize_policy::error;
  bool dry_run = false;
  std::string space = "default";
  std::string actor;
  std::string task;
  run_options options;
  std::string account;
  secret token;
  std::uint32_t attempts = 1;
  std::int32_t priority = 0;

  static constexpr auto fields = describe(
    "split_submission", "Asks to cut a list of items into runs.",
    field("prefix", &split_submission::prefix,
          "Name of the list: its runs are `prefix-1/3`, …, or `prefix` if "
          "there is one only."),
    field("format", &split_submission::format, presence::optional,
          "json: `items` is an array. lines, ndjson or csv: it is a string."),
    field("items", &split_submission::items, presence::optional,
          "The list; this or `dataset`."),
    field("dataset", &split_submission::dataset, presence::optional,
          "Id of a dataset of the default account whose items are the list."),
    field("template", &split_submission::input_template,
          "Input of a part; `{\"$items\": …}` in it says where the items go."),
    field("fixedInput", &split_submission::fixed_input, presence::optional,
          "Put under the template: fields that the template has not."),
    field("maxBytes", &split_submission::max_bytes, presence::optional, "B",
          "Largest input of a part; at most 9,437,184."),
    field("maxItems", &split_submission::max_items, presence::optional,
          "Most items of a part, at least 1."),
    field("parts", &split_submission::parts, presence::optional,
          "Cut into so many parts of equal numbers of items."),
    field("onOversize", &split_submission::on_oversize, presence::optional,
          "What to do with an item that fits in no part: error or skip."),
    field("dryRun", &split_submission::dry_run, presence::optional,
          "Only tell how the list would be cut."),
    field("namespace", &split_submission::space, presence::optional,
          "Isolates names; `default` if not given."),
    field("actor", &split_submission::actor, presence::optional,
          "Id or `user/name` of an Apify actor; this or `task`."),
    field("task", &split_submission::task, presence::optional,
          "Id or `user/name` of an Apify task; this or `actor`."),
    field("options", &split_submission::options, presence::optional,
          "How the platform shall run each part."),
    field("account", &split_submission::account, presence::optional,
          "Name of a configured account."),
    field("token", &split_submission::token, presence::optional,
          "Apify token of the account to use; kept sealed, never shown."),
    field("attempts", &split_submission::attempts, presence::optional,
          "How often a part may be started in all, 1 to 100."),
    field("priority", &split_submission::priority, presence::optional,
          "Higher starts earlier, -1000 to 1000."));
};

/// @returns what SPLITS takes; `ec::bad_field` if the list is of another type
///          than its format says.
caf::expected<submit_split> to_message(split_submission x);

} // namespace orc
