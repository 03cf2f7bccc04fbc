#include "emulator/platform/agenda.hpp"

namespace orc::emulator {

agenda::entry agenda::at(moment when, std::function<void()> task) {
  const auto key = entry{when, ++last_};
  const auto is_first = tasks_.empty() || key < tasks_.begin()->first;
  tasks_.emplace(key, std::move(task));
  if (is_first && sooner_)
    sooner_();
  return key;
}

void agenda::cancel(const entry& which) {
  tasks_.erase(which);
}

void agenda::run(moment when) {
  const auto newest = last_;
  while (!tasks_.empty() && tasks_.begin()->first.first <= when) {
    auto i = tasks_.begin();
    // What was planned meanwhile waits for the next call: a task that plans
    // itself again must not keep the thread for ever.
    while (i != tasks_.end() && i->first.first <= when
           && i->first.second > newest)
      ++i;
    if (i == tasks_.end() || i->first.first > when)
      return;
    auto node = tasks_.extract(i);
    node.mapped()();
  }
}

} // namespace orc::emulator
