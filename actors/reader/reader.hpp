#pragma once

#include "actors/reader/item_output.hpp"
#include "actors/reader/track.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace orc {

/// Tells a READER to look at an origin again.
struct rest_over {
  std::uint64_t index = 0;

  static constexpr auto fields
    = describe("rest_over", "Look at an origin again.",
               field("index", &rest_over::index, "Which."));
};

using reader_inbox = reader_actor::extend<caf::reacts_to<rest_over>>;

/// Reads the items of many datasets as one document. Pages are fetched ahead
/// of those who ask, within bounds; where order matters, the first origin that
/// is not done is always let through, so that nothing waits for ever.
class reader_state {
public:
  static inline const char* name = "reader";

  explicit reader_state(reader_inbox::pointer self);

  /// Answers whoever still waits.
  ~reader_state();

  reader_state(const reader_state&) = delete;
  reader_state& operator=(const reader_state&) = delete;

  reader_inbox::behavior_type
  make_behavior(read_request request, page_source_actor source);

private:
  // -- what to read next ------------------------------------------------------

  caf::error begin();
  void set_up(std::size_t index, const read_position& from);
  std::size_t tracks_ahead() const noexcept;
  /// Asks for what may be asked for.
  void fetch();
  void fetch(std::size_t index);
  void find(std::size_t index);
  void on_found(std::size_t index, const origin_state& x);
  void start_walk(std::size_t index);
  void ask(std::size_t index, const page_ask& page);
  void on_page(std::size_t index, std::uint64_t id, const items_page& page);
  void on_failure(std::size_t index, const caf::error& why);
  void rest(std::size_t index);
  bool may_fetch_more() const noexcept;

  // -- what to hand out next --------------------------------------------------

  caf::result<item_piece> next();
  void deliver();
  /// @returns whether something was handed out, or nothing can be.
  bool deliver_from(std::size_t index);
  bool hand_out(std::size_t index, const walked_page& x);
  void hand_out(output_piece x);
  void settle(std::size_t index);
  void measure(std::size_t index);
  void finish();
  void reply(json_text body, bool is_last);
  void fail(const caf::error& why);
  void pass_done();
  std::string cursor() const;

  reader_inbox::pointer self_;
  read_request request_;
  page_source_actor source_;
  std::vector<track> tracks_;
  /// All before it are done.
  std::size_t head_ = 0;
  std::uint64_t skip_ = 0;
  /// Raw items that may still be looked at, where their order is known.
  std::optional<std::uint64_t> left_;
  std::optional<item_filter> filter_;
  std::unique_ptr<item_output> output_;
  caf::typed_response_promise<item_piece> waiting_;
  std::optional<caf::error> failure_;
  /// Items that no piece has told of yet.
  std::uint64_t unsaid_items_ = 0;
  std::size_t in_flight_ = 0;
  /// Some page was answered.
  bool has_answers_ = false;
};

/// Starts a READER.
reader_inbox::behavior_type
reader(reader_inbox::stateful_pointer<reader_state> self, read_request request,
       page_source_actor source);

} // namespace orc
