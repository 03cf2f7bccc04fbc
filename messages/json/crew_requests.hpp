#pragma once

#include "messages/json/raw_object.hpp"
#include "messages/task/tasks.hpp"

namespace orc {

// The bodies of Crew's API, which its clients write. All may be missing.
// Unknown fields, and those that only the service sets, are ignored. Every
// reader fails with `ec::bad_json`, or `ec::bad_field` naming the field.

caf::expected<create_task_group> read_crew_group(std::string_view body);

caf::expected<task_definition> read_crew_task(std::string_view body);

/// Reads an array of tasks to be made at once. `_child_id` names one among
/// them, `_parent_ids` those of them that come first, `parentIds` tasks that
/// are there.
caf::expected<std::vector<task_child>> read_crew_tasks(std::string_view body);

/// @returns what a task is after an edit: its fields where `body` has none.
caf::expected<task_definition>
edit_crew_task(const task& x, std::string_view body);

/// @returns all of it but the id of the task.
caf::expected<release_task> read_crew_release(std::string_view body);

/// @returns how many attempts a reset or retry gives.
caf::expected<std::int64_t> read_crew_attempts(std::string_view body);

/// What a worker says that asks for a task, or that still works on one.
struct crew_worker {
  std::string id;
  std::chrono::milliseconds lease{0};
};

caf::expected<crew_worker> read_crew_worker(std::string_view body);

/// @returns the answer to a worker that asked for a task.
std::string render_crew_assignment(const stored_tasks& x);

/// @returns the answer to one that gave a task back and asked for the next.
std::string render_crew_exchange(const stored_tasks& x);

/// @returns a JSON array of tasks.
std::string render_crew_tasks(const std::vector<task>& xs);
std::string render_crew_groups(const std::vector<task_group>& xs);
std::string render_crew_channels(const std::vector<task_channel>& xs);

} // namespace orc
