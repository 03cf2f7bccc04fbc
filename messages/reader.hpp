#pragma once

#include "messages/apify_api/items.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/names.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// How items are handed out.
enum class output_format : std::uint8_t {
  /// Each on a line of its own.
  ndjson,
  /// One array.
  json,
  /// One table, with the columns of all datasets.
  csv,
};

template <>
struct enum_names<output_format> {
  static constexpr std::array<std::string_view, 3> values{"ndjson", "json",
                                                          "csv"};
};

/// Where items come from: a run, or a dataset if `run` is empty.
struct item_origin {
  std::string space = "default";
  std::string run;
  std::string dataset_id;

  friend bool operator==(const item_origin&, const item_origin&) = default;

  static constexpr auto fields
    = describe("item_origin", "Where items come from.",
               field("namespace", &item_origin::space, "Of the run."),
               field("run", &item_origin::run, "Its name; or empty."),
               field("datasetId", &item_origin::dataset_id, "Or a dataset."));
};

/// Asks where the items of an origin are, and whether more may come.
struct find_origin {
  item_origin origin;

  static constexpr auto fields
    = describe("find_origin", "Asks how an origin stands.",
               field("origin", &find_origin::origin, "Which."));
};

struct origin_state {
  /// Empty if there is no dataset yet.
  std::string dataset_id;
  bool may_grow = false;

  static constexpr auto fields
    = describe("origin_state", "How an origin stands.",
               field("datasetId", &origin_state::dataset_id, "Its items."),
               field("mayGrow", &origin_state::may_grow, "May more come?"));
};

/// Asks for a page of the items of an origin.
struct get_origin_page {
  item_origin origin;
  get_items page;

  static constexpr auto fields
    = describe("get_origin_page", "Asks for a page of items.",
               field("origin", &get_origin_page::origin, "Whose."),
               field("page", &get_origin_page::page,
                     "Its dataset id is ignored for a run."));
};

/// The PAGE SOURCE interface: where a READER gets its pages from. The platform,
/// the runs of an ORCHESTRATOR, or a service elsewhere are behind it.
using page_source_actor = caf::typed_actor<
  // Fails with `ec::unknown_run`, or as the APIFY API does.
  caf::replies_to<find_origin>::with<origin_state>,
  // Fails as the APIFY API does; an empty page if there is no dataset yet.
  caf::replies_to<get_origin_page>::with<items_page>>;

/// What to read, and how to hand it out.
struct read_request {
  /// At least one, none twice.
  std::vector<item_origin> from;
  output_format format = output_format::ndjson;
  /// Between the cells of CSV: one character.
  std::string delimiter = ",";
  /// Go on until no origin may grow any more; else until the end of what is
  /// there.
  bool follow = false;
  /// One origin after the other; else as pages come. Items of one origin are in
  /// order either way.
  bool ordered = true;
  /// Options of the platform, escaped: `clean=1&fields=a%2Cb`. They go along
  /// with every page.
  std::string query;
  /// Items to skip, before `clean` and the like leave any out. Needs an order.
  std::uint64_t offset = 0;
  /// Items at most, counted as `offset` is; of those handed out, where they
  /// come in no order or some are left out as seen before.
  std::optional<std::uint64_t> limit;
  /// Leave out items whose fields of these names were seen before.
  std::vector<std::string> dedupe_by;
  /// Go on behind the piece that came with it; `offset` was heeded before, and
  /// `limit` counts from here. The origins must be the same.
  std::string cursor;

  static constexpr auto fields = describe(
    "read_request", "What to read.",
    field("from", &read_request::from, "Origins, in order."),
    field("format", &read_request::format, "ndjson, json or csv."),
    field("delimiter", &read_request::delimiter, "Of CSV."),
    field("follow", &read_request::follow, "Wait for more?"),
    field("ordered", &read_request::ordered, "In order?"),
    field("query", &read_request::query, "More parameters."),
    field("offset", &read_request::offset, "Items to skip."),
    field("limit", &read_request::limit, presence::optional, "Items at most."),
    field("dedupeBy", &read_request::dedupe_by, "Field names."),
    field("cursor", &read_request::cursor, "Where to go on."));
};

/// Asks a READER for the next piece. One at a time: what is not asked for is
/// not read, save for the pages that are fetched ahead.
struct read_next {
  static constexpr auto fields = describe("read_next", "Asks for a piece.");
};

struct item_piece {
  /// Bytes of the document; never half an item, but it may hold none.
  json_text body;
  std::uint64_t items = 0;
  /// What to go on with behind this piece, after any restart of anything.
  std::string cursor;
  /// Nothing follows.
  bool is_last = false;

  static constexpr auto fields
    = describe("item_piece", "A piece of a document of items.",
               field("body", &item_piece::body, "Bytes."),
               field("items", &item_piece::items, "How many are in it."),
               field("cursor", &item_piece::cursor, "What follows it."),
               field("isLast", &item_piece::is_last, "Is it the last?"));
};

/// The READER interface: one stream over the datasets of many runs.
using reader_actor = caf::typed_actor<
  // Replies when there is something: with `follow` that may take as long as the
  // runs. Fails as the PAGE SOURCE does, with `ec::bad_answer` if items cannot
  // be read, or `ec::bad_field` if the request makes no sense; the READER ends
  // then, as it does behind the last piece.
  caf::replies_to<read_next>::with<item_piece>>;

/// The READINGS interface: starts READERs over the runs of an ORCHESTRATOR.
/// Whoever asked ends them.
using readings_actor
  = caf::typed_actor<caf::replies_to<read_request>::with<reader_actor>>;

} // namespace orc

#define ORC_READER_MESSAGES(X)                                                 \
  X(orc::find_origin)                                                          \
  X(orc::origin_state)                                                         \
  X(orc::get_origin_page)                                                      \
  X(orc::read_request)                                                         \
  X(orc::read_next)                                                            \
  X(orc::item_piece)

ORC_READER_MESSAGES(ORC_DECLARE_MESSAGE)
