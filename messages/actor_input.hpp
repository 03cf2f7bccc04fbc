#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace orc {

/// What the orchestrator leaves in its default dataset when it is an Apify
/// actor itself.
enum class actor_output : std::uint8_t {
  /// An item for each run of the plan.
  report,
  /// Nothing; the record OUTPUT is there all the same.
  none,
};

template <>
struct enum_names<actor_output> {
  static constexpr std::array<std::string_view, 2> values{"report", "none"};
};

/// The INPUT of the orchestrator as an Apify actor: a plan, and the options
/// that belong to it. What is not given is as the configuration says.
/// packaging/apify-actor/.actor/input_schema.json describes the same.
struct actor_input {
  json_text runs;
  json_text fixed_input;
  bool retry_failed = false;
  std::optional<bool> abort_on_exit;
  std::optional<mebibytes> max_memory;
  std::optional<std::uint64_t> max_runs;
  std::string persistence_prefix;
  secret encryption_key;
  std::string import_client;
  secret import_key;
  std::optional<bool> watch_children;
  std::optional<bool> hide_sensitive;
  actor_output output = actor_output::report;

  static constexpr auto fields = describe(
    "actor_input", "What the orchestrator does as an Apify actor.",
    field("runs", &actor_input::runs,
          "The runs to start, or to rejoin: array of run requests."),
    field("fixedInput", &actor_input::fixed_input, presence::optional,
          "Object that is put under the input of every run; the run's own "
          "fields win."),
    field("retryFailed", &actor_input::retry_failed, presence::optional,
          "Give runs that FAILED before their attempts again."),
    field("abortOnExit", &actor_input::abort_on_exit, presence::optional,
          "Abort all live runs when this one is aborted gracefully."),
    field("maxMemoryMbytes", &actor_input::max_memory, presence::optional,
          "MiB", "Memory that the runs may hold together."),
    field("maxConcurrentRuns", &actor_input::max_runs, presence::optional,
          "How many of the runs may be live at a time."),
    field("persistencePrefix", &actor_input::persistence_prefix,
          presence::optional, "All records of the state begin with it."),
    field("encryptionKey", &actor_input::encryption_key, presence::optional,
          "Encrypts the state: 32 bytes in base64, or a passphrase."),
    field("importClient", &actor_input::import_client, presence::optional,
          "Rejoin the runs that a client of this name of the npm library "
          "apify-orchestrator has left in the default key-value store."),
    field("importEncryptionKey", &actor_input::import_key, presence::optional,
          "The library's persistenceEncryptionKey, if it had one."),
    field("watchChildren", &actor_input::watch_children, presence::optional,
          "Put `__watched` under every input for the Children Run Killer."),
    field("hideSensitiveInformation", &actor_input::hide_sensitive,
          presence::optional,
          "Leave ids and URLs of runs and storages out of the log."),
    field("output", &actor_input::output, presence::optional,
          "report: an item for each run goes to the default dataset; none."));
};

} // namespace orc
