#include "app/config/schedules.hpp"

#include "actors/schedule/timetable.hpp"
#include "app/config/pools.hpp"
#include "messages/base/error.hpp"
#include "messages/json/schedule_target.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace orc::app {

namespace {

schedule_definition schedule_of(const file_schedule& x) {
  auto result = times_of(x);
  result.catch_up_window_secs = x.catch_up_window;
  result.task = x.task;
  result.group = x.group;
  result.run = x.run;
  return result;
}

caf::error
check_name_of_schedule(const std::string& name, const std::string& place,
                       std::set<std::string>& taken) {
  auto problem = name_problem(name);
  if (problem.empty() && (name.size() > 100 || name.find('/') != name.npos))
    problem = "must have at most 100 characters, and no slash";
  if (problem.empty() && !taken.insert(name).second)
    problem = fmt::format("`{}` is the name of another schedule, too", name);
  return problem.empty()
           ? caf::error{}
           : make_error(ec::bad_config,
                        fmt::format("{}.name: {}", place, problem));
}

/// As SCHEDULES check it when it is made.
caf::error
check_definition(const schedule_definition& x, const std::string& place) {
  if (auto target = read_schedule_target(x, now(), now()); !target)
    return in_words_of_file(place, target.error());
  if (auto times = timetable::make(x, now()); !times)
    return in_words_of_file(place, times.error());
  return {};
}

} // namespace

caf::expected<std::vector<schedule_definition>> schedules_of(const config& x) {
  auto of_pools = pool_schedules_of(x);
  if (!of_pools)
    return of_pools;
  std::set<std::string> taken;
  for (const auto& schedule : *of_pools)
    taken.insert(schedule.name);
  std::vector<schedule_definition> result;
  for (std::size_t i = 0; i < x.schedules.size(); ++i) {
    auto place = fmt::format("schedules[{}]", i);
    if (auto err = check_name_of_schedule(x.schedules[i].name, place, taken))
      return err;
    result.push_back(schedule_of(x.schedules[i]));
    if (auto err = check_definition(result.back(), place))
      return err;
  }
  return result;
}

caf::error in_words_of_file(const std::string& place, const caf::error& x) {
  auto text = message_of(x);
  constexpr std::pair<std::string_view, std::string_view> words[]{
    {"everySecs", "every"},
    {"timeZone", "time_zone"},
    {"catchUpWindowSecs", "catch_up_window"},
    {"jitterSecs", "jitter"}};
  for (auto [ours, theirs] : words)
    for (auto at = text.find(ours); at != std::string::npos;
         at = text.find(ours, at + theirs.size()))
      text.replace(at, ours.size(), theirs);
  // "give one of …" is about the whole, `task.channel: …` about a member.
  auto dot = text.find(':') < text.find(' ') ? "." : ": ";
  return make_error(ec::bad_config, fmt::format("{}{}{}", place, dot, text));
}

} // namespace orc::app
