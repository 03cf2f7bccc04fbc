#include "app/config/pools.hpp"

#include "actors/schedule/timetable.hpp"
#include "app/config/schedules.hpp"
#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace orc::app {

namespace {

/// What stands in the name of a file, and in a line with spaces.
constexpr auto allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789._-";

/// An option of one pool, for errors.
caf::error fail(const std::string& place, std::string_view option,
                std::string_view problem) {
  return make_error(ec::bad_config,
                    fmt::format("{}.{}: {}", place, option, problem));
}

caf::error check_numbers(const worker_entry& x, const std::string& place) {
  if (x.limit < 1)
    return fail(place, "limit", "must be at least 1");
  if (!(x.weight > 0))
    return fail(place, "weight", "must be above 0");
  if (x.tasks_per_worker < 1)
    return fail(place, "tasks_per_worker", "must be at least 1");
  if (x.parallel < 1 || x.parallel > 1000)
    return fail(place, "parallel", "must be from 1 to 1000");
  if (x.lease.count() < 1)
    return fail(place, "lease", "must be above 0");
  if (x.cpu && !(*x.cpu >= 0.01))
    return fail(place, "cpu",
                "must be at least 0.01; leave it out for no "
                "limit");
  if (x.memory && x.memory->count < 1)
    return fail(place, "memory_mbytes",
                "must be at least 1; leave it out for "
                "no limit");
  return {};
}

caf::error check_worker(const worker_entry& x, const std::string& place,
                        std::set<std::string>& names) {
  if (x.channel.empty())
    return fail(place, "channel",
                "is missing: name the channel whose tasks "
                "it does");
  if (x.command.empty() || x.command.front().empty())
    return fail(place, "command",
                "is missing: give a program, such as "
                "[\"./work.sh\"]");
  auto name = x.name.empty() ? x.channel : x.name;
  if (name.find_first_not_of(allowed) != std::string::npos
      || name.starts_with('.') || name.size() > 100)
    return fail(place, "name",
                "must be of letters, digits, `.`, `_` and `-`; "
                "give a name if the channel has others");
  if (!names.insert(name).second)
    return fail(place, "name",
                fmt::format("`{}` is the name of another type, too", name));
  return check_numbers(x, place);
}

worker_type type_of(const worker_entry& x) {
  worker_type result;
  result.name = x.name.empty() ? x.channel : x.name;
  result.channel = x.channel;
  result.protocol = x.protocol;
  result.command = x.command;
  for (const auto& [name, value] : x.environment)
    result.variables.emplace_back(name, value);
  result.limit = x.limit;
  result.weight = x.weight;
  // A worker with many hands does as many at once.
  result.tasks_per_worker = std::max(x.tasks_per_worker, x.parallel);
  result.idle_exit = x.idle_exit;
  result.grace = x.grace;
  result.limits = {x.memory, x.cpu};
  result.serial = x.key == key_rule::serial;
  return result;
}

pool_settings settings_of(const pool_entry& x) {
  pool_settings result;
  result.name = x.name;
  for (const auto& worker : x.workers)
    result.types.push_back(type_of(worker));
  result.limit = x.limit;
  result.interval = x.interval;
  result.idle_ticks = x.idle_ticks;
  result.failures = x.failures;
  result.longest_backoff = x.longest_backoff;
  result.hooks
    = {x.on_startup, x.on_tick, x.on_idle, x.on_shutdown, x.hook_timeout};
  return result;
}

caf::error check_pool(const pool_entry& x, const std::string& place,
                      std::set<std::string>& types) {
  if (x.limit < 1)
    return fail(place, "limit", "must be at least 1");
  if (x.interval.count() < 1)
    return fail(place, "interval", "must be at least 0.001");
  for (std::size_t i = 0; i < x.workers.size(); ++i)
    if (auto err = check_worker(x.workers[i],
                                fmt::format("{}.workers[{}]", place, i), types))
      return err;
  return {};
}

/// Pools with workers, each with how it is called in errors.
std::vector<std::pair<std::string, const pool_entry*>>
placed_pools(const config& x) {
  std::vector<std::pair<std::string, const pool_entry*>> result;
  if (!x.pool.workers.empty())
    result.emplace_back("pool", &x.pool);
  for (std::size_t i = 0; i < x.pools.size(); ++i)
    result.emplace_back(fmt::format("pools[{}]", i), &x.pools[i]);
  return result;
}

schedule_definition definition_of(const schedule_entry& x) {
  auto result = times_of(x);
  result.task = json_text{
    fmt::format(R"({{"name":{},"channel":{},"input":{}}})", json_quote(x.name),
                json_quote(x.channel), x.input)};
  return result;
}

caf::error check_schedule(const schedule_entry& x, const std::string& place,
                          std::set<std::string>& names) {
  if (auto problem = name_problem(x.name); !problem.empty())
    return fail(place, "name", problem);
  if (!names.insert(x.name).second)
    return fail(place, "name",
                fmt::format("`{}` is the name of another schedule, too",
                            x.name));
  if (x.channel.empty())
    return fail(place, "channel",
                "is missing: name the channel whose workers do it");
  if (auto json = minify_json(x.input); !json)
    return fail(place, "input", message_of(json.error()));
  if (auto times = timetable::make(definition_of(x), now()); !times)
    return in_words_of_file(place, times.error());
  return {};
}

} // namespace

void name_pools(config& x) {
  std::size_t number = 0;
  auto name = [&](pool_entry& pool) {
    ++number;
    if (pool.name.empty())
      pool.name = number == 1 ? "pool" : fmt::format("pool-{}", number);
    for (auto& worker : pool.workers)
      if (worker.name.empty())
        worker.name = worker.channel;
  };
  if (!x.pool.workers.empty())
    name(x.pool);
  for (auto& pool : x.pools)
    name(pool);
}

std::vector<pool_entry> pool_entries_of(const config& x) {
  std::vector<pool_entry> result;
  for (const auto& [place, pool] : placed_pools(x))
    result.push_back(*pool);
  return result;
}

caf::expected<std::vector<pool_settings>> pools_of(const config& x) {
  std::vector<pool_settings> result;
  std::set<std::string> types;
  for (const auto& [place, pool] : placed_pools(x)) {
    if (pool->workers.empty())
      return fail(place, "workers",
                  "is missing: give [[pools.workers]] with a channel and a "
                  "command, such as channel = \"resize\" and command = "
                  "[\"./resize.sh\"]");
    if (auto err = check_pool(*pool, place, types))
      return err;
    result.push_back(settings_of(*pool));
  }
  return result;
}

caf::expected<std::vector<schedule_definition>>
pool_schedules_of(const config& x) {
  std::vector<schedule_definition> result;
  std::set<std::string> names;
  for (const auto& [place, pool] : placed_pools(x))
    for (std::size_t i = 0; i < pool->schedules.size(); ++i) {
      const auto& is = pool->schedules[i];
      if (auto err = check_schedule(
            is, fmt::format("{}.schedules[{}]", place, i), names))
        return err;
      result.push_back(definition_of(is));
    }
  return result;
}

} // namespace orc::app
