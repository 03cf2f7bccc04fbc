#include "emulator/platform/tasks.hpp"

#include "emulator/api/api_error.hpp"
#include "emulator/api/ids.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

template <class T>
void read_number(const json_value& options, std::string_view name,
                 std::optional<T>& result) {
  const auto* x = find_member(options, name);
  if (x != nullptr)
    result = x->IsNumber() ? std::optional<T>{static_cast<T>(x->GetDouble())}
                           : std::nullopt;
}

void read_options(const json_value& options, actor_task& task) {
  if (const auto build = string_member(options, "build"); !build.empty())
    task.build = build;
  read_number(options, "timeoutSecs", task.timeout_secs);
  read_number(options, "memoryMbytes", task.memory_mbytes);
  read_number(options, "maxItems", task.max_items);
  read_number(options, "maxTotalChargeUsd", task.max_total_charge_usd);
  if (const auto* x = find_member(options, "restartOnError");
      x != nullptr && x->IsBool())
    task.restart_on_error = x->GetBool();
}

bool is_called(const actor_task& task, std::string_view id,
               const user* caller) {
  const auto tilde = std::min(id.find('~'), id.find('/'));
  if (tilde == std::string_view::npos)
    return caller != nullptr && task.user_id == caller->id && task.name == id;
  const auto owner = id.substr(0, tilde);
  return task.name == id.substr(tilde + 1)
         && (owner.empty() ? caller != nullptr && task.user_id == caller->id
                           : task.username == owner);
}

template <class T>
void write_optional(json_writer& out, std::string_view name,
                    const std::optional<T>& x) {
  if (x)
    out.member(name, *x);
}

} // namespace

actor_task& task_book::create(const user& owner, std::string actor_id,
                              const json_value& body) {
  auto task = std::make_unique<actor_task>();
  task->id = new_id();
  task->user_id = owner.id;
  task->username = owner.name;
  task->actor_id = std::move(actor_id);
  task->name = string_member(body, "name", "task-" + task->id);
  task->created_at = now();
  if (find("~" + task->name, &owner) != nullptr)
    throw api_error{409, "actor-task-name-not-unique",
                    "You already have a task called \"" + task->name + "\"."};
  update(*task, body);
  return *tasks_.emplace(task->id, std::move(task)).first->second;
}

actor_task* task_book::find(std::string_view id, const user* caller) const {
  if (const auto i = tasks_.find(std::string{id}); i != tasks_.end())
    return i->second.get();
  for (const auto& [key, task] : tasks_)
    if (is_called(*task, id, caller))
      return task.get();
  return nullptr;
}

void task_book::update(actor_task& task, const json_value& body) {
  task.name = string_member(body, "name", task.name);
  task.title = string_member(body, "title", task.title);
  task.modified_at = now();
  if (const auto* input = find_member(body, "input");
      input != nullptr && input->IsObject())
    task.input = to_text(*input);
  if (const auto* options = find_member(body, "options"))
    read_options(*options, task);
}

void task_book::restore(const json_value& record) {
  auto task = std::make_unique<actor_task>();
  task->id = string_member(record, "id");
  task->user_id = string_member(record, "userId");
  task->username = string_member(record, "username");
  task->actor_id = string_member(record, "actId");
  const auto moment_of = [&record](std::string_view name) {
    return parse_iso(string_member(record, name)).value_or(now());
  };
  update(*task, record);
  task->created_at = moment_of("createdAt");
  task->modified_at = moment_of("modifiedAt");
  tasks_[task->id] = std::move(task);
}

void task_book::remove(const actor_task& task) {
  tasks_.erase(task.id);
}

std::string merge_input(std::string_view saved, std::string_view overrides) {
  auto base = json_document{};
  auto top = json_document{};
  if (!parse_json(saved, base) || !base.IsObject())
    base.SetObject();
  if (!parse_json(overrides.empty() ? "{}" : overrides, top))
    throw api_error{400, "run-input-body-not-valid-json",
                    "The input is not valid JSON."};
  if (!top.IsObject())
    throw api_error{400, "input-json-not-object",
                    "The input must be a JSON object."};
  auto& alloc = base.GetAllocator();
  for (const auto& member : top.GetObject()) {
    base.RemoveMember(member.name);
    base.AddMember(json_value{member.name, alloc},
                   json_value{member.value, alloc}, alloc);
  }
  return to_text(base);
}

std::string to_json(const actor_task& x) {
  auto out = json_writer{};
  out.object()
    .member("id", x.id)
    .member("userId", x.user_id)
    .member("actId", x.actor_id)
    .member("name", x.name)
    .member("title", x.title)
    .member("username", x.username)
    .member("createdAt", to_iso(x.created_at))
    .member("modifiedAt", to_iso(x.modified_at));
  out.key("stats").object().member("totalRuns", x.total_runs).end_object();
  out.key("options").object();
  write_optional(out, "build", x.build);
  write_optional(out, "timeoutSecs", x.timeout_secs);
  write_optional(out, "memoryMbytes", x.memory_mbytes);
  write_optional(out, "maxItems", x.max_items);
  write_optional(out, "maxTotalChargeUsd", x.max_total_charge_usd);
  write_optional(out, "restartOnError", x.restart_on_error);
  out.end_object().raw_member("input", x.input).end_object();
  return out.take();
}

} // namespace orc::emulator
