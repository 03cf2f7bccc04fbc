#include "messages/schedule/schedules.hpp"

#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

#include <fmt/format.h>

namespace orc::server {

namespace {

void reply_schedule(const call_ptr& x, int status,
                    const schedule_views& found) {
  x->reply(status, to_json(found.items.front()));
}

void list(const call_ptr& x) {
  x->ask_of<schedule_views>(x->under().schedules, get_schedules{},
                            [x](const schedule_views& found) {
                              x->reply(200, to_json(found));
                            });
}

void create(const call_ptr& x) {
  auto wanted = from_json<schedule_definition>(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  auto token = token_of(*x, "schedule");
  if (!token)
    return;
  x->ask_of<schedule_views>(
    x->under().schedules,
    set_schedule{std::move(*wanted), true, {}, std::move(*token)},
    [x](const schedule_views& made) {
      remember_key(*x);
      if (made.items.empty())
        x->fail(gone_since());
      else
        reply_schedule(x, 201, made);
    });
}

void show(const call_ptr& x) {
  x->ask_of<schedule_views>(
    x->under().schedules, get_schedules{x->path("name")},
    [x](const schedule_views& found) { reply_schedule(x, 200, found); });
}

void set(const call_ptr& x) {
  auto wanted = from_json<schedule_definition>(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  const auto& name = x->path("name");
  if (!wanted->name.empty() && wanted->name != name)
    return x->fail(make_error(
      ec::bad_field, "name: must be the one in the path, or be left out"));
  wanted->name = name;
  x->ask_of<schedule_views>(
    x->under().schedules, set_schedule{std::move(*wanted), false},
    [x](const schedule_views& now) { reply_schedule(x, 200, now); });
}

template <schedule_verb Verb>
void change(const call_ptr& x) {
  const auto& name = x->path("name");
  auto token = token_of(*x, "fire/" + name);
  if (!token)
    return;
  x->ask_of<schedule_views>(x->under().schedules,
                            change_schedule{Verb, name, std::move(*token)},
                            [x](const schedule_views& now) {
                              remember_key(*x);
                              reply_schedule(x, 200, now);
                            });
}

void remove(const call_ptr& x) {
  x->ask_of<schedule_views>(x->under().schedules,
                            change_schedule{schedule_verb::remove,
                                            x->path("name")},
                            [x](const schedule_views&) {
                              x->reply({204, {}, {}});
                            });
}

void reply_times(const call_ptr& x, preview_schedule question) {
  auto count = x->number("count", 5, 1, 100);
  if (!count)
    return x->fail(count.error());
  question.count = static_cast<std::uint32_t>(*count);
  x->ask_of<schedule_times>(x->under().schedules, std::move(question),
                            [x](const schedule_times& found) {
                              x->reply(200, to_json(found));
                            });
}

void next(const call_ptr& x) {
  preview_schedule question;
  question.name = x->path("name");
  reply_times(x, std::move(question));
}

void preview(const call_ptr& x) {
  preview_schedule question;
  question.cron = x->text("cron");
  question.time_zone = x->text("timeZone").value_or("UTC");
  if (x->text("everySecs")) {
    auto secs = x->number("everySecs", 0, 1);
    if (!secs)
      return x->fail(secs.error());
    question.every_secs = *secs;
  }
  reply_times(x, std::move(question));
}

constexpr parameter schedule_parameter{"name", place::path, string_schema,
                                       "Name of the schedule."};

constexpr parameter count_parameter{
  "count", place::query,
  R"({"type":"integer","minimum":1,"maximum":100,"default":5})", "So many."};

route verb_route(std::string_view path, std::string_view id,
                 std::string_view doc, void (*handle)(const call_ptr&)) {
  return {"POST",
          path,
          id,
          doc,
          {schedule_parameter},
          nullptr,
          {{200, "The schedule as it is then.", &schema_for<schedule_view>}},
          handle};
}

std::vector<route> time_routes() {
  auto times = answer{200, "In order.", &schema_for<schedule_times>};
  return {
    {"GET",
     "/api/v1/schedules/{name}/next",
     "nextTimesOfSchedule",
     "Shows the next times of a schedule, without its jitter.",
     {schedule_parameter, count_parameter},
     nullptr,
     {times},
     &next},
    {"GET",
     "/api/v1/schedule_times",
     "previewSchedule",
     "Shows the next times of a schedule that is none yet.",
     {{"cron", place::query, string_schema, "As a schedule has it."},
      {"everySecs", place::query, count_schema, "Or this."},
      {"timeZone", place::query, string_schema, "Of `cron`; UTC if not given."},
      count_parameter},
     nullptr,
     {times},
     &preview}};
}

} // namespace

std::vector<route> schedule_routes() {
  auto one = answer{200, "The schedule.", &schema_for<schedule_view>};
  std::vector<route> result{
    {"GET",
     "/api/v1/schedules",
     "listSchedules",
     "Lists all schedules.",
     {},
     nullptr,
     {{200, "By name.", &schema_for<schedule_views>}},
     &list},
    {"POST",
     "/api/v1/schedules",
     "createSchedule",
     "Makes a schedule: at times of a cron expression or every so many "
     "seconds it makes a task, a group of tasks or a run, once for each time.",
     {key_parameter},
     &schema_for<schedule_definition>,
     {{201, "The schedule.", &schema_for<schedule_view>},
      {409, "There is one of that name."}},
     &create},
    {"GET",
     "/api/v1/schedules/{name}",
     "getSchedule",
     "Shows a schedule, its next time, and what came of the last ones.",
     {schedule_parameter},
     nullptr,
     {one},
     &show},
    {"PUT",
     "/api/v1/schedules/{name}",
     "setSchedule",
     "Makes a schedule, or puts a definition in place of what it was.",
     {schedule_parameter},
     &schema_for<schedule_definition>,
     {one},
     &set},
    {"DELETE",
     "/api/v1/schedules/{name}",
     "removeSchedule",
     "Removes a schedule; what it made stays.",
     {schedule_parameter},
     nullptr,
     {{204, "It is gone."}},
     &remove}};
  result.push_back(verb_route("/api/v1/schedules/{name}/pause", "pauseSchedule",
                              "No time counts any more.",
                              &change<schedule_verb::pause>));
  result.push_back(verb_route(
    "/api/v1/schedules/{name}/resume", "resumeSchedule",
    "Times count again, from now on.", &change<schedule_verb::resume>));
  result.push_back(verb_route("/api/v1/schedules/{name}/run", "runSchedule",
                              "Makes at once what the schedule makes, paused "
                              "or not, whatever goes on.",
                              &change<schedule_verb::run>));
  result.back().parameters.push_back(key_parameter);
  for (auto&& x : time_routes())
    result.push_back(x);
  return result;
}

} // namespace orc::server
