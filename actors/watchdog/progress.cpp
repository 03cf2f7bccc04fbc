#include "actors/watchdog/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_pause{1'000};
constexpr milliseconds longest_pause{300'000};

/// All of a run that changes when something happens to it.
std::string signs_of(const remote_run& x) {
  return fmt::format("{} {} {} {} {}", name_of(x.status), x.migration_count,
                     x.reboot_count, x.restart_count,
                     x.status_message.value_or(""));
}

} // namespace

progress::progress(milliseconds patience, timestamp now)
  : patience_{patience}, since_{now} {
  // nop
}

bool progress::saw_items(std::uint64_t count, timestamp now) {
  auto before = std::exchange(items_, count);
  if (!before || *before == count)
    return false;
  since_ = now;
  return true;
}

bool progress::saw_run(const remote_run& x, timestamp now) {
  auto before = std::exchange(signs_, signs_of(x));
  if (!before || before == signs_)
    return false;
  since_ = now;
  return true;
}

bool progress::saw_log(milliseconds age, timestamp now) {
  auto at = now - age;
  if (at <= since_)
    return false;
  since_ = std::min(at, now);
  return true;
}

timestamp progress::next_look(timestamp now) const {
  auto pause = std::clamp(patience_ / 4, shortest_pause, longest_pause);
  auto end = since_ + patience_;
  return end > now ? std::min(now + pause, end) : now + pause;
}

} // namespace orc
