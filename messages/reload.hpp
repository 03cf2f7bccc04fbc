#pragma once

#include "messages/base/error.hpp"
#include "messages/base/message.hpp"
#include "messages/budget_settings.hpp"
#include "messages/settings.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>
#include <vector>

namespace orc {

/// Gives an APIFY API another token, for all calls from now on.
struct change_token {
  secret token;

  static constexpr auto fields
    = describe("change_token", "Another token.",
               field("token", &change_token::token, "For calls from now on."));
};

/// Gives an ACCOUNT other caps. Runs that live above them go on; new ones wait.
struct change_caps {
  std::optional<mebibytes> max_memory;
  std::optional<std::uint64_t> max_runs;

  static constexpr auto fields
    = describe("change_caps", "Other caps.",
               field("maxMemory", &change_caps::max_memory, presence::optional,
                     "MiB", "Memory of our runs together."),
               field("maxRuns", &change_caps::max_runs, presence::optional,
                     "Our live runs at a time."));
};

/// Gives the BUDGETS what the configuration says now.
struct change_budgets {
  std::vector<budget_settings> budgets;
};

/// Gives the ORCHESTRATOR what the configuration says now.
struct reload_settings {
  /// The first one is the default account.
  std::vector<account_settings> accounts;
  std::vector<budget_settings> budgets;
};

/// What became of a change.
struct reloaded {
  /// Sentences about what could not be changed; empty if all was.
  std::vector<std::string> kept;

  static constexpr auto fields = describe(
    "reloaded", "What became of a change.",
    field("kept", &reloaded::kept, "What was not changed, and why."));
};

/// Parts that take changes while they work. Those that a host brings along need
/// not.
using token_holder_actor
  = caf::typed_actor<caf::replies_to<change_token>::with<reloaded>>;
using capped_actor
  = caf::typed_actor<caf::replies_to<change_caps>::with<reloaded>>;
using configured_budgets_actor = caf::typed_actor<
  // Replies once the change is durable.
  caf::replies_to<change_budgets>::with<reloaded>>;
using reloading_actor = caf::typed_actor<
  // Replies when all accounts and budgets work by it.
  caf::replies_to<reload_settings>::with<reloaded>>;

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::change_budgets)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::reload_settings)

#define ORC_RELOAD_MESSAGES(X)                                                 \
  X(orc::change_token)                                                         \
  X(orc::change_caps)                                                          \
  X(orc::reloaded)

ORC_RELOAD_MESSAGES(ORC_DECLARE_MESSAGE)
