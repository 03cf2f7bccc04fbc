#include "actors/account/account.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr std::chrono::seconds abort_timeout{60};

constexpr std::chrono::milliseconds stop_timeout{60'000};

} // namespace

caf::result<run> account_state::abort(const abort_run& x) {
  auto promise = self_->make_response_promise<run>();
  pass_abort(x, promise, true);
  return promise;
}

/// @param again whether to try once more where the RUN was about to end.
void account_state::pass_abort(const abort_run& x, abort_promise promise,
                               bool again) {
  auto owner = owner_for_abort(x);
  if (!owner) {
    promise.deliver(
      make_error(ec::unknown_run, fmt::format("account {} has no such run",
                                              config_.settings.name)));
    return;
  }
  self_->request(owner, abort_timeout, x)
    .then([promise](const run& y) mutable { promise.deliver(y); },
          [=, this](caf::error y) mutable {
            if (!again || y != caf::sec::request_receiver_down) {
              promise.deliver(std::move(y));
              return;
            }
            handle_down(owner.address());
            pass_abort(x, promise, false);
            serve();
          });
}

/// @returns the RUN of a run, made for the abort if it waits; null if there is
/// no such run.
run_actor account_state::owner_for_abort(const abort_run& x) {
  if (fallen_.contains(x.key))
    raise(x.key);
  if (auto i = live_.find(x.key); i != live_.end())
    return i->second.actor;
  if (admission_.cancel(x.key))
    return spawn(x.key, x, std::nullopt);
  return {};
}

caf::result<account_stopped> account_state::stop(const stop_account& x) {
  stopping_ = true;
  auto promise = self_->make_response_promise<account_stopped>();
  if (!x.abort) {
    promise.deliver(account_stopped{});
    return promise;
  }
  for (const auto& [key, owner] : live_)
    caf::anon_send(owner.actor, abort_run{key, false});
  stop_waiters_.push_back(
    {promise, live_.size() + fallen_.size(), time() + stop_timeout});
  serve();
  return promise;
}

/// Answers those who wait for the end of all runs.
void account_state::check_stopped() {
  auto at = time();
  auto left = live_.size() + fallen_.size();
  std::erase_if(stop_waiters_, [&](stop_waiter& x) {
    if (left > 0 && at < x.until)
      return false;
    x.promise.deliver(account_stopped{x.live - std::min(x.live, left)});
    return true;
  });
}

} // namespace orc
