#include "actors/account/account.hpp"
#include "actors/account/log.hpp"

#include <utility>

namespace orc {

namespace {

/// A RUN that died comes back after so long.
constexpr std::chrono::milliseconds respawn_after{1'000};

bool is_errand(const run_errand& x) {
  return !std::holds_alternative<std::monostate>(x);
}

} // namespace

/// A refusal is passed on here; an abort by `pass_abort`, which waits for the
/// answer.
run_actor account_state::spawn(run_key key, run_errand task,
                               std::optional<run_record> resumed) {
  auto owner = parts_.spawn_run(self_, key, std::move(resumed));
  self_->monitor(owner);
  owners_.emplace(owner.address(), key);
  if (const auto* refusal = std::get_if<refuse_run>(&task))
    self_->send(owner, *refusal);
  errands_ += is_errand(task) ? 1 : 0;
  live_.insert_or_assign(key, live_run{owner, std::move(task), std::nullopt});
  return owner;
}

void account_state::forget(run_key key) {
  fallen_.erase(key);
  drop(key);
}

void account_state::drop(run_key key) {
  auto node = live_.extract(key);
  if (node.empty())
    return;
  owners_.erase(node.mapped().actor.address());
  errands_ -= is_errand(node.mapped().task) ? 1 : 0;
}

void account_state::handle_down(const caf::actor_addr& owner) {
  auto i = owners_.find(owner);
  if (i == owners_.end())
    return;
  auto key = i->second;
  log.error("run-died", "account={} key={}", config_.settings.name, key);
  auto back = fallen_run{time() + respawn_after,
                         admission_.withdraw(key, time()), live_.at(key).task};
  drop(key);
  fallen_.insert_or_assign(key, std::move(back));
}

void account_state::raise_fallen() {
  std::vector<run_key> due;
  for (const auto& [key, x] : fallen_)
    if (x.back_at <= time())
      due.push_back(key);
  for (auto key : due)
    raise(key);
}

/// Takes a run up again whose RUN died; its record tells how far it came.
void account_state::raise(run_key key) {
  auto x = std::move(fallen_.extract(key).mapped());
  if (x.place)
    admission_.restore(key, *x.place);
  auto owner = spawn(key, x.task, std::nullopt);
  const auto* order = std::get_if<abort_run>(&x.task);
  if (order || !stop_waiters_.empty())
    caf::anon_send(owner, order ? *order : abort_run{key, false});
}

} // namespace orc
