#pragma once

#include "actors/splitter/item_parser.hpp"
#include "actors/splitter/split_job.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace orc {

/// Whom a SPLITTER talks to.
struct splitter_parts {
  item_source_actor source;
  /// Nobody: then only dry runs are possible.
  split_store_actor store;
};

/// Cuts one list; see `splitter_actor`.
///
///     idle --cut_items--> load --> (count) --> cut --> save --> ready
///     ready --next_requests--> reads on until some parts are complete
class splitter_state {
public:
  static inline const char* name = "splitter";

  explicit splitter_state(splitter_actor::pointer self);

  splitter_actor::behavior_type
  make_behavior(split_job job, splitter_parts parts);

private:
  using cut_promise = caf::typed_response_promise<split_result>;
  using request_promise = caf::typed_response_promise<part_requests>;

  /// One walk over the list.
  struct pass {
    std::uint64_t position = 0;
    std::unique_ptr<item_parser> parser;
    /// Called when the list is over, or with what went wrong.
    std::function<void(const caf::error&)> done;
  };

  caf::result<split_result> cut(const cut_items& request);
  void load();
  void count();
  void cut_new(std::uint64_t total_items);
  void save();
  void tell_result();
  void finish_cut(const caf::error& problem);

  caf::result<part_requests> next();
  void build();
  void deliver_requests();

  void walk(item_sink sink, std::function<void(const caf::error&)> done);
  void read_on();
  void take(const source_piece& piece);

  splitter_actor::pointer self_;
  std::optional<split_job> job_;
  splitter_parts parts_;
  bool dry_run_ = false;
  bool begun_ = false;
  cut_promise cut_promise_;
  std::vector<stored_part> known_;
  std::vector<stored_part> all_;
  split_result result_;
  /// Of the walk under way.
  std::optional<part_cutter> cutter_;
  std::unique_ptr<pass> pass_;

  /// How many requests were made.
  std::size_t made_ = 0;
  bool building_ = false;
  std::deque<run_request> ready_;
  std::uint64_t ready_bytes_ = 0;
  std::optional<request_promise> waiting_;
  caf::error failure_;
};

/// Starts a SPLITTER.
splitter_actor::behavior_type
splitter(splitter_actor::stateful_pointer<splitter_state> self, split_job job,
         splitter_parts parts);

} // namespace orc
