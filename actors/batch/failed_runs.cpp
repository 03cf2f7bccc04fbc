#include "actors/batch/failed_runs.hpp"

#include <fmt/format.h>

namespace orc {

bool has_failed(const run& x) {
  return is_final(x.state) && !succeeded(x);
}

run_request make_request(const loaded_run& x) {
  const auto& [record, input] = x;
  run_request result;
  result.name = record.view.name;
  result.space = record.view.space;
  result.batch = record.view.batch.value_or("");
  (record.target.is_task ? result.task : result.actor) = record.target.id;
  result.input = input;
  result.options = record.options;
  result.account = record.view.account;
  // One more than it had: it asks for what was used up.
  result.attempts = 1;
  result.priority = record.priority;
  result.on_succeeded = record.on_succeeded;
  result.on_aborted = record.on_aborted;
  result.on_timed_out = record.on_timed_out;
  result.budget_usd = record.view.budget_usd;
  result.max_memory = record.max_memory;
  result.stuck = record.stuck;
  return result;
}

std::string find_excess(const batch_rules& rules, std::uint64_t failed,
                        std::uint64_t runs) {
  if (rules.tolerated_failures && failed > *rules.tolerated_failures)
    return fmt::format("{} runs failed, more than the {} tolerated", failed,
                       *rules.tolerated_failures);
  auto share
    = runs > 0 ? static_cast<double>(failed) / static_cast<double>(runs) : 0;
  if (rules.tolerated_share && share > *rules.tolerated_share)
    return fmt::format("{} of {} runs failed, more than the share of {} "
                       "tolerated",
                       failed, runs, *rules.tolerated_share);
  return {};
}

} // namespace orc
