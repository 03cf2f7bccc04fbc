#pragma once

#include "messages/account.hpp"
#include "messages/base/message.hpp"
#include "messages/budget_settings.hpp"
#include "messages/event.hpp"

#include <map>

namespace orc {

/// Names an attempt of a run: what money is reserved for.
struct charge_key {
  run_key run;
  std::uint32_t attempt = 1;

  friend auto operator<=>(const charge_key&, const charge_key&) = default;

  static constexpr auto fields
    = describe("charge_key", "Names an attempt of a run.",
               field("run", &charge_key::run, "Of which run."),
               field("attempt", &charge_key::attempt, "From 1."));
};

/// How sure the amount of a charge is.
enum class charge_state : std::uint8_t {
  /// Kept for a run that is about to start, or lives.
  reserved,
  /// It has ended, and its cost is not final yet.
  ended,
  /// Its cost never came: the amount is an estimate.
  assumed,
};

template <>
struct enum_names<charge_state> {
  static constexpr std::array<std::string_view, 3> values{"reserved", "ended",
                                                          "assumed"};
};

/// Money that budgets keep for an attempt, until its cost is known for good.
struct charge {
  charge_key key;
  /// On which it counts.
  std::vector<std::string> budgets;
  charge_state state = charge_state::reserved;
  double usd = 0;
  /// What it is taken to cost if its cost never comes.
  double estimate_usd = 0;
  /// What it cost before it was resurrected, which was spent already: the
  /// platform counts on from there.
  double base_usd = 0;
  /// When it ended; before that, when it was reserved.
  timestamp at;

  template <class Inspector>
  friend auto inspect(Inspector& f, charge& x) {
    return f(caf::meta::type_name("charge"), x.key, x.budgets, x.state, x.usd,
             x.estimate_usd, x.base_usd, x.at);
  }
};

/// Money that was spent on one day, for good.
struct budget_spending {
  std::string budget;
  /// Days since 1970, by UTC.
  std::int64_t day = 0;
  double usd = 0;

  static constexpr auto fields
    = describe("budget_spending", "Money spent on one day.",
               field("budget", &budget_spending::budget, "On which."),
               field("day", &budget_spending::day, "Days since 1970."),
               field("usd", &budget_spending::usd, "How much."));
};

/// A budget that was set while the service ran, and what the configuration said
/// of it at that time: the later word counts.
struct stored_budget {
  budget_settings settings;
  std::optional<budget_settings> configured;

  static constexpr auto fields
    = describe("stored_budget", "A budget that was set.",
               field("settings", &stored_budget::settings, "As set."),
               field("configured", &stored_budget::configured,
                     presence::optional, "As configured then."));
};

/// Changes the ledger, all or nothing. Spending is added to what is there.
struct save_ledger {
  std::vector<charge> put;
  std::vector<charge_key> removed;
  std::vector<budget_spending> spent;
  std::vector<stored_budget> budgets;
  /// What is to be told of it: owed to the bus exactly if it is durable.
  std::vector<publish_event> facts = {};

  static constexpr auto fields = describe(
    "save_ledger", "Changes the ledger.",
    field("put", &save_ledger::put, "New or changed charges."),
    field("removed", &save_ledger::removed, "Charges that are done."),
    field("spent", &save_ledger::spent, "To be added."),
    field("budgets", &save_ledger::budgets, "That were set."),
    field("facts", &save_ledger::facts, presence::optional,
          "What is to be told of it."));
};

struct load_ledger {
  static constexpr auto fields
    = describe("load_ledger", "Asks for all that is in the ledger.");
};

struct stored_ledger {
  std::vector<charge> charges;
  std::vector<budget_spending> spent;
  std::vector<stored_budget> budgets;

  static constexpr auto fields
    = describe("stored_ledger", "Answers load_ledger.",
               field("charges", &stored_ledger::charges, "All."),
               field("spent", &stored_ledger::spent, "By budget and day."),
               field("budgets", &stored_ledger::budgets, "That were set."));
};

/// What the PERSISTENCE keeps for the BUDGETS.
using ledger_store_actor
  = caf::typed_actor<caf::replies_to<save_ledger>::with<saved>,
                     caf::replies_to<load_ledger>::with<stored_ledger>>;

/// Asks the BUDGETS for the money of an attempt, before its start.
struct reserve_budget {
  charge_key key;
  orc::run run;
  run_target target;
  /// The run's own `maxTotalChargeUsd`.
  std::optional<double> cap_usd;
  /// Told when there may be money again.
  account_actor account;

  template <class Inspector>
  friend auto inspect(Inspector& f, reserve_budget& x) {
    return f(caf::meta::type_name("reserve_budget"), x.key, x.run, x.target,
             inspectable(x.cap_usd), x.account);
  }
};

/// Answers `reserve_budget`.
struct budget_answer {
  /// Which budget has too little left; none if the run may start.
  std::string short_of;
  /// One sentence for people.
  std::string reason;
  /// It never will have: the run is to be refused.
  bool refused = false;
  /// The budget concerns only few runs, not all of the namespace or account.
  bool alone = false;
  /// What was reserved, if any budget counts the run.
  std::optional<double> reserved_usd;
  /// What it may be charged at most, if any budget or the run limits that.
  std::optional<double> cap_usd;
  /// The budget that limits it most; empty if that is the run itself.
  std::string limited_by;
  /// How often budgets have opened so far: tells whether a `budget_opened`,
  /// which goes another way, is older than this.
  std::uint64_t openings = 0;

