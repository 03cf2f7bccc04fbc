#include "actors/account/admission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// Held for a run that lives already and of which nobody knows what it has.
constexpr mebibytes usual_memory{1024};

/// It ran before we asked the platform anything.
constexpr timestamp long_ago{};

} // namespace

admission::admission(admission_rules rules, std::uint32_t seed)
  : rules_{std::move(rules)}, capacity_{rules_.max_memory, rules_.max_runs},
    random_{seed} {
  // nop
}

void admission::change_caps(std::optional<mebibytes> max_memory,
                            std::optional<std::uint64_t> max_runs) {
  rules_.max_memory = max_memory;
  rules_.max_runs = max_runs;
  capacity_.change_caps(max_memory, max_runs);
  may_have_hopeless_ = true;
}

void admission::enqueue(const queued_run& x) {
  holds_.cancel(x.key);
  auto kind = class_of(x);
  auto& target = targets_.at(kind.target);
  if (!kind.memory && !target.asked) {
    target.asked = true;
    questions_.push_back(target.target);
  }
  queue_.push(kind, x.key, x.not_before);
  may_have_hopeless_ = true;
}

void admission::resume(const run_record& x) {
  auto kind = run_class{x.priority, space_id(x.view.space),
                        targets_.id_of(x.target), x.options.memory};
  auto memory = x.view.memory ? x.view.memory : x.options.memory;
  place(x.key, {kind, memory.value_or(usual_memory),
                x.view.state != run_state::running});
}

void admission::started(const run_started& x, timestamp now) {
  auto i = placed_.find(x.key);
  if (i == placed_.end())
    return;
  auto& placed = i->second;
  auto& target = targets_.at(placed.kind.target);
  if (x.memory.count > 0)
    placed.memory = x.memory;
  if (!placed.kind.memory && target.memory != placed.memory) {
    target.memory = placed.memory;
    may_have_hopeless_ = true;
  }
  if (std::exchange(placed.starting, false)) {
    --target.starting;
    target.pace.worked();
    unreachable_.worked();
  }
  capacity_.confirm(x.key, placed.memory, now);
  enqueue_all(holds_.started(x.key));
}

void admission::returned(const run_returned& x, timestamp now) {
  if (auto placed = withdraw(x.run.key, now))
    handle_refusal(*placed, x.why, now);
  if (x.why == ec::budget_reached)
    return wait_for_budget(x);
  enqueue_all(holds_.forget(x.run.key));
  enqueue(x.run);
}

void admission::wait_for_budget(const run_returned& x) {
  // While the denial was on its way the budget opened, and does not tell again.
  if (holds_.has_opened_since(x.budget, x.openings))
    return enqueue(x.run);
  if (x.alone)
    return enqueue_all(holds_.park(x.run, x.budget, x.reason));
  holds_.hold(class_of(x.run), x.budget, x.reason);
  enqueue(x.run);
}

void admission::enqueue_all(const std::vector<queued_run>& xs) {
  for (const auto& x : xs)
    enqueue(x);
}

void admission::budget_opened(const std::string& budget,
                              std::uint64_t openings) {
  enqueue_all(holds_.open(budget, openings));
}

void admission::ended(run_key key, timestamp now) {
  enqueue_all(holds_.forget(key));
  withdraw(key, now);
}

std::optional<admission::placement>
admission::withdraw(run_key key, timestamp now) {
  auto node = placed_.extract(key);
  if (node.empty())
    return std::nullopt;
  const auto& placed = node.mapped();
  if (placed.starting)
    --targets_.at(placed.kind.target).starting;
  capacity_.release(key, now);
  return placed;
}

void admission::restore(run_key key, const placement& x) {
  place(key, x);
}

void admission::target_known(const run_target& target,
                             const std::optional<target_defaults>& x) {
  auto& entry = targets_.at(targets_.id_of(target));
  entry.answered = true;
  if (x && x->memory)
    entry.memory = x->memory;
  may_have_hopeless_ = true;
}

void admission::limits_known(const account_limits& x) {
  capacity_.limits_known(x);
  may_have_hopeless_ = true;
}

void admission::limits_unknown() {
  capacity_.limits_unknown();
  may_have_hopeless_ = true;
}

std::optional<run_key> admission::next(timestamp now) {
  retry_at_.reset();
  if (queue_.release_due(now))
    may_have_hopeless_ = true;
  if (!may_start(now))
    return std::nullopt;
  std::vector<line_front> passed;
  auto found
    = queue_.find([&](const line_front& x) { return judge(x, now, passed); });
  if (!found)
    return std::nullopt;
  for (const auto& x : passed)
    note_passed(x, now);
  admit(*found, now);
  return found->key;
}

