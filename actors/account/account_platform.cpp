#include "actors/account/account.hpp"
#include "actors/account/log.hpp"

#include <utility>

namespace orc {

namespace {

constexpr std::chrono::seconds answer_timeout{10};

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
  self_->request(parts_.api, answer_timeout, get_limits{})
    .then([this](const account_limits& x) { handle_limits(x); },
          [this](const caf::error& x) { handle_no_limits(x); });
}

void account_state::handle_limits(const account_limits& x) {
  asking_limits_ = false;
  limits_denied_ = false;
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
  auto source = admission_.books().memory().source();
  // What was known stays the best guess while the platform is not well.
  if (source == limits_source::nothing
      || (source == limits_source::platform && limits_denied_)) {
    log.warn("limits-unknown", "account={} {}", config_.settings.name,
             message_of(x));
    limits_.reset();
    admission_.limits_unknown();
  }
  serve();
}

void account_state::ask_user() {
  self_->request(parts_.api, answer_timeout, get_user{})
    .then([this](const remote_user& x) { username_ = x.username; },
          [this](const caf::error& x) {
            log.warn("user-unknown", "account={} {}", config_.settings.name,
                     message_of(x));
          });
}

void account_state::ask_target(const run_target& target) {
  self_->request(parts_.api, answer_timeout, get_target{target})
    .then(
      [this, target](const target_defaults& x) {
        admission_.target_known(target, x);
        serve();
      },
      [this, target](const caf::error& x) {
        log.warn("target-unknown", "account={} target={} {}",
                 config_.settings.name, target.id, message_of(x));
        admission_.target_known(target, std::nullopt);
        serve();
      });
}

} // namespace orc