  static constexpr auto fields = describe(
    "budget_answer", "Answers reserve_budget.",
    field("shortOf", &budget_answer::short_of, "Which has too little."),
    field("reason", &budget_answer::reason, "One sentence."),
    field("refused", &budget_answer::refused, "For good?"),
    field("alone", &budget_answer::alone, "Does it concern few runs?"),
    field("reservedUsd", &budget_answer::reserved_usd, presence::optional,
          "What is reserved."),
    field("capUsd", &budget_answer::cap_usd, presence::optional,
          "Most to be charged."),
    field("limitedBy", &budget_answer::limited_by, "By which budget."),
    field("openings", &budget_answer::openings, "Before this answer."));
};

/// The attempt was not started: what was reserved for it is free.
struct release_budget {
  charge_key key;

  static constexpr auto fields
    = describe("release_budget", "An attempt was not started.",
               field("key", &release_budget::key, "Which."));
};

/// The attempt has ended, and that is durable.
struct settle_budget {
  charge_key key;
  orc::run run;

  static constexpr auto fields
    = describe("settle_budget", "An attempt has ended.",
               field("key", &settle_budget::key, "Which."),
               field("run", &settle_budget::run, "As it is now."));
};

/// A RUN takes up an attempt that was started by another one, and lives.
struct attach_budget {
  charge_key key;
  orc::run run;
  account_actor account;

  template <class Inspector>
  friend auto inspect(Inspector& f, attach_budget& x) {
    return f(caf::meta::type_name("attach_budget"), x.key, x.run, x.account);
  }
};

/// What the platform says about the month of an account.
struct account_month {
  std::string account;
  double limit_usd = 0;
  double used_usd = 0;
  account_actor actor;

  template <class Inspector>
  friend auto inspect(Inspector& f, account_month& x) {
    return f(caf::meta::type_name("account_month"), x.account, x.limit_usd,
             x.used_usd, x.actor);
  }
};

/// Makes or changes a budget. What is missing stays, or is the default.
struct set_budget {
  std::string name;
  std::optional<double> cap_usd;
  std::optional<std::string> account;
  std::optional<std::string> space;
  std::optional<std::string> batch;
  std::optional<budget_period> period;
  std::optional<budget_action> on_reached;
  std::optional<double> warn_at;
  std::optional<double> assume_usd;

  static constexpr auto fields = describe(
    "budget_change", "Makes or changes a budget; what is missing stays.",
    field("name", &set_budget::name, presence::optional,
          "As in the path, if given."),
    field("capUsd", &set_budget::cap_usd, presence::optional, "USD",
          "Most to be spent; needed for a new one."),
    field("account", &set_budget::account, presence::optional,
          "Only runs on this account."),
    field("namespace", &set_budget::space, presence::optional,
          "Only runs of this namespace."),
    field("batch", &set_budget::batch, presence::optional,
          "Only runs of this batch."),
    field("period", &set_budget::period, presence::optional,
          "total, day or month."),
    field("onReached", &set_budget::on_reached, presence::optional,
          "pause, stop or abort."),
    field("warnAt", &set_budget::warn_at, presence::optional,
          "The share of the cap, 0 to 1, at which it warns."),
    field("assumeUsd", &set_budget::assume_usd, presence::optional, "USD",
          "What a run of an unknown Apify actor is taken to cost."));
};

struct get_budgets {
  static constexpr auto fields
    = describe("get_budgets", "Asks for all budgets.");
};

struct budget_views {
  std::vector<budget_view> items;

  static constexpr auto fields
    = describe("budgets", "All budgets.",
               field("items", &budget_views::items, "By name."));
};

/// The BUDGETS interface: caps on money, asked before each start.
using budgets_actor = caf::typed_actor<
  // Replies once the reservation is durable. The same key again replaces it.
  caf::replies_to<reserve_budget>::with<budget_answer>,
  caf::reacts_to<release_budget>, caf::reacts_to<settle_budget>,
  caf::reacts_to<attach_budget>, caf::reacts_to<account_month>,
  // Replies once it is durable. Fails with `ec::bad_field`.
  caf::replies_to<set_budget>::with<budget_view>,
  caf::replies_to<get_budgets>::with<budget_views>>;

} // namespace orc

#define ORC_BUDGET_MESSAGES(X)                                                 \
  X(orc::save_ledger)                                                          \
  X(orc::load_ledger)                                                          \
  X(orc::stored_ledger)                                                        \
  X(orc::reserve_budget)                                                       \
  X(orc::budget_answer)                                                        \
  X(orc::release_budget)                                                       \
  X(orc::settle_budget)                                                        \
  X(orc::attach_budget)                                                        \
  X(orc::account_month)                                                        \
  X(orc::set_budget)                                                           \
  X(orc::get_budgets)                                                          \
  X(orc::budget_views)

ORC_BUDGET_MESSAGES(ORC_DECLARE_MESSAGE)
