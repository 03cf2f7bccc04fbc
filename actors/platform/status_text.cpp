#include "actors/platform/status_text.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

using counts = std::map<std::string, std::uint64_t>;

std::uint64_t count_of(const counts& xs, std::string_view name) {
  auto i = xs.find(std::string{name});
  return i != xs.end() ? i->second : 0;
}

} // namespace

std::string status_text(const run_totals& x) {
  std::uint64_t all = 0;
  for (const auto& [state, count] : x.states)
    all += count;
  if (all == 0)
    return "No runs yet";
  auto waiting = count_of(x.states, name_of(run_state::queued));
  auto running = count_of(x.states, name_of(run_state::starting))
                 + count_of(x.states, name_of(run_state::running));
  auto done = all - waiting - running;
  auto failed = done - count_of(x.statuses, name_of(remote_status::succeeded));
  auto result = fmt::format("{} of {} runs are done", done, all);
  if (failed > 0)
    result += fmt::format(", {} of them did not succeed", failed);
  if (running > 0)
    result += fmt::format("; {} running", running);
  if (waiting > 0)
    result += fmt::format("{} {} waiting", running > 0 ? "," : ";", waiting);
  return result;
}

} // namespace orc
