// How many tasks of a workgroup or a channel are handed out. Ours: Crew's
// workers delay workgroups by themselves.

#include "messages/json/json.hpp"
#include "transport/server/routes/crew_common.hpp"

#include <fmt/format.h>

namespace orc::server {

namespace {

template <limit_scope Scope>
void list(const call_ptr& x) {
  x->ask_of<limit_standings>(x->under().tasks, get_task_limits{Scope, {}},
                             [x](const limit_standings& found) {
                               x->reply(200, to_json(found));
                             });
}

template <limit_scope Scope>
void show(const call_ptr& x) {
  x->ask_of<limit_standings>(
    x->under().tasks, get_task_limits{Scope, x->path("id")},
    [x](const limit_standings& found) {
      if (found.items.empty())
        x->fail(make_error(ec::not_found,
                           fmt::format("{} {} has no limits", name_of(Scope),
                                       x->path("id"))));
      else
        x->reply(200, to_json(found.items.front()));
    });
}

template <limit_scope Scope>
void set(const call_ptr& x) {
  auto limits = from_json<task_limits>(x->request().body);
  if (!limits)
    return x->fail(limits.error());
  x->ask_of<limit_standings>(x->under().tasks,
                             set_task_limits{Scope, x->path("id"), *limits},
                             [x](const limit_standings& now) {
                               x->reply(200, to_json(now.items.front()));
                             });
}

template <limit_scope Scope>
void remove(const call_ptr& x) {
  auto question = get_task_limits{Scope, x->path("id")};
  x->ask_of<limit_standings>(
    x->under().tasks, question, [x](const limit_standings& found) {
      x->ask_of<limit_standings>(
        x->under().tasks, set_task_limits{Scope, x->path("id"), {}},
        [x, count = found.items.size()](const limit_standings&) {
          x->reply(200, render_removal(count));
        });
    });
}

constexpr parameter workgroup_parameter{"id", place::path, string_schema,
                                        "Name of the workgroup."};

/// @param ids names of the operations: list, show, set, remove.
template <limit_scope Scope>
void add_routes(std::vector<route>& to, std::string_view path,
                const parameter& which,
                const std::array<std::string_view, 3>& ids) {
  auto standing = answer{200, "The limits, and how they stand.",
                         &schema_for<limit_standing>};
  to.push_back(crew_route({"GET",
                           path,
                           ids[0],
                           "Shows limits, and what they hold up.",
                           {which},
                           nullptr,
                           {standing},
                           &show<Scope>}));
  to.push_back(crew_route({"PUT",
                           path,
                           ids[1],
                           "Limits how many tasks are handed out: at a time, "
                           "and by a bucket of tokens. Replaces limits that "
                           "there were; its tokens stay spent.",
                           {which},
                           &schema_for<task_limits>,
                           {standing},
                           &set<Scope>}));
  to.push_back(crew_route({"DELETE",
                           path,
                           ids[2],
                           "Removes limits.",
                           {which},
                           nullptr,
                           {{200, "How many were removed: 0 or 1."}},
                           &remove<Scope>}));
}

} // namespace

std::vector<route> crew_limit_routes() {
  std::vector<route> result;
  auto standings = answer{200, "By name.", &schema_for<limit_standings>};
  result.push_back(crew_route({"GET",
                               "/api/v1/workgroups",
                               "listWorkgroups",
                               "Shows the workgroups that have limits.",
                               {},
                               nullptr,
                               {standings},
                               &list<limit_scope::workgroup>}));
  result.push_back(crew_route({"GET",
                               "/api/v1/channel_limits",
                               "listChannelLimits",
                               "Shows the channels that have limits.",
                               {},
                               nullptr,
                               {standings},
                               &list<limit_scope::channel>}));
  add_routes<limit_scope::workgroup>(
    result, "/api/v1/workgroup/{id}/limits", workgroup_parameter,
    {"getWorkgroupLimits", "setWorkgroupLimits", "removeWorkgroupLimits"});
  add_routes<limit_scope::channel>(
    result, "/api/v1/channel/{id}/limits", channel_parameter,
    {"getChannelLimits", "setChannelLimits", "removeChannelLimits"});
  return result;
}

} // namespace orc::server
