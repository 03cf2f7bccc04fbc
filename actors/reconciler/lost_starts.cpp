#include "actors/reconciler/lost_starts.hpp"

#include "messages/json/json.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// `Date` headers are cut to the second, and clocks of replicas differ.
constexpr auto clock_slack = 10s;

/// How the User-Agent of all our requests begins.
constexpr std::string_view product = "ApifyOrchestrator/";

/// @returns whether `agent` names `marker` as a whole word.
bool carries(std::string_view agent, const std::string& marker) {
  auto word = "run/" + marker;
  auto at = agent.find(word);
  if (at == std::string_view::npos)
    return false;
  auto end = at + word.size();
  return end == agent.size() || agent[end] == ' ' || agent[end] == ';'
         || agent[end] == ')';
}

/// @returns whether `run` is shown under another client's name.
bool names_another(const remote_run& run) {
  return !run.user_agent.empty()
         && run.user_agent.find(product) == std::string::npos;
}

} // namespace

void lost_starts::add(lost_start x) {
  auto key = x.what.key;
  starts_.insert_or_assign(key, std::move(x));
}

void lost_starts::remove(run_key key) {
  starts_.erase(key);
}

timestamp lost_starts::list_from() const {
  auto earliest = std::min_element(
    starts_.begin(), starts_.end(), [](const auto& x, const auto& y) {
      return x.second.what.intent.at < y.second.what.intent.at;
    });
  return earliest->second.what.intent.at - clock_slack;
}

const lost_start* lost_starts::marked(const remote_run& run) const {
  if (run.user_agent.empty())
    return nullptr;
  for (const auto& [key, start] : starts_)
    if (carries(run.user_agent, start.what.intent.marker))
      return &start;
  return nullptr;
}

bool lost_starts::is_unclear(const remote_run& run) const {
  auto is_nameless = run.user_agent.empty();
  return (is_nameless || (is_rewritten_ && names_another(run)))
         && has_target(run);
}

bool lost_starts::is_foreign(const remote_run& run) const {
  return names_another(run) && has_target(run);
}

const lost_start*
lost_starts::fitting(const remote_run& run, const json_text& input) const {
  for (const auto& [key, start] : starts_) {
    const auto& ours = start.what.input;
    auto same = ours.empty() ? input.empty() || input.view() == "{}"
                             : json_contains(input.view(), ours.view());
    if (same && same_target(start, run))
      return &start;
  }
  return nullptr;
}

void lost_starts::learn(const remote_run& ours) {
  if (names_another(ours))
    is_rewritten_ = true;
}

std::vector<run_key> lost_starts::overdue(steady_time at) const {
  std::vector<run_key> result;
  for (const auto& [key, start] : starts_)
    if (start.deadline <= at)
      result.push_back(key);
  return result;
}

const lost_start* lost_starts::find(run_key key) const {
  auto i = starts_.find(key);
  return i != starts_.end() ? &i->second : nullptr;
}

bool lost_starts::same_target(const lost_start& start,
                              const remote_run& run) const {
  if (run.started_at < start.what.intent.at - clock_slack)
    return false;
  if (start.what.target.is_task && !start.task_id.empty())
    return run.task_id == start.task_id;
  return start.actor_id.empty() || run.actor_id.empty()
         || run.actor_id == start.actor_id;
}

bool lost_starts::has_target(const remote_run& run) const {
  return std::any_of(starts_.begin(), starts_.end(),
                     [&](const auto& x) { return same_target(x.second, run); });
}

} // namespace orc
