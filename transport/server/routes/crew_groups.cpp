#include "messages/json/json.hpp"
#include "transport/server/routes/crew_common.hpp"

#include <fmt/format.h>

namespace orc::server {

namespace {

constexpr std::int64_t default_page = 50;

void list(const call_ptr& x) {
  auto limit = read_crew_limit(*x, default_page);
  auto skip = read_crew_skip(*x);
  if (!limit || !skip)
    return x->fail(!limit ? limit.error() : skip.error());
  find_task_groups question;
  question.limit = *limit;
  question.skip = *skip;
  x->ask_of<task_groups>(x->under().task_store, std::move(question),
                         [x](const task_groups& found) {
                           x->reply(200, render_crew_groups(found.groups));
                         });
}

void count(const call_ptr& x) {
  find_task_groups question;
  question.limit = 1;
  x->ask_of<task_groups>(
    x->under().task_store, std::move(question), [x](const task_groups& found) {
      x->reply(200, fmt::format(R"({{"count":{}}})", found.count));
    });
}

/// @param id "" if it has been removed.
void show_group(const call_ptr& x, std::string id) {
  if (id.empty())
    return reply_group(x, {});
  find_task_groups question;
  question.id = std::move(id);
  x->ask_of<task_groups>(x->under().task_store, std::move(question),
                         [x](const task_groups& found) {
                           reply_group(x, found);
                         });
}

void create(const call_ptr& x) {
  auto wanted = read_crew_group(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  if (!key_of(*x).empty()) {
    create_tasks alone;
    alone.group_name = std::move(wanted->name);
    alone.is_paused = wanted->is_paused;
    return create_once(x, "group", std::move(alone),
                       [x](const created_tasks& made) {
                         show_group(x, made.group_id);
                       });
  }
  x->ask_of<task_groups>(x->under().tasks, std::move(*wanted),
                         [x](const task_groups& made) {
                           reply_group(x, made);
                         });
}

void show(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  show_group(x, std::move(*id));
}

/// Asks TASKS to change the group of the path.
/// @param read fills in what the verb needs of the body.
template <group_verb Verb, class F>
void change(const call_ptr& x, F answer) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  change_task_group question{Verb, *id};
  if constexpr (Verb == group_verb::rename) {
    auto wanted = read_crew_group(x->request().body);
    if (!wanted)
      return x->fail(wanted.error());
    question.name = std::move(wanted->name);
  } else if constexpr (Verb == group_verb::retry) {
    auto attempts = read_crew_attempts(x->request().body);
    if (!attempts)
      return x->fail(attempts.error());
    question.attempts = *attempts;
  }
  // To reset a million tasks takes its time.
  x->ask_of<task_groups>(x->under().tasks, std::move(question), answer,
                         std::chrono::minutes{10});
}

template <group_verb Verb>
void change_and_show(const call_ptr& x) {
  change<Verb>(x, [x](const task_groups& done) { reply_group(x, done); });
}

void remove(const call_ptr& x) {
  change<group_verb::remove>(x, [x](const task_groups& gone) {
    x->reply(200, render_removal(gone.groups.size()));
  });
}

route group_route(std::string_view method, std::string_view path,
                  std::string_view id, std::string_view doc,
                  void (*handle)(const call_ptr&),
                  schema_maker body = nullptr) {
  return crew_route({method,
                     path,
                     id,
                     doc,
                     {id_parameter},
                     body,
                     {{200, "The group.", &schema_for<task_group>}},
                     handle});
}

std::vector<route> collection_routes() {
  return {crew_route({"GET",
                      "/api/v1/task_groups",
                      "listTaskGroups",
                      "Lists groups of tasks, the newest first.",
                      {{"limit", place::query, R"({"type":"integer"})",
                        "How many at most; 50 if not given, 0 for all."},
                       skip_parameter},
                      nullptr,
                      {{200, "An array of groups."}},
                      &list}),
          crew_route({"GET",
                      "/api/v1/task_groups/count",
                      "countTaskGroups",
                      "Counts groups of tasks.",
                      {},
                      nullptr,
                      {{200, "`{\"count\":…}`"}},
                      &count}),
          crew_route({"POST",
                      "/api/v1/task_groups",
                      "createTaskGroup",
                      "Makes a group of tasks.",
                      {key_parameter},
                      &schema_for<create_task_group>,
                      {{200, "The group.", &schema_for<task_group>}},
                      &create})};
}

} // namespace

std::vector<route> crew_group_routes() {
  auto result = collection_routes();
  result.push_back(group_route("GET", "/api/v1/task_group/{id}", "getTaskGroup",
                               "Shows a group of tasks.", &show));
  result.push_back(group_route("PUT", "/api/v1/task_group/{id}",
                               "editTaskGroup", "Renames a group of tasks.",
                               &change_and_show<group_verb::rename>,
                               &schema_for<create_task_group>));
  result.push_back(group_route("DELETE", "/api/v1/task_group/{id}",
                               "removeTaskGroup",
                               "Removes a group and all its tasks.", &remove));
  result.back().answers = {{200, "How many groups were removed: 0 or 1."}};
  result.push_back(group_route("POST", "/api/v1/task_group/{id}/pause",
                               "pauseTaskGroup",
                               "Hands out no task of the group any more.",
                               &change_and_show<group_verb::pause>));
  result.push_back(group_route("POST", "/api/v1/task_group/{id}/resume",
                               "resumeTaskGroup",
                               "Hands tasks of the group out again.",
                               &change_and_show<group_verb::resume>));
  result.push_back(group_route("POST", "/api/v1/task_group/{id}/reset",
                               "resetTaskGroup",
                               "Makes all tasks of the group as if new; if it "
                               "has seeds, removes all others.",
                               &change_and_show<group_verb::reset>));
  result.push_back(group_route("POST", "/api/v1/task_group/{id}/retry",
                               "retryTaskGroup",
                               "Gives attempts to the tasks of the group that "
                               "have none left.",
                               &change_and_show<group_verb::retry>));
  return result;
}

} // namespace orc::server
