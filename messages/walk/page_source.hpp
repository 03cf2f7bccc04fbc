#pragma once

#include "messages/base/error.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"
#include "messages/walk/source.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace orc {

/// Asks for one page of a source.
struct read_walk_page {
  /// Where the page begins: "" for the first one, else what the page before it
  /// said. A cursor means the same after any restart of anything.
  std::string cursor;
  /// Items, at least 1.
  std::uint64_t size = 1;

  static constexpr auto fields
    = describe("read_walk_page", "Asks for a page of a source.",
               field("cursor", &read_walk_page::cursor, "\"\": the first."),
               field("size", &read_walk_page::size, "Items."));
};

/// A page. It has as many items as were asked for, unless it is the last.
struct walk_page {
  /// One JSON document a line, each line ended by "\n".
  json_text items;
  /// How many there are in it.
  std::uint64_t count = 0;
  /// Where the next page begins; none at the end of the source. Never "".
  std::optional<std::string> next;

  static constexpr auto fields
    = describe("walk_page", "A page of a source.",
               field("items", &walk_page::items, "One a line."),
               field("count", &walk_page::count, "How many."),
               field("next", &walk_page::next, presence::nullable,
                     "Cursor of the next page; null on the last one."));
};

/// The WALK SOURCE interface: the pages of one source. It takes any cursor at
/// any time, but pages in order cost the least: no byte is read twice then.
/// Ends when told to (`caf::exit_reason::user_shutdown`), and then fails what
/// it still owes with `ec::stopping`.
using walk_source_actor = caf::typed_actor<
  // Always replies, within two minutes but for one case: where a run still adds
  // to a dataset, the page comes when it is full or the run has ended. Ask with
  // `caf::infinite`. Fails with an error of which `is_passing` tells whether to
  // ask again. A source may be asked for several pages at a time; it answers in
  // order.
  caf::replies_to<read_walk_page>::with<walk_page>>;

/// Asks for a source.
struct open_walk_source {
  walk_source source;

  static constexpr auto fields
    = describe("open_walk_source", "Opens a source.",
               field("source", &open_walk_source::source, "Which."));
};

/// The WALK SOURCES interface: opens sources. Whoever asked ends them.
using walk_sources_actor = caf::typed_actor<
  // Fails with `ec::bad_field` as `check` does, and for a source of kind
  // `processor`, which has no pages of its own. What does not exist or cannot
  // be reached shows when the first page is asked for.
  caf::replies_to<open_walk_source>::with<walk_source_actor>>;

/// Makes an error of a source.
/// @param wait how long whoever has the data asks to be left alone.
caf::error
make_page_error(ec code, std::string message,
                std::chrono::milliseconds wait = std::chrono::milliseconds{0});

/// @returns whether the same page may be there later: a server is down or busy,
///          a database locked. Else somebody has to change something first: the
///          source, the data or what may be read.
bool is_passing(const caf::error& x);

/// @returns how long to wait at least before the page is asked for again, as a
///          server said; 0 if nobody said anything.
std::chrono::milliseconds wait_of(const caf::error& x);

} // namespace orc

#define ORC_PAGE_SOURCE_MESSAGES(X)                                            \
  X(orc::read_walk_page)                                                       \
  X(orc::walk_page)                                                            \
  X(orc::open_walk_source)

ORC_PAGE_SOURCE_MESSAGES(ORC_DECLARE_MESSAGE)
