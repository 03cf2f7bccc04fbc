#include "app/import/npm_import.hpp"

#include "actors/orchestrator/submission.hpp"
#include "embedding/ask.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace orc::app {

namespace {

constexpr std::ptrdiff_t chunk_size = 1000;

/// @returns nothing for what is no status of the platform, such as LOST.
std::optional<remote_status> status_of(const npm_run& x) {
  return parse_enum<remote_status>(x.status);
}

void add_attempt(run_record& to, const npm_run& x) {
  auto& attempts = to.view.attempts;
  auto& next = attempts.emplace_back();
  next.number = static_cast<std::uint32_t>(attempts.size());
  next.run_id = x.run_id;
  next.status = status_of(x);
  next.started_at = x.started_at;
}

run_record to_record(const run_request& request, const std::string& account) {
  run_record result;
  result.target.is_task = !request.task.empty();
  result.target.id = result.target.is_task ? request.task : request.actor;
  result.options = request.options;
  result.max_attempts = request.attempts;
  result.priority = request.priority;
  result.on_succeeded = request.on_succeeded;
  result.on_aborted = request.on_aborted;
  result.on_timed_out = request.on_timed_out;
  auto& view = result.view;
  view.name = request.name;
  view.space = request.space;
  (result.target.is_task ? view.task : view.actor) = result.target.id;
  view.account = request.account.empty() ? account : request.account;
  view.memory = request.options.memory;
  return result;
}

/// The platform's status of what was live may have changed since.
void bind(run_record& to, const npm_runs& found, const npm_run& current) {
  auto history = found.failed_history.find(to.view.name);
  if (history != found.failed_history.end())
    for (const auto& x : history->second)
      if (x.run_id != current.run_id)
        add_attempt(to, x);
  add_attempt(to, current);
  auto& view = to.view;
  view.state = run_state::running;
  view.status = status_of(current);
  view.run_id = current.run_id;
  view.submitted_at = current.started_at;
  view.started_at = view.attempts.front().started_at;
}

} // namespace

imported_runs
to_records(const npm_runs& found, const std::vector<run_request>& requests,
           const std::string& default_account) {
  imported_runs result;
  std::map<std::string, const npm_run*> left;
  for (const auto& [name, run] : found.current)
    left.emplace(name, &run);
  for (const auto& request : requests) {
    auto entry = left.find(request.name);
    if (entry == left.end())
      continue;
    auto record = to_record(request, default_account);
    bind(record, found, *entry->second);
    result.runs.push_back({std::move(record), request.input});
    left.erase(entry);
  }
  for (const auto& [name, run] : left)
    result.left_out.push_back(name);
  return result;
}

caf::expected<imported_runs>
runs_to_import(const npm_runs& found, const orchestrator_settings& settings,
               const plan& work, const json_text& fixed_input) {
  auto requests = work.requests(0, work.size());
  if (auto err = put_under_inputs(settings, fixed_input, requests))
    return err;
  auto account
    = settings.accounts.empty() ? "" : settings.accounts.front().name;
  return to_records(found, requests, account);
}

caf::expected<import_outcome>
import_runs(caf::actor_system& system, const run_store_actor& store,
            const imported_runs& runs) {
  import_outcome result;
  result.left_out = runs.left_out;
  auto next = runs.runs.begin();
  while (next != runs.runs.end()) {
    auto size = std::min(runs.runs.end() - next, chunk_size);
    insert_runs request{{next, next + size}};
    next += size;
    auto done = ask<inserted_runs>(system, store, std::move(request));
    if (!done)
      return std::move(done.error());
    for (const auto& x : done->runs)
      ++(x.joined ? result.known : result.imported);
  }
  return result;
}

} // namespace orc::app
