#include "messages/json/json.hpp"
#include "messages/task/copy.hpp"
#include "messages/task/patch.hpp"
#include "transport/server/routes/crew_common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>

namespace orc::server {

namespace {

constexpr std::int64_t default_page = 50;
constexpr std::int64_t all = -1;

/// So many tasks are read at a time: others wait no longer for the store.
constexpr std::uint64_t most_at_once = 500;

/// A list that is read page after page.
struct task_list {
  /// For the next page.
  find_tasks question;
  /// So many more at most.
  std::uint64_t left = 0;
  std::vector<task> found = {};
};

void read_on(const call_ptr& x, const std::shared_ptr<task_list>& list) {
  list->question.limit = std::min(list->left, most_at_once);
  x->ask_of<stored_tasks>(
    x->under().task_store, list->question,
    [x, list](stored_tasks& page) {
      auto count = page.tasks.size();
      std::move(page.tasks.begin(), page.tasks.end(),
                std::back_inserter(list->found));
      list->left -= count;
      if (list->left == 0 || count < list->question.limit)
        return x->reply(200, render_crew_tasks(list->found));
      list->question.skip = 0;
      list->question.before = list->found.back().id;
      read_on(x, list);
    },
    std::chrono::minutes{10});
}

void list_of(const call_ptr& x, find_tasks question, std::int64_t otherwise) {
  auto limit = read_crew_limit(*x, otherwise);
  auto skip = read_crew_skip(*x);
  if (!limit || !skip)
    return x->fail(!limit ? limit.error() : skip.error());
  auto list = std::make_shared<task_list>();
  list->question = std::move(question);
  list->question.skip = *skip;
  list->left = *limit == 0 ? std::numeric_limits<std::uint64_t>::max() : *limit;
  read_on(x, list);
}

void list_group(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  find_tasks question;
  question.group_id = *id;
  list_of(x, std::move(question), all);
}

void list_channel(const call_ptr& x) {
  find_tasks question;
  question.channel = x->path("id");
  list_of(x, std::move(question), default_page);
}

void list_dead(const call_ptr& x) {
  find_tasks question;
  question.dead = true;
  question.channel = x->text("channel").value_or("");
  list_of(x, std::move(question), default_page);
}

/// Makes all tasks of an array, or none.
void create_all(const call_ptr& x, std::string group) {
  auto wanted = read_crew_tasks(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  if (wanted->empty())
    return x->fail(make_error(ec::bad_field, "must be an object, or an array "
                                             "that is not empty"));
  create_tasks question;
  question.group_id = std::move(group);
  question.tasks = std::move(*wanted);
  create_once(x, "tasks", std::move(question), [x](const created_tasks& made) {
    x->reply(200, render_crew_tasks(made.tasks));
  });
}

/// Makes one, and answers with it.
void create_one(const call_ptr& x, std::string_view kind, create_tasks wanted,
                task_definition what) {
  wanted.tasks.emplace_back().task = std::move(what);
  create_once(x, kind, std::move(wanted), [x](const created_tasks& made) {
    if (made.tasks.empty())
      x->fail(gone_since());
    else
      x->reply(200, to_json(made.tasks.front()));
  });
}

bool is_array(std::string_view json) {
  auto first = json.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && json[first] == '[';
}

void create(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (id && is_array(x->request().body))
    return create_all(x, std::move(*id));
  auto wanted = read_crew_task(x->request().body);
  if (!id || !wanted)
    return x->fail(!id ? id.error() : wanted.error());
  if (!key_of(*x).empty())
    return create_one(x, "task", {std::move(*id)}, std::move(*wanted));
  x->ask_tasks<stored_tasks>(create_task{*id, std::move(*wanted)},
                             [x](const stored_tasks& made) {
                               reply_task(x, made);
                             });
}

/// @returns whether a request names the tasks that it is about, and none.
bool names_no_task(std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return false;
  auto ids = in->array("ids");
  return ids && ids->empty();
}

void redrive(const call_ptr& x) {
  const auto& body = x->request().body;
  auto wanted = from_json<redrive_tasks>(body.empty() ? "{}" : body);
  if (!wanted)
    return x->fail(wanted.error());
  if (names_no_task(body))
    return x->reply(200, to_json(redriven_tasks{}));
  x->ask_of<redriven_tasks>(
    x->under().tasks, std::move(*wanted),
    [x](const redriven_tasks& done) { x->reply(200, to_json(done)); },
    std::chrono::minutes{10});
}

void explain(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  x->ask_of<task_standing>(x->under().tasks, explain_task{*id},
                           [x](const task_standing& found) {
                             x->reply(200, to_json(found));
                           });
}

/// Finds the task of the path.
template <class F>
void with_task(const call_ptr& x, F f) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  find_tasks question;
  question.id = *id;
  x->ask_of<stored_tasks>(x->under().task_store, std::move(question),
                          [f](const stored_tasks& found) {
                            f(found.tasks.front());
                          });
}

void show(const call_ptr& x) {
  with_task(x, [x](const task& found) { x->reply(200, to_json(found)); });
}

void edit(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  x->ask_of<stored_tasks>(caf::actor_cast<task_patcher_actor>(x->under().tasks),
                          patch_task{*id, json_text{x->request().body}},
                          [x](const stored_tasks& done) {
                            reply_task(x, done);
                          });
}

template <task_verb Verb, class F>
void change(const call_ptr& x, F answer) {
  auto id = read_crew_id(*x);
  auto attempts = read_crew_attempts(x->request().body);
  if (!id || !attempts)
    return x->fail(!id ? id.error() : attempts.error());
  x->ask_of<stored_tasks>(x->under().tasks, change_task{Verb, *id, *attempts},
                          answer);
}

template <task_verb Verb>
void change_and_show(const call_ptr& x) {
  change<Verb>(x, [x](const stored_tasks& done) { reply_task(x, done); });
}

void pluck(const call_ptr& x) {
  if (key_of(*x).empty())
    return change_and_show<task_verb::pluck>(x);
  with_task(x, [x](const task& found) {
    create_tasks wanted;
    wanted.group_name = "Pluck Task " + found.id;
    wanted.is_paused = true;
    create_one(x, "copy", std::move(wanted), copy_of(found));
  });
}

void remove(const call_ptr& x) {
  change<task_verb::remove>(x, [x](const stored_tasks&) {
    x->reply(200, render_removal(1));
  });
}

void channels(const call_ptr& x) {
  x->ask_of<task_channels>(
    x->under().tasks, get_task_channels{}, [x](const task_channels& found) {
      x->reply(200, render_crew_channels(found.channels));
    });
}

route task_route(std::string_view method, std::string_view path,
                 std::string_view id, std::string_view doc,
                 void (*handle)(const call_ptr&), schema_maker body = nullptr) {
  return crew_route({method,
                     path,
                     id,
                     doc,
                     {id_parameter},
                     body,
                     {{200, "The task.", &schema_for<task>}},
                     handle});
}

std::vector<route> list_routes() {
  return {
    crew_route({"GET",
                "/api/v1/task_group/{id}/tasks",
                "listTasksOfGroup",
                "Lists tasks of a group, the newest first.",
                {id_parameter,
                 {"limit", place::query, R"({"type":"integer"})",
                  "How many at most; all if not given or below 1."},
                 skip_parameter},
                nullptr,
                {{200, "An array of tasks."}},
                &list_group,
                false,
                dialect::crew,
                "task.list"}),
    crew_route({"GET",
                "/api/v1/channel/{id}/tasks",
                "listTasksOfChannel",
                "Lists tasks of a channel, the newest first.",
                {channel_parameter,
                 {"limit", place::query, R"({"type":"integer"})",
                  "How many at most; 50 if not given, all if below 1."},
                 skip_parameter},
                nullptr,
                {{200, "An array of tasks."}},
                &list_channel,
                false,
                dialect::crew,
                "channel.tasks"}),
    crew_route(
      {"GET",
       "/api/v1/dead_tasks",
       "listDeadTasks",
       "Lists tasks that have failed and have no attempts left, the "
       "newest first; a retry gives them some.",
       {{"channel", place::query, string_schema, "Only those of this channel."},
        {"limit", place::query, R"({"type":"integer"})",
         "How many at most; 50 if not given, all if below 1."},
        skip_parameter},
       nullptr,
       {{200, "An array of tasks."}},
       &list_dead,
       false,
       dialect::crew,
       "task.dead"}),
    crew_route({"POST",
                "/api/v1/dead_tasks/redrive",
                "redriveDeadTasks",
                "Gives tasks attempts again that have none left: all, or only "
                "those of a channel, of a group, of a list of ids.",
                {},
                &schema_for<redrive_tasks>,
                {{200, "How many.", &schema_for<redriven_tasks>}},
                &redrive}),
    crew_route(
      {"GET",
       "/api/v1/channels",
       "listChannels",
       "Shows how all channels stand.",
       {},
       nullptr,
       {{200, "An array of channels.", &schema_for<std::vector<task_channel>>}},
       &channels})};
}

} // namespace

std::vector<route> crew_task_routes() {
  auto result = list_routes();
  result.push_back(task_route("POST", "/api/v1/task_group/{id}/tasks",
                              "createTask",
                              "Makes a task in a group; of an array of them, "
                              "all or none, and answers with an array. In an "
                              "array `_child_id` names a task, `_parent_ids` "
                              "those of the array that come first.",
                              &create, &schema_for<task_definition>));
  result.back().parameters.push_back(key_parameter);
  result.push_back(
    task_route("GET", "/api/v1/task/{id}", "getTask", "Shows a task.", &show));
  result.push_back(task_route("GET", "/api/v1/task/{id}/why", "explainTask",
                              "Says where a task is, and what it waits for.",
                              &explain));
  result.back().answers = {{200, "Where it is.", &schema_for<task_standing>}};
  result.push_back(task_route("PUT", "/api/v1/task/{id}", "editTask",
                              "Changes what a task is; fields that are not "
                              "given stay.",
                              &edit, &schema_for<task_definition>));
  result.push_back(task_route("DELETE", "/api/v1/task/{id}", "removeTask",
                              "Removes a task, its children and theirs.",
                              &remove));
  result.back().answers = {{200, "How many were asked for and removed: 1."}};
  result.push_back(task_route("POST", "/api/v1/task/{id}/reset", "resetTask",
                              "Makes a task as if new, with 2 or "
                              "`remainingAttempts` attempts.",
                              &change_and_show<task_verb::reset>));
  result.push_back(task_route("POST", "/api/v1/task/{id}/retry", "retryTask",
                              "Gives a task 2 or `remainingAttempts` attempts.",
                              &change_and_show<task_verb::retry>));
  result.push_back(task_route("POST", "/api/v1/task/{id}/pluck", "pluckTask",
                              "Copies a task into a new group that is paused.",
                              &pluck));
  result.back().parameters.push_back(key_parameter);
  return result;
}

} // namespace orc::server
