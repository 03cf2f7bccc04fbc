#include "persistence/memory/run_store.hpp"

#include "persistence/instance.hpp"

#include <set>

namespace orc {

memory_run_store_state::memory_run_store_state(memory_store_actor::pointer self)
  : self_{self}, instance_{make_instance()}, hooks_{instance_} {
  // nop
}

memory_store_actor::behavior_type memory_run_store_state::make_behavior() {
  return {
    [this](const insert_runs& x) { return insert(x); },
    [this](const save_run& x) { return save(x); },
    [this](const settle_run& x) { return settle(x); },
    [this](const load_run& x) { return book_.load(x); },
    [this](const find_run& x) { return book_.find(x); },
    [this](const list_runs& x) { return book_.list(x); },
    [this](const load_unfinished& x) { return book_.unfinished(x); },
    [this](const load_unsettled& x) { return book_.unsettled(x); },
    [this](const find_bound& x) { return book_.bound(x); },
    [this](const load_totals& x) { return book_.totals(x); },
    [this](const save_account& x) { return book_.save_token(x); },
    [this](const load_accounts& x) { return book_.accounts(x); },
    [this](const prune_runs& x) { return pruned_runs{book_.prune(x).size()}; },
    [this](const load_split& x) { return splits_.load(x); },
    [this](const save_split& x) { return splits_.save(x); },
    [this](const save_batch& x) {
      batches_.insert_or_assign(x.record.ref, x.record);
      return saved{};
    },
    [this](const load_batches&) { return stored(); },
    [this](const list_batch_names& x) { return names(x); },
    [this](const check_store&) {
      return store_health{instance_, 0};
    },
    [this](const follow_hooks& x) { return hooks_.follow(x); },
    [this](const watch_deliveries& x) { delivery_sinks_.push_back(x.sink); },
    [this](const load_hooks&) { return hooks_.records(); },
    [this](const load_deliveries& x) { return hooks_.load(x); },
    [this](const settle_delivery& x) { return hooks_.settle(x); },
    [this](const disable_hook& x) { return hooks_.disable(x); },
    [this](const redrive_deliveries& x) { return redrive(x); },
    [this](const prune_deliveries& x) { return hooks_.prune(x); },
    [this](const begin_command& x) { return commands_.begin(x); },
    [this](const end_command& x) { return end(x); },
    [this](const forget_command& x) {
      commands_.forget(x);
      return saved{};
    },
    [this](const owe_events& x) { return owe(x); },
    [this](const prune_commands& x) {
      commands_.prune(x);
      return saved{};
    },
  };
}

caf::expected<inserted_runs>
memory_run_store_state::insert(const insert_runs& request) {
  auto result = book_.insert(request);
  if (result)
    for (const auto& x : result->runs)
      if (!x.joined)
        owe(std::nullopt, x.record);
  return result;
}

caf::expected<saved> memory_run_store_state::save(const save_run& request) {
  auto before = tally_of(request.record.key);
  auto result = book_.save(request);
  if (!result)
    return result;
  owe(before, request.record);
  if (hooks_.owe(request.facts))
    announce_deliveries();
  return result;
}

caf::expected<saved> memory_run_store_state::settle(const settle_run& request) {
  auto before = tally_of(request.record.key);
  auto result = book_.settle(request);
  if (result)
    owe(before, request.record);
  return result;
}

std::optional<tallied_run> memory_run_store_state::tally_of(run_key key) const {
  auto known = book_.runs().find(key);
  if (known == book_.runs().end())
    return std::nullopt;
  return make_tallied_run(known->second.record.view);
}

stored_batches memory_run_store_state::stored() const {
  stored_batches result;
  for (const auto& [ref, record] : batches_)
    result.records.push_back(record);
  return result;
}

batch_names
memory_run_store_state::names(const list_batch_names& request) const {
  batch_names result;
  const auto& runs = book_.runs();
  std::set<run_ref> known;
  for (auto i = runs.rbegin();
       i != runs.rend() && result.refs.size() < request.limit; ++i) {
    const auto& view = i->second.record.view;
    if (!view.batch || (!request.space.empty() && view.space != request.space))
      continue;
    auto ref = run_ref{view.space, *view.batch};
    if (known.insert(ref).second)
      result.refs.push_back(std::move(ref));
  }
  return result;
}

redriven_deliveries
memory_run_store_state::redrive(const redrive_deliveries& request) {
  auto result = hooks_.redrive(request);
  if (result.count > 0)
    announce_deliveries();
  return result;
}

saved memory_run_store_state::end(const end_command& request) {
  commands_.end(request);
  return owe({{request.fact}});
}

saved memory_run_store_state::owe(const owe_events& request) {
  if (hooks_.owe(request))
    announce_deliveries();
  return {};
}

void memory_run_store_state::owe(const std::optional<tallied_run>& before,
                                 const run_record& after) {
  if (hooks_.add(before, after))
    announce_deliveries();
}

void memory_run_store_state::announce_deliveries() {
  for (const auto& sink : delivery_sinks_)
    self_->send(sink, deliveries_added{});
}

memory_store_actor::behavior_type memory_run_store(
  memory_store_actor::stateful_pointer<memory_run_store_state> self) {
  return self->state.make_behavior();
}

} // namespace orc
