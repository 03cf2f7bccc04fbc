#include "emulator/platform/run_waiters.hpp"

namespace orc::emulator {

void run_waiters::wait(const std::string& run_id, moment latest,
                       std::function<void()> done) {
  const auto number = ++last_;
  const auto timeout
    = agenda_.at(latest, [this, run_id, number] { give_up(run_id, number); });
  waiters_[run_id].emplace(number, waiter{std::move(done), timeout});
}

void run_waiters::wake(const std::string& run_id) {
  const auto node = waiters_.extract(run_id);
  if (node.empty())
    return;
  for (const auto& [number, x] : node.mapped()) {
    agenda_.cancel(x.timeout);
    x.done();
  }
}

void run_waiters::give_up(const std::string& run_id, std::uint64_t number) {
  const auto i = waiters_.find(run_id);
  if (i == waiters_.end())
    return;
  const auto node = i->second.extract(number);
  if (i->second.empty())
    waiters_.erase(i);
  if (!node.empty())
    node.mapped().done();
}

} // namespace orc::emulator
