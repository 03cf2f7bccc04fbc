#pragma once

#include "messages/base/json_text.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// An Apify account that we may use, and how much of it.
struct account_settings {
  std::string name = "default";
  secret token;
  /// Without the `/v2`: `https://api.apify.com`.
  std::string base_url;
  /// Our own caps; the platform's limits hold besides.
  std::optional<mebibytes> max_memory;
  std::optional<std::uint64_t> max_runs;
};

/// How the service behaves; each default has its reason beside it.
struct orchestrator_settings {
  /// The first one is the default account.
  std::vector<account_settings> accounts;
  /// Where the platform is for accounts that come with a token of their own,
  /// without the `/v2`.
  std::string base_url = "https://api.apify.com";
  /// How long a run of a lost answer may take to show up in the platform's
  /// lists: replicas lag, see facts on reconciling in docs/run_lifecycle.md.
  std::chrono::milliseconds reconcile_window{30'000};
  /// How long smaller runs may pass one that does not fit.
  std::chrono::milliseconds max_overtake{30'000};
  /// Wait before the second attempt; doubles up to the longest.
  std::chrono::milliseconds retry_backoff{2'000};
  std::chrono::milliseconds retry_backoff_max{60'000};
  /// How long a run that the platform answers 404 for is looked for.
  std::chrono::milliseconds lost_after{30'000};
  /// Whether item counts are read when runs end.
  bool count_items = true;
  /// An object that is put under the input of every run: the run's own fields
  /// win, and so do those that its submission puts under it.
  json_text fixed_input;
  /// What the Children Run Killer looks for: an object that is put under every
  /// input that is an object, beneath all else.
  json_text watched;
  /// How long after its end the cost of a run is read again: the platform's
  /// first answer may be preliminary for about 10 s. Nothing: never.
  std::optional<std::chrono::milliseconds> settle_after{10'000};
};

} // namespace orc
