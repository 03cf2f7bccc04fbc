#include "emulator/platform/run_registry.hpp"

namespace orc::emulator {

run& run_registry::add(std::unique_ptr<run> x) {
  auto& result = *x;
  result.number = ++last_number_;
  result.shown_in = {&index("user", result.owner->id, ""),
                     &index("actor", result.owner->id, result.actor_id)};
  if (!result.task_id.empty())
    result.shown_in.push_back(&index("task", result.task_id, ""));
  for (auto* list : result.shown_in)
    list->add(result);
  runs_.emplace(result.id, std::move(x));
  return result;
}

run* run_registry::find(std::string_view id) const {
  const auto i = runs_.find(std::string{id});
  return i == runs_.end() ? nullptr : i->second.get();
}

void run_registry::set_status(run& x, run_status status) {
  for (auto* list : x.shown_in)
    list->remove(x);
  x.status = status;
  for (auto* list : x.shown_in)
    list->add(x);
}

void run_registry::remove(run& x) {
  for (auto* list : x.shown_in)
    list->remove(x);
  runs_.erase(x.id);
}

void run_registry::clear() {
  runs_.clear();
  indexes_.clear();
}

const run_index& run_registry::of_user(const user& who) {
  return index("user", who.id, "");
}

const run_index&
run_registry::of_actor(const user& who, std::string_view actor_id) {
  return index("actor", who.id, actor_id);
}

const run_index& run_registry::of_task(std::string_view task_id) {
  return index("task", task_id, "");
}

run_index& run_registry::index(std::string_view kind, std::string_view x,
                               std::string_view y) {
  auto key = std::string{kind};
  key.append("/").append(x).append("/").append(y);
  return indexes_[std::move(key)];
}

} // namespace orc::emulator
