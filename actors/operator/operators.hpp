#pragma once

#include "messages/task/operators.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace orc {

struct operators_config {
  /// How long a call may take where an operator does not say.
  std::chrono::milliseconds timeout{60'000};
  /// With its name behind, the endpoint of every channel; "" if there is none.
  /// Then operators that were made are not asked.
  std::string virtual_url;
  secret virtual_token;
};

struct operators_parts {
  tasks_actor tasks;
  task_store_actor store;
  operator_caller_actor caller;
};

/// Tells OPERATORS that an endpoint has had its rest.
struct try_operator {
  std::string id;

  static constexpr auto fields
    = describe("try_operator", "Its rest is over.",
               field("id", &try_operator::id, "Which."));
};

/// Tells OPERATORS to give back what the store could not take.
struct release_again {
  static constexpr auto fields
    = describe("release_again", "The store may work again.");
};

using operators_self = operators_actor::extend<caf::reacts_to<try_operator>,
                                               caf::reacts_to<release_again>>;

/// Brings tasks to HTTP endpoints and their answers back, so many at a time for
/// each. An endpoint that fails again and again is left alone for a while,
/// longer each time: a task that waits loses no attempt. An answer is kept
/// until the store can take it: nobody else knows it.
class operators_state {
public:
  static inline const char* name = "operators";

  explicit operators_state(operators_self::pointer self);

  operators_self::behavior_type
  make_behavior(operators_config config, operators_parts parts);

private:
  using time_point = std::chrono::steady_clock::time_point;

  /// An endpoint at work.
  struct desk {
    std::uint64_t key = 0;
    task_operator is;
    std::string worker;
    /// All but the body.
    call_operator call;
    std::size_t in_flight = 0;
    bool is_asking = false;
    std::uint32_t failures = 0;
    time_point rests_until;
  };

  using desk_ptr = std::shared_ptr<desk>;

  using made_answer = std::function<void(caf::expected<task_operators>)>;

  caf::result<task_operators> set(const set_operator& x);
  caf::result<task_operators> make(const make_operator& x);
  void make_once(const make_operator& x, made_answer f);
  void set_now(const set_operator& x, std::string token, made_answer f);
  void store(const desk_ptr& x, save_operator request, made_answer f);

  /// @returns what it is then, or why it cannot be.
  caf::expected<desk_ptr> changed(const set_operator& x);
  caf::result<task_operators> remove(const remove_operator& x);
  void remove_now(const std::string& id, made_answer f);

  /// Changes of one operator wait for each other: each builds on the last.
  caf::result<task_operators>
  in_turn(const std::string& id,
          std::function<void(const made_answer&)> change);
  void go_on(const std::string& id);
  caf::result<task_operators> get(const get_operators& x);
  void load();
  void open_virtual(const std::string& channel);

  /// Starts or stops asking for tasks, as the operator says now.
  caf::error hire(const desk_ptr& x);
  void dismiss(const desk_ptr& x);
  bool is_open(const desk& x) const;
  bool is_resting(const desk& x) const;
  time_point now_here() const;

  /// Asks for a task if there is room for one more.
  void ask(const desk_ptr& x);
  void take(const desk_ptr& x, const stored_tasks& given);
  void call(const desk_ptr& x, const stored_tasks& task);
  void settle(const desk_ptr& x, const std::string& task,
              const operator_answer& answer);
  void release(const desk_ptr& x, release_task how);
  void release_later(const desk_ptr& x, release_task how);
  void release_all();
  void note(const desk_ptr& x, const operator_answer& answer);
  void tell(const std::string& what, const task_operator& x);

  operators_self::pointer self_;
  operators_config config_;
  operators_parts parts_;
  std::uint32_t store_ = 0;
  std::uint64_t last_key_ = 0;
  /// By id, those that were made.
  std::map<std::string, desk_ptr> desks_;
  /// Who asks for what is being made under a token, by the token.
  std::map<std::string, std::vector<made_answer>> making_;
  /// Changes under way and those that wait for them, by id.
  std::map<std::string, std::deque<std::function<void()>>> changes_;
  /// By channel.
  std::map<std::string, desk_ptr> virtual_;
  /// What the store could not take.
  std::vector<std::pair<desk_ptr, release_task>> unreleased_;
};

/// Starts OPERATORS.
operators_self::behavior_type
operators(operators_self::stateful_pointer<operators_state> self,
          operators_config config, operators_parts parts);

} // namespace orc
