#include "emulator/platform/run_logs.hpp"

#include <algorithm>

namespace orc::emulator {

void run_logs::append(run& which, std::string_view lines) {
  const auto room = max_chars - std::min(max_chars, which.log.size());
  const auto kept = std::string{lines.substr(0, room)};
  which.log.append(kept);
  const auto i = followers_.find(which.id);
  if (i == followers_.end() || kept.empty())
    return;
  for (const auto& f : i->second)
    f(kept, false);
}

void run_logs::say(run& which, std::string_view line) {
  append(which, to_iso(now()) + " ACTOR: " + std::string{line} + "\n");
}

void run_logs::follow(const run& which, follower f) {
  followers_[which.id].push_back(std::move(f));
}

void run_logs::close(const run& which) {
  const auto node = followers_.extract(which.id);
  if (node.empty())
    return;
  for (const auto& f : node.mapped())
    f({}, true);
}

} // namespace orc::emulator
