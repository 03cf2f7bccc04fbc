// Whom TASKS tells of what, and in which words.

#include "actors/task/tasks.hpp"
#include "messages/json/json.hpp"
#include "messages/json/task_facts.hpp"

#include <utility>

namespace orc {

void tasks_state::tell(const std::string& room, std::string_view what,
                       std::string data) {
  pass_on({room, std::string{what}, json_text{std::move(data)}});
}

void tasks_state::pass_on(const task_event& x) {
  for (const auto& sink : sinks_)
    self_->send(sink, x);
}

void tasks_state::tell_new_group(const std::string& id) {
  if (sinks_.empty())
    return;
  find_task_groups question;
  question.id = id;
  self_->request(store_, caf::infinite, std::move(question))
    .await(
      [this](const task_groups& found) {
        if (found.groups.empty())
          return;
        const auto& is = found.groups.front();
        tell(is.id, "group:create", to_json(is));
        tell(is.id, "task_group:update", to_json(is));
      },
      [](const caf::error&) {
        // It has been removed since.
      });
}

void tasks_state::tell_task(std::string_view what, const task& x) {
  if (!sinks_.empty())
    tell(x.group_id, what, to_json(x));
}

void tasks_state::tell_acquire(const task& x) {
  if (sinks_.empty())
    return;
  tell_task("task:update", x);
  if (x.key)
    tell(x.group_id, "task:acquire:key", render_key_taken(x));
}

void tasks_state::tell_release(const stored_tasks& shown, std::size_t created,
                               const release_task& x,
                               const std::optional<timestamp>& until) {
  if (sinks_.empty())
    return;
  const auto& is = shown.tasks.front();
  tell_task("task:update", is);
  for (std::size_t i = 1; i < shown.tasks.size(); ++i)
    tell_task(i <= created ? "task:create" : "task:update", shown.tasks[i]);
  if (is.key)
    tell(is.group_id, "task:release:key",
         render_key_given_back(is, x.error.view()));
  if (until)
    tell(is.group_id, "workgroup:delay",
         render_workgroup_delayed(is.workgroup.value_or(""), *until));
}

void tasks_state::subscribe(const task_event_sink& sink) {
  self_->monitor(sink);
  sinks_.push_back(sink);
}

void tasks_state::unsubscribe(const task_event_sink& sink) {
  self_->demonitor(sink.address());
  forget(sink.address());
}

void tasks_state::forget(const caf::actor_addr& sink) {
  std::erase_if(sinks_,
                [&](const task_event_sink& x) { return x.address() == sink; });
}

void tasks_state::watch(const channel_sink& sink) {
  channel_sinks_.push_back(sink);
  for (const auto& channel : book_.channels())
    self_->send(sink, channel_seen{channel});
}

} // namespace orc
