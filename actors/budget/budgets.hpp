#pragma once

#include "actors/budget/ledger.hpp"
#include "messages/event.hpp"
#include "messages/reload.hpp"
#include "messages/target_history.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <set>

namespace orc {

struct budgets_config {
  std::vector<budget_settings> budgets;
  /// How long the final cost of an attempt is waited for: the platform's first
  /// answers after the end are preliminary for about 10 s.
  std::chrono::milliseconds settle_after{30'000};
};

/// Whom the BUDGETS talk to.
struct budgets_parts {
  ledger_store_actor ledger;
  run_store_actor runs;
  events_actor events;
  history_actor history;
};

/// A note of the BUDGETS to themselves: time has come for something.
struct wake_budgets {
  /// A change that could not be saved shall be saved now.
  bool save = false;

  static constexpr auto fields
    = describe("wake_budgets", "Time has come for something.",
               field("save", &wake_budgets::save, "Save again?"));
};

/// The BUDGETS interface with what they are told of the configuration and of
/// events, and tell themselves.
using budgets_self
  = budgets_actor::extend_with<configured_budgets_actor>::extend<
    caf::reacts_to<run_event>, caf::reacts_to<wake_budgets>>;

/// Carries out what the `ledger` decides: makes it durable before it is
/// answered, tells ACCOUNTs when there is money again, warns, and aborts.
///
/// Attempts whose end or cost nobody could tell it before a crash are looked up
/// in the PERSISTENCE; until that is done requests wait.
class budgets_state {
public:
  static inline const char* name = "budgets";

  explicit budgets_state(budgets_self::pointer self);

  budgets_self::behavior_type
  make_behavior(budgets_config config, budgets_parts parts);

private:
  using answer_promise = caf::typed_response_promise<budget_answer>;

  void recover();
  void define_all(const stored_ledger& x);
  std::optional<budget_settings> configured(const std::string& budget) const;
  void check(const charge_key& key);
  void check(const charge_key& key, const run_record& record);
  void checked();
  void when_ready(std::function<void()> f);

  caf::result<budget_answer> reserve(const reserve_budget& x);
  void ask_history(const reserve_budget& x, answer_promise promise);
  void decide(const reserve_budget& x, std::optional<double> estimate,
              answer_promise promise);
  std::optional<budget_answer> month_problem(const reserve_budget& x);
  void release(const charge_key& x);
  void settle(const settle_budget& x);
  void attach(const attach_budget& x);
  void see_month(const account_month& x);
  void on_event(const run_event& x);
  void wake(const wake_budgets& x);
  caf::result<budget_view> set(const set_budget& x);
  caf::error change(const set_budget& x);
  caf::result<reloaded> reconfigure(const change_budgets& x);
  reloaded take_configuration(const std::vector<budget_settings>& xs);
  budget_view view_of(const std::string& budget) const;

  void note_end(const charge_key& key, const run& x);
  void note_costs(const run& x);
  /// Makes changes durable, then calls `then`; tells who has to know.
  void save(std::function<void()> then, const run* cause);
  void flush();
  void send_changes();
  void tell(const ledger_notice& x, const run* cause);
  void open(const std::string& budget);
  void abort_all(const std::string& budget);
  void set_timer();
  timestamp time() const;

  budgets_self::pointer self_;
  budgets_config config_;
  budgets_parts parts_;
  ledger ledger_{{}};
  std::map<charge_key, account_actor> accounts_;
  std::map<std::string, charge_key> ended_;
  std::map<std::string, std::set<account_actor>> waiters_;
  /// How often any budget has opened.
  std::uint64_t openings_ = 0;
  std::map<std::string, account_month> months_;

  /// Budgets that were set and are not saved yet.
  std::vector<stored_budget> set_;
  /// What is told of what is not saved yet.
  std::vector<publish_event> facts_;
  save_ledger in_flight_;
  bool saving_ = false;
  /// Called when what is in flight is durable, or what comes after it.
  std::vector<std::function<void()>> answering_;
  std::vector<std::function<void()>> after_save_;
  std::size_t unchecked_ = 1;
  std::vector<std::function<void()>> postponed_;
  std::optional<timestamp> timer_;
  timestamp wall_start_;
  caf::actor_clock::time_point clock_start_;
};

/// Starts the BUDGETS.
budgets_self::behavior_type
budgets(budgets_self::stateful_pointer<budgets_state> self,
        budgets_config config, budgets_parts parts);

} // namespace orc
