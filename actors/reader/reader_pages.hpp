#pragma once

#include "messages/apify_storage.hpp"
#include "messages/reader.hpp"
#include "messages/walk/page_place.hpp"
#include "messages/walk/page_reader.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace orc {

/// Tells that a full page has waited long enough to know whether it is the
/// last.
struct page_waited {
  std::uint64_t page = 0;

  static constexpr auto fields
    = describe("page_waited", "A page has waited.",
               field("page", &page_waited::page, "Which."));
};

using reader_pages_inbox
  = walk_source_actor::extend<caf::reacts_to<page_waited>>;

/// Whom a source of datasets asks.
struct reader_pages_parts {
  readings_actor readings;
  /// Knows whose a dataset is; nobody where there is no account.
  apify_storage_actor storage;
};

/// The WALK SOURCE over a dataset: pages are cut out of what a READER hands
/// out, which waits where a run may still add items.
class reader_pages_state {
public:
  static inline const char* name = "reader-pages";

  explicit reader_pages_state(reader_pages_inbox::pointer self);

  reader_pages_inbox::behavior_type
  make_behavior(walk_source source, reader_pages_parts parts);

private:
  struct job {
    read_walk_page wanted;
    caf::typed_response_promise<walk_page> promise;
  };

  caf::result<walk_page> read(const read_walk_page& x);
  void start_next();
  /// Finds out whether more may come, and starts a READER.
  void find_owner();
  void open_reader(bool follow);
  /// Fills the page with what is at hand, and asks for more if need be.
  void fill();
  void ask_for_piece();
  void take(item_piece piece);
  /// @returns whether there was an item to take.
  caf::expected<bool> take_item();
  page_place position() const;
  void handle(const page_waited& x);
  void deliver(std::optional<std::string> next);
  void fail(caf::error why);
  void drop_reader();
  void stop(const caf::exit_msg& why);

  reader_pages_inbox::pointer self_;
  walk_source source_;
  reader_pages_parts parts_;
  std::deque<job> jobs_;

  /// Of the first job.
  page_builder page_;
  std::uint64_t page_number_ = 0;

  reader_actor reader_;
  /// Counts READERs: what an earlier one answers is late.
  std::uint64_t reader_number_ = 0;
  bool is_asking_ = false;
  /// The reader has said that nothing follows the piece.
  bool is_over_ = false;
  /// Items that the reader hands out, but that were taken before.
  std::uint64_t to_skip_ = 0;

  json_text piece_;
  /// Of `piece_`, what was not taken yet.
  std::string_view left_;
  /// Cursors of the READER.
  std::string before_piece_;
  std::string behind_piece_;
  /// Items taken of the piece.
  std::uint64_t taken_ = 0;
};

/// Starts a WALK SOURCE over a dataset.
/// @pre the source's kind is `dataset`
reader_pages_inbox::behavior_type
reader_pages(reader_pages_inbox::stateful_pointer<reader_pages_state> self,
             walk_source source, reader_pages_parts parts);

} // namespace orc

#define ORC_READER_PAGES_MESSAGES(X) X(orc::page_waited)

ORC_READER_PAGES_MESSAGES(ORC_DECLARE_MESSAGE)
