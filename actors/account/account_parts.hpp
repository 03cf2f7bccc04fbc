#pragma once

#include "messages/budget.hpp"
#include "messages/reload.hpp"
#include "messages/run_actor.hpp"
#include "messages/settings.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace orc {

/// How an ACCOUNT behaves.
struct account_config {
  account_settings settings;
  /// How long smaller runs may pass one that does not fit.
  std::chrono::milliseconds max_overtake{30'000};
  std::uint32_t max_starting_of_target = 64;
  std::uint32_t max_starting = 256;
};

/// What an ACCOUNT is built upon.
struct account_parts {
  apify_api_actor api;
  /// Makes the RUN of a run: with its record if it lived before this process,
  /// without if it was just admitted, or shall be refused or cancelled.
  std::function<run_actor(const account_actor& me, run_key key,
                          std::optional<run_record> resumed)>
    spawn_run;
  /// Told how much of its month the account has used; nobody if not given.
  budgets_actor budgets = {};
};

/// An ACCOUNT's note to itself: it is time for something.
struct wake_account {
  static constexpr auto fields
    = describe("wake_account", "It is time for something.");
};

/// An ACCOUNT's note to itself: the platform has had long enough to answer.
struct platform_overdue {
  /// About what; if nothing, about the limits.
  std::optional<run_target> target;

  static constexpr auto fields
    = describe("platform_overdue", "The platform had long enough to answer.",
               field("target", &platform_overdue::target, presence::optional,
                     "About what; else about the limits."));
};

/// The ACCOUNT interface with what an ACCOUNT takes besides, and says to
/// itself.
using account_shell = account_actor::extend_with<capped_actor>::extend<
  caf::reacts_to<wake_account>, caf::reacts_to<platform_overdue>>;

} // namespace orc
