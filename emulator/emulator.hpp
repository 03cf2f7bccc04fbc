#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace orc::emulator {

/// An account of the emulated platform.
struct account_options {
  std::string name = "tester";
  std::string token = "emulator-token";
  std::int64_t memory_mbytes = 16384;
  std::int64_t max_runs = 25;
};

/// A name that runs a script.
struct scripted_actor_options {
  /// `username/name`, or a name of the first account.
  std::string name;
  std::int64_t default_memory_mbytes = 1024;
};

/// What the emulated platform is like.
struct options {
  std::string address = "127.0.0.1";
  /// 0 asks the system for a free port.
  std::uint16_t port = 0;
  /// The first is the owner of what has no other owner.
  std::vector<account_options> accounts = {account_options{}};

  // -- Apify actors
  // ------------------------------------------------------------

  /// Each folder below that holds `.actor/actor.json` is an Apify actor.
  std::filesystem::path actors;
  /// Besides `emulator/scripted` and `scripted` of the first account.
  std::vector<scripted_actor_options> scripted_actors;
  /// Whether any other name runs a script, too.
  bool any_actor = false;
  /// Of scripted runs whose input does not say it.
  std::chrono::milliseconds duration{1000};
  std::int64_t items = 0;

  // -- behaviour
  // ---------------------------------------------------------------

  /// Empty keeps nothing.
  std::filesystem::path data;
  std::chrono::milliseconds start_delay{0};
  /// From the end of a run until its memory and slot are free.
  std::chrono::milliseconds release_lag{0};
  /// How late `itemCount` of a dataset is.
  std::chrono::milliseconds item_count_lag{0};
  double usd_per_compute_unit = 0.3;
  bool rate_limits = true;
  bool limits_forbidden = false;
  /// Whether runs, and lists of them, show `meta.userAgent`.
  bool user_agent = true;
  bool user_agent_in_lists = true;
  /// Such as `start.500=0.05,any.slow=0.01:2000ms`; see `fault_plan`.
  std::string fault_rates;
  std::uint64_t seed = 1;
};

/// A local Apify platform: the same API, with runs that follow a script or are
/// programs of this machine.
///
/// It lives on a thread of its own; all members are called from another one.
class emulator {
public:
  explicit emulator(options opts);

  /// Calls `stop`.
  ~emulator();

  emulator(const emulator&) = delete;
  emulator& operator=(const emulator&) = delete;

  /// Listens from now on.
  /// @returns why it cannot, if so; `problem` has a sentence for people.
  std::error_code start();

  /// What went wrong, or what was left out, such as a folder that is no actor.
  const std::string& problem() const noexcept;

  /// @returns such as `http://127.0.0.1:8485`.
  /// @pre started
  std::string base_url() const;

  std::uint16_t port() const noexcept;

  /// The token of the first account.
  const std::string& token() const noexcept;

  /// Kills the programs that run and closes every connection. Idempotent.
  void stop();

private:
  struct impl;

  std::error_code fail(std::string problem, std::errc why);
  std::error_code listen();

  options options_;
  std::string problem_;
  std::unique_ptr<impl> impl_;
};

} // namespace orc::emulator
