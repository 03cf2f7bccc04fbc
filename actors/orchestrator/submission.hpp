#pragma once

#include "messages/orchestrator.hpp"
#include "messages/settings.hpp"

#include <caf/expected.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace orc {

/// The accounts that runs can name, by name: those of the configuration, and
/// one for each token that came with a run.
class account_book {
public:
  account_book() = default;

  /// @param accounts the first one is the default.
  /// @param base_url of accounts that come with a token of their own.
  account_book(std::vector<account_settings> accounts, std::string base_url);

  /// Adds the account of a token that came with a run, before or now.
  void add(const stored_account& account);

  /// Adds or changes an account of the configuration.
  void configure(const account_settings& account);

  /// Names the account of runs that name none.
  void make_default(const std::string& account) {
    default_ = account;
  }

  /// @returns the name of the account that `request` runs on, or
  ///          `ec::unknown_account`. A new token gets a new name, which has to
  ///          be made durable: see `take_new`.
  caf::expected<std::string> resolve(const run_request& request);

  /// @returns the accounts that `resolve` has made up since the last call.
  std::vector<stored_account> take_new();

  /// @returns whether the account is that of a token that came with a run.
  bool came_with_a_run(const std::string& name) const {
    return brought_.contains(name);
  }

  /// @returns nothing if there is no such account.
  const account_settings* find(const std::string& name) const;

  const std::map<std::string, account_settings>& all() const noexcept {
    return accounts_;
  }

private:
  std::string default_;
  std::string base_url_;
  std::map<std::string, account_settings> accounts_;
  std::set<std::string> brought_;
  std::vector<stored_account> new_;
};

/// Puts what all inputs have in common under the inputs of one submission: the
/// one place where that is done, whichever way the requests came.
/// @param fixed what this submission brings along, see `submit_runs`.
/// @returns `ec::bad_field` if one of the inputs or `fixed` is no object.
[[nodiscard]] caf::error
put_under_inputs(const orchestrator_settings& settings, const json_text& fixed,
                 std::vector<run_request>& requests);

/// Checks the requests of one submission and makes records of them.
/// @returns all of them, or the first problem: then nothing may be stored.
caf::expected<std::vector<new_run>>
make_records(const std::vector<run_request>& requests, account_book& accounts,
             timestamp now);

/// @returns a name that no other run has, such as `run-4f0c9d2be6a1b37c`.
std::string make_name();

} // namespace orc
