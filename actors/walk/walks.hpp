#pragma once

#include "actors/walk/walk_opener.hpp"

#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace orc {

/// Whom WALKS works with.
struct walks_parts {
  walk_store_actor store;
  walk_sources_actor sources;
  page_processors_actor processors;
  /// Takes up what a process before this one left running.
  bool recovers = true;
};

/// Starts a WALK for each batch that is not over, supervises it, and answers
/// for those that are.
class walks_state {
public:
  static inline const char* name = "walks";

  explicit walks_state(walks_self::pointer self);

  walks_self::behavior_type make_behavior(walks_parts parts);

private:
  using view_promise = caf::typed_response_promise<walk_view>;

  /// Takes how a batch stands, or why it cannot be started.
  using view_taker = std::function<void(caf::expected<walk_view>)>;

  caf::result<walk_view> start(const start_walk& x);
  void
  start_by(const walk_spec& spec, const start_walk& x, view_promise promise);
  /// Starts one that lives.
  void join(const walk_spec& spec, const start_walk& x, view_promise promise);
  void renew(const walk_spec& spec, const start_walk& x, walk_parts parts,
             view_promise promise);
  void join_failed(caf::error err, const walk_spec& spec, const start_walk& x,
                   view_promise promise);
  void start_new(walk_spec spec, const start_walk& x, view_taker f);
  void start_again(walk_record record, walk_spec spec, const start_walk& x,
                   view_taker f);
  /// @param with_spec it is another one than before.
  void reopen(walk_record record, walk_spec spec, bool redrive, bool with_spec,
              view_taker f);
  void take_up(const walk_spec& spec, revive_walk_pages question,
               const walk_parts& parts, view_taker f);

  /// One at a time starts a batch: what is stored of it stays as it was found.
  /// @param again called when somebody else who starts it is done.
  /// @returns whether nobody else does.
  bool claim(const std::string& batch, std::function<void()> again);
  /// @returns what answers, and lets others start the batch.
  view_taker release_with(const std::string& batch, view_promise promise);

  caf::result<walk_view> wait(const wait_walk& x);
  void wait_on(const wait_walk& x, timestamp until, view_promise promise);
  caf::result<walk_views> list();
  void list(const found_walks& found,
            caf::typed_response_promise<walk_views> promise);
  caf::result<walk_view> change(const change_walk& x);
  void change_by(const change_walk& x, view_promise promise);
  void change_ended(const change_walk& x, view_promise promise);
  void change_stored(const change_walk& x, walk_record record, view_taker f);
  /// Ends one that has not been taken up yet, and will not be now.
  void cancel_waiting(walk_record record, view_taker f);
  /// @returns how a batch stands by the store, or why nobody works on it.
  walk_view stored_view(const walk_record& record) const;
  caf::result<walk_page_views> pages(const list_walk_pages& x);

  caf::result<saved> drain(const drain_walks& x);

  /// Takes up all that is not over.
  void recover();
  void revive(const revive_walk& x);

  void spawn(walk_spec spec, walk_record record, walk_parts parts);
  void find(const std::string& name,
            std::function<void(caf::expected<walk_record>)> f);
  void lose(const caf::down_msg& x);

  struct live_walk {
    walk_self actor;
    /// By which it goes.
    secret spec;
  };

  walks_self::pointer self_;
  walks_parts parts_;
  walk_opener opener_;
  std::map<std::string, live_walk> live_;
  /// Batches that are to go on and have no WALK yet, and why not.
  std::map<std::string, std::string> waiting_;
  /// Batches that are being started, and what is to be done after that.
  std::map<std::string, std::vector<std::function<void()>>> opening_;
  bool is_ending_ = false;
  /// The process is about to end: what dies now is for the next one.
  bool is_draining_ = false;
};

/// Starts WALKS.
walks_self::behavior_type
walks(walks_self::stateful_pointer<walks_state> self, walks_parts parts);

} // namespace orc
