#include "actors/account/account.hpp"
#include "actors/account/log.hpp"
#include "messages/apify_api/patience.hpp"

#include <utility>

namespace orc {

namespace {

/// Longer than that nothing waits for the platform. Its API tries on meanwhile:
/// no second call is made while it does.
constexpr std::chrono::milliseconds patience{10'000};

/// While something waits, limits older than this are asked for again.
constexpr std::chrono::milliseconds limits_age_busy{5'000};
constexpr std::chrono::milliseconds limits_age_idle{60'000};

/// @returns whether asking again soon makes no sense.
bool is_denial(const caf::error& x) {
  auto code = code_of(x);
  return code == ec::unauthorized || code == ec::forbidden
         || code == ec::not_found;
}

} // namespace

void account_state::ask_platform() {
  for (const auto& target : admission_.take_questions())
    ask_target(target);
  if (limits_are_stale_ || time() >= limits_due())
    ask_limits();
}

timestamp account_state::limits_due() const {
  auto often = admission_.queued() > 0 && !limits_denied_;
  return limits_asked_ + (often ? limits_age_busy : limits_age_idle);
}

void account_state::ask_limits() {
  if (std::exchange(asking_limits_, true))
    return;
  limits_are_stale_ = false;
  limits_asked_ = time();
  admission_.limits_asked(limits_asked_);
  self_->request(parts_.api, apify_api_patience, get_limits{})
    .then([this](const account_limits& x) { handle_limits(x); },
          [this](const caf::error& x) { handle_no_limits(x); });
  self_->delayed_send(self_, patience, platform_overdue{});
}

void account_state::handle_limits(const account_limits& x) {
  asking_limits_ = false;
  limits_denied_ = false;
  // The books do not tell any more what of ours a later answer has counted.
  if (time() - limits_asked_ > patience)
    return serve();
  limits_ = x;
  admission_.limits_known(x);
  if (parts_.budgets && x.max_monthly_usd && x.monthly_usd)
    self_->send(parts_.budgets,
                account_month{config_.settings.name, *x.max_monthly_usd,
                              *x.monthly_usd, self_});
  serve();
}

void account_state::handle_no_limits(const caf::error& x) {
  asking_limits_ = false;
  limits_denied_ = is_denial(x);
  do_without_limits(message_of(x));
  serve();
}

void account_state::do_without_limits(const std::string& why) {
  auto source = admission_.books().memory().source();
  // What was known stays the best guess while the platform is not well.
  if (source != limits_source::nothing
      && (source != limits_source::platform || !limits_denied_))
    return;
  log.warn("limits-unknown", "account={} {}", config_.settings.name, why);
  limits_.reset();
  admission_.limits_unknown();
}

void account_state::ask_user() {
  if (std::exchange(asking_user_, true))
    return;
  self_->request(parts_.api, apify_api_patience, get_user{})
    .then(
      [this](const remote_user& x) {
        asking_user_ = false;
        username_ = x.username;
      },
      [this](const caf::error& x) {
        asking_user_ = false;
        log.warn("user-unknown", "account={} {}", config_.settings.name,
                 message_of(x));
      });
}

void account_state::ask_target(const run_target& target) {
  asking_targets_.insert(target);
  self_->request(parts_.api, apify_api_patience, get_target{target})
    .then(
      [this, target](const target_defaults& x) {
        asking_targets_.erase(target);
        admission_.target_known(target, x);
        serve();
      },
      [this, target](const caf::error& x) {
        do_without_target(target, message_of(x));
        serve();
      });
  self_->delayed_send(self_, patience, platform_overdue{target});
}

/// Its runs are taken for usual ones, until the platform or one of them tells.
void account_state::do_without_target(const run_target& target,
                                      const std::string& why) {
  if (asking_targets_.erase(target) == 0)
    return;
  log.warn("target-unknown", "account={} target={} {}", config_.settings.name,
           target.id, why);
  admission_.target_known(target, std::nullopt);
}

void account_state::stop_waiting_for(const std::optional<run_target>& target) {
  constexpr auto why = "the platform does not answer";
  if (target)
    do_without_target(*target, why);
  else if (asking_limits_ && time() - limits_asked_ >= patience)
    do_without_limits(why);
  serve();
}

} // namespace orc