std::optional<refuse_run> admission::next_hopeless() {
  if (!may_have_hopeless_)
    return std::nullopt;
  auto found = queue_.find([this](const line_front& x) {
    return is_hopeless(*x.kind) ? admission_verdict::take
                                : admission_verdict::skip;
  });
  if (!found) {
    may_have_hopeless_ = false;
    return std::nullopt;
  }
  auto needed = *memory_of(*found->kind);
  queue_.pop(*found);
  return refuse_run{found->key, ec::memory_exceeds_account,
                    fmt::format("the run needs {}, account {} has {} in all",
                                needed, rules_.account,
                                mebibytes{*capacity_.memory().ceiling()})};
}

std::vector<run_target> admission::take_questions() {
  return std::exchange(questions_, {});
}

std::optional<timestamp> admission::retry_at() const {
  auto due = queue_.next_due();
  return due && retry_at_ ? std::min(due, retry_at_) : due ? due : retry_at_;
}

bool admission::may_start(timestamp now) {
  if (unreachable_.holds(now)) {
    look_again_at(unreachable_.until());
    return false;
  }
  if (capacity_.starting() >= rules_.max_starting || !capacity_.may_try_more())
    return false;
  if (capacity_.fits(mebibytes{1}, now))
    return true;
  look_again_at(capacity_.memory().retry_at(now));
  look_again_at(capacity_.slots().retry_at(now));
  return false;
}

admission_verdict admission::judge(const line_front& x, timestamp now,
                                   std::vector<line_front>& passed) {
  const auto& target = targets_.at(x.kind->target);
  auto memory = memory_of(*x.kind);
  if (!memory || holds_.holds(*x.kind) || is_hopeless(*x.kind)
      || target.starting >= rules_.max_starting_of_target)
    return admission_verdict::skip;
  if (auto ready = target.pace.ready_at(); ready > now) {
    look_again_at(ready);
    return admission_verdict::skip;
  }
  if (capacity_.fits(*memory, now))
    return admission_verdict::take;
  look_again_at(capacity_.memory().retry_at(now));
  if (keeps_room(x, *memory, now))
    return admission_verdict::stop;
  passed.push_back(x);
  return admission_verdict::skip;
}

/// Room is kept only where it helps: others' use is not ours to end.
bool admission::keeps_room(const line_front& x, mebibytes memory,
                           timestamp now) const {
  auto i = overtaken_.find(x.line);
  return i != overtaken_.end() && i->second.key == x.key
         && now - i->second.since >= rules_.max_overtake
         && capacity_.memory().is_reachable(memory.count);
}

void admission::note_passed(const line_front& x, timestamp now) {
  auto& noted = overtaken_[x.line];
  if (noted.key != x.key)
    noted = {x.key, now};
}

void admission::admit(const line_front& x, timestamp now) {
  auto placed = placement{*x.kind, *memory_of(*x.kind), true};
  queue_.pop(x);
  queue_.charge(placed.kind.space,
                static_cast<std::int64_t>(placed.memory.count));
  targets_.at(placed.kind.target).pace.sent(now);
  overtaken_.erase(x.line);
  place(x.key, placed);
}

void admission::place(run_key key, const placement& x) {
  if (!placed_.emplace(key, x).second)
    return;
  capacity_.reserve(key, x.memory);
  if (x.starting)
    ++targets_.at(x.kind.target).starting;
  else
    capacity_.confirm(key, x.memory, long_ago);
}

void admission::handle_refusal(const placement& x, ec why, timestamp now) {
  auto jitter = std::uniform_real_distribution<double>{0, 1};
  if (why == ec::memory_refused)
    capacity_.refused_memory(x.memory, now);
  else if (why == ec::slots_refused)
    capacity_.refused_slot(now);
  else if (why == ec::rate_limited)
    targets_.at(x.kind.target).pace.limited(now, jitter(random_));
  else if (why == ec::not_sent)
    unreachable_.failed(now);
  if (x.starting)
    queue_.charge(x.kind.space, -static_cast<std::int64_t>(x.memory.count));
}

void admission::look_again_at(std::optional<timestamp> x) {
  if (x)
    retry_at_ = std::min(*x, retry_at_.value_or(*x));
}

run_class admission::class_of(const queued_run& x) {
  return {x.priority, space_id(x.space), targets_.id_of(x.target), x.memory};
}

std::uint32_t admission::space_id(const std::string& space) {
  auto next = static_cast<std::uint32_t>(space_ids_.size());
  return space_ids_.emplace(space, next).first->second;
}

std::optional<mebibytes> admission::memory_of(const run_class& kind) const {
  return kind.memory ? kind.memory
                     : target_book::default_memory(targets_.at(kind.target));
}

bool admission::is_hopeless(const run_class& kind) const {
  auto memory = memory_of(kind);
  auto ceiling = capacity_.memory().ceiling();
  return memory && ceiling && memory->count > *ceiling;
}

} // namespace orc
