#pragma once

#include "transport/http/client.hpp"
#include "transport/server/services.hpp"
#include "transport/server/v2/run_watch.hpp"
#include "transport/server/v2/unanswered.hpp"
#include "transport/server/v2/virtual_id.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orc::server::v2 {

/// A run of this store, with the id that clients know it by.
struct known_run {
  std::string id;
  run_record record;
};

/// A token, and the one platform that gets to see it.
struct credentials {
  /// Empty if there is none.
  secret token = {};
  /// As in `account_settings`; empty: where accounts are that tokens bring.
  std::string base_url = {};
};

/// A request to the platform.
struct upstream_request {
  std::string method = "GET";
  /// Path from `/v2` on, and query.
  std::string target;
  /// Of the client, as far as they are passed on.
  http::fields headers = {};
  std::shared_ptr<const std::string> body = {};
  credentials sender = {};
  std::chrono::milliseconds timeout{60'000};
  std::shared_ptr<http::answer_sink> sink = {};
};

/// What all requests of the platform's API have in common while they are
/// answered; belongs to the GATEWAY, on which all functions are called and call
/// back.
class desk {
public:
  desk(services& under, platform_link link);

  desk(const desk&) = delete;
  desk& operator=(const desk&) = delete;

  /// Answers one request.
  void take(http::exchange_ptr exchange);

  /// Wakes whoever waits for this.
  void tell(const run_event& x) {
    watch_.tell(x);
  }

  /// The configuration has changed. Accounts stay where they are, and those
  /// that are gone serve the runs that they have.
  void change_accounts(std::vector<account_settings> accounts);

  // -- for the requests -------------------------------------------------------

  services& under() noexcept {
    return under_;
  }

  const platform_link& link() const noexcept {
    return link_;
  }

  const virtual_ids& ids() const noexcept {
    return ids_;
  }

  /// Keeps in mind, over restarts, that somebody awaits the answer to a start.
  void note_start(const std::string& digest, const std::string& name);

  /// The client has no answer, or none that it can use: it sends the start
  /// again, and shall get the run of this name.
  void expect_repeat(const std::string& digest, const std::string& name);

  /// The client has its answer.
  void forget_start(const std::string& name);

  unanswered& lost_answers() noexcept {
    return lost_answers_;
  }

  /// Asks the platform.
  void
  ask_platform(upstream_request x, std::function<void(http::client::result)> f);

  /// The same, for whoever takes the answer on the thread of sockets.
  void send(upstream_request x, http::client::callback f);

  /// Calls `f` later.
  void after(std::chrono::milliseconds delay, std::function<void()> f);

  /// Calls `f` later, unless something is over by then; forgets both soon after
  /// that.
  void after(std::chrono::milliseconds delay, std::function<bool()> is_over,
             std::function<void()> f);

  /// Makes a function that may be called from any thread, and calls `f` here.
  std::function<void()> from_elsewhere(std::function<void()> f);

  using run_callback = std::function<void(caf::expected<known_run>)>;

  /// @param id one of ours.
  void find(run_key key, run_callback f);
  void find(const run_ref& ref, run_callback f);

  /// Waits until a run is as wanted, at most so long, and then finds it.
  void wait(const run_ref& ref, std::function<bool(const run&)> wanted,
            std::chrono::milliseconds at_most, run_callback f);

  /// @returns whether the account is one of the configuration, not one that a
  ///          token has brought.
  bool is_configured(const std::string& account) const;

  /// Finds the account that a token belongs to: "" if nothing was ever started
  /// with it.
  void find_account(const secret& token, std::function<void(std::string)> f);

  /// Finds the token of an account: empty if it is not known any more.
  void find_credentials(const std::string& account,
                        std::function<void(credentials)> f);

  /// @returns the token with the platform that it is for.
  credentials recognize(secret token) const;

  /// Tells whether the platform takes a token: the answer that it gives if not.
  using verdict = std::function<void(bool ok, http::client::result answer)>;
  void verify(const secret& token, verdict f);

  /// @returns a name that no other run has.
  std::string make_name();

private:
  void load_starts();
  void subscribe_once();
  known_run identify(run_record record) const;

  /// @returns the first account of the configuration, as it is or was, that `f`
  ///          wants; nothing if there is none.
  template <class F>
  const account_settings* find_settings(F wanted) const;
  const account_settings* settings_of(const std::string& account) const;

  services& under_;
  platform_link link_;
  /// Are not in the configuration any more; the ORCHESTRATOR keeps them, too.
  std::vector<account_settings> gone_;
  virtual_ids ids_;
  run_watch watch_;
  unanswered lost_answers_;
  /// Digests of tokens that the platform has taken.
  std::set<std::string> verified_;
  /// Accounts that came with tokens, by digest of the token.
  std::map<std::string, std::string> accounts_;
  bool subscribed_ = false;
};

/// @returns whether the platform has it, or had it: it is not waiting any more.
bool is_underway(const run& x);

} // namespace orc::server::v2
