// How a batch becomes durable, and what waits for that.

#include "actors/walk/walk.hpp"
#include "messages/base/fault_point.hpp"

#include <utility>

namespace orc {

namespace {

/// What changes meanwhile shares one save; nobody waits for it.
constexpr std::chrono::milliseconds save_interval{5};

} // namespace

void walk_state_machine::save(bool at_once) {
  if (saving_ || (!window_.is_dirty() && announcing_.empty()))
    return;
  if (at_once)
    return save_now();
  if (std::exchange(save_planned_, true))
    return;
  self_->delayed_send(self_, save_interval, walk_save_now{});
}

void walk_state_machine::save_now() {
  if (saving_ || !window_.is_dirty())
    return;
  saving_ = true;
  announced_ = std::exchange(announcing_, {});
  applied_ = std::exchange(appliers_, {});
  if (revival_ != revival::nothing)
    return revive();
  self_->request(parts_.store, caf::infinite, window_.take_changes())
    .then([this](const saved&) { saved_one(); },
          [this](caf::error& err) { die(std::move(err)); });
}

/// Rows and counters change in one step, and nothing else is saved meanwhile.
void walk_state_machine::revive() {
  is_reviving_ = true;
  revive_walk_pages question;
  question.failed
    = std::exchange(revival_, revival::nothing) == revival::failed;
  if (question.failed)
    window_.mend_chain();
  question.change = window_.take_changes();
  question.now = time();
  self_->request(parts_.store, caf::infinite, std::move(question))
    .then(
      [this](const revived_pages& x) {
        is_reviving_ = false;
        window_.revive(x);
        stuck_due_.reset();
        saved_one();
      },
      [this](caf::error& err) { die(std::move(err)); });
}

void walk_state_machine::saved_one() {
  saving_ = false;
  fault_point("page-saved");
  for (auto& x : std::exchange(applied_, {}))
    x.deliver(view());
  for (auto [number, attempt] : std::exchange(announced_, {}))
    if (auto* page = window_.find(number, attempt)) {
      if (starts_nothing())
        take_back(*page);
      else
        work(*page);
    }
  if (!announcing_.empty() || !appliers_.empty() || finishing_)
    return finishing_ && !window_.is_dirty() ? finish() : save_now();
  pump();
}

/// It has not begun after all.
void walk_state_machine::take_back(live_page& page) {
  page.is.started = false;
  page_result how;
  how.end = page_end::stopped;
  window_.end_attempt(page, how, time());
}

} // namespace orc
