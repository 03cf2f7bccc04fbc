#pragma once

#include "actors/walk/walk.hpp"
#include "messages/walk/page_source.hpp"

#include <functional>
#include <map>
#include <memory>

namespace orc {

/// Whom WALKS works with.
struct walks_parts {
  walk_store_actor store;
  walk_sources_actor sources;
  page_processors_actor processors;
  /// Takes up what a process before this one left running.
  bool recovers = true;
};

/// Starts a batch again whose WALK died.
struct revive_walk {
  std::string name;
  /// How often it has been tried.
  std::uint32_t attempt = 1;

  static constexpr auto fields
    = describe("revive_walk", "Starts a batch again.",
               field("name", &revive_walk::name, "Which."),
               field("attempt", &revive_walk::attempt, "How often."));
};

/// Somebody who waits for a batch that nobody works on just now.
struct walk_waiter {
  wait_walk request;
  timestamp until;
  caf::typed_response_promise<walk_view> promise;

  template <class Inspector>
  friend auto inspect(Inspector& f, walk_waiter& x) {
    return f(caf::meta::type_name("walk_waiter"), x.request, x.until);
  }
};

using walks_self = walks_actor::extend<caf::reacts_to<revive_walk>,
                                       caf::reacts_to<walk_waiter>>;

/// Starts a WALK for each batch that is not over, supervises it, and answers
/// for those that are.
class walks_state {
public:
  static inline const char* name = "walks";

  explicit walks_state(walks_self::pointer self);

  walks_self::behavior_type make_behavior(walks_parts parts);

private:
  using view_promise = caf::typed_response_promise<walk_view>;
  using opened = std::function<void(caf::expected<walk_parts>)>;

  caf::result<walk_view> start(const start_walk& x);
  void start_new(walk_spec spec, const start_walk& x, view_promise promise);
  void start_again(walk_record record, walk_spec spec, const start_walk& x,
                   view_promise promise);
  void reopen(walk_record record, walk_spec spec, view_promise promise);
  caf::result<walk_view> wait(const wait_walk& x);
  void wait_on(const wait_walk& x, timestamp until, view_promise promise);
  caf::result<walk_views> list();
  caf::result<walk_view> change(const change_walk& x);
  void change_ended(const change_walk& x, view_promise promise);
  caf::result<walk_page_views> pages(const list_walk_pages& x);

  caf::result<saved> drain(const drain_walks& x);

  /// Takes up all that is not over.
  void recover();
  void revive(const revive_walk& x);

  /// Opens all that a batch needs, or nothing.
  void open(const walk_spec& spec, opened f);
  void
  open_processors(std::shared_ptr<walk_spec> spec, walk_parts parts, opened f);
  void spawn(walk_spec spec, walk_record record, walk_parts parts);
  void close(const walk_parts& parts);
  void find(const std::string& name,
            std::function<void(caf::expected<walk_record>)> f);
  void lose(const caf::down_msg& x);

  walks_self::pointer self_;
  walks_parts parts_;
  std::map<std::string, walk_actor> live_;
  bool is_ending_ = false;
};

/// Starts WALKS.
walks_self::behavior_type
walks(walks_self::stateful_pointer<walks_state> self, walks_parts parts);

} // namespace orc
