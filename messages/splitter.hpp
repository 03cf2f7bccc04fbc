#pragma once

#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"
#include "messages/split.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// Asks for the next piece of a list.
struct read_source {
  /// 0 for the first piece, then what the answer before said.
  std::uint64_t position = 0;

  static constexpr auto fields
    = describe("read_source", "Asks for the next piece of a list.",
               field("position", &read_source::position, "Where."));
};

struct source_piece {
  /// Text of the list; need not end where an item ends.
  json_text text;
  std::uint64_t next_position = 0;
  bool is_last = false;

  static constexpr auto fields
    = describe("source_piece", "A piece of a list.",
               field("text", &source_piece::text, "About 1 MiB."),
               field("next", &source_piece::next_position, "Ask on here."),
               field("isLast", &source_piece::is_last, "Is it the last?"));
};

/// A list of items that can be read more than once: a file, a dataset, a text.
/// Replies with `ec::bad_config` or as the APIFY API does if it cannot be read.
using item_source_actor
  = caf::typed_actor<caf::replies_to<read_source>::with<source_piece>>;

/// Asks to cut a list of items into runs: what `split`, `POST /api/v1/splits`
/// and embedding hosts take.
struct split_request {
  std::string prefix;
  item_format format = item_format::ndjson;
  json_text input_template;
  json_text fixed_input;
  split_rules rules;
  /// Of all parts; its name and input are not used.
  run_request run;

  static constexpr auto fields = describe(
    "split_request", "Asks to cut a list of items into runs.",
    field("prefix", &split_request::prefix,
          "Name of the list: its runs are `prefix-1/3`, …, or `prefix` if "
          "there is one only."),
    field("format", &split_request::format, presence::optional,
          "How the items are written: lines, ndjson, json or csv."),
    field("template", &split_request::input_template,
          "Input of a part; `{\"$items\": …}` in it says where the items go."),
    field("fixedInput", &split_request::fixed_input, presence::optional,
          "Put under the template: fields that the template has not."),
    field("rules", &split_request::rules, presence::optional,
          "How large parts may be."),
    field("run", &split_request::run,
          "Actor or task and all else that the runs have in common."));
};

/// Asks the SPLITTER to cut its list.
struct cut_items {
  /// Tells how the list would be cut; nothing is stored.
  bool dry_run = false;

  static constexpr auto fields
    = describe("cut_items", "Cuts a list of items.",
               field("dryRun", &cut_items::dry_run, "Store nothing."));
};

/// Asks the SPLITTER for the next requests of parts, in order.
struct next_requests {
  static constexpr auto fields
    = describe("next_requests", "Asks for the next requests.");
};

/// Answers `next_requests`: about 8 MiB of inputs at most, or one larger one.
struct part_requests {
  std::vector<run_request> runs;
  bool is_last = false;

  static constexpr auto fields
    = describe("part_requests", "Requests of parts, in order.",
               field("runs", &part_requests::runs, "With inputs."),
               field("isLast", &part_requests::is_last, "Are they the last?"));
};

/// The SPLITTER interface: cuts one list. It reads the list once to cut it
/// (twice if a number of `parts` is asked for) and again to make the inputs, so
/// that it never holds more than a few parts.
using splitter_actor = caf::typed_actor<
  // Replies after the cut is durable. Parts that are known stay as they are:
  // the same list again has the same parts, a longer one has more. Fails with
  // `ec::bad_field`, `ec::bad_json`, `ec::input_too_large` (an item fits in no
  // part), `ec::name_conflict` (the list or its template have changed) or as
  // the source and the store do; nothing is stored then.
  caf::replies_to<cut_items>::with<split_result>,
  // Ask one at a time, after `cut_items`. Fails with `ec::name_conflict` if the
  // list is not the one that was cut.
  caf::replies_to<next_requests>::with<part_requests>>;

} // namespace orc

#define ORC_SPLITTER_MESSAGES(X)                                               \
  X(orc::read_source)                                                          \
  X(orc::source_piece)                                                         \
  X(orc::cut_items)                                                            \
  X(orc::split_result)                                                         \
  X(orc::next_requests)                                                        \
  X(orc::part_requests)

ORC_SPLITTER_MESSAGES(ORC_DECLARE_MESSAGE)
