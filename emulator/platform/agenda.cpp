#include "emulator/platform/agenda.hpp"

#include "emulator/api/api_error.hpp"

#include <cstdio>

namespace orc::emulator {

agenda::entry agenda::at(moment when, std::function<void()> task) {
  // A task that plans itself again must not keep the thread for ever.
  if (running_until_ && when <= *running_until_)
    when = *running_until_ + std::chrono::milliseconds{1};
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
  running_until_ = when;
  while (!tasks_.empty() && tasks_.begin()->first.first <= when) {
    const auto node = tasks_.extract(tasks_.begin());
    try {
      node.mapped()();
    } catch (const api_error& error) {
      // Nobody waits for an answer, so the owner of a full disk is told.
      std::fprintf(stderr, "emulator: %s\n", error.message.c_str());
    }
  }
  running_until_.reset();
}

} // namespace orc::emulator
