#include "app/config/pools.hpp"

#include "app/text/file_text.hpp"
#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

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
                "is missing: name the channel whose workers "
                "do it");
  if (x.every.count() < 1)
    return fail(place, "every", "must be above 0");
  if (auto json = minify_json(x.input); !json)
    return fail(place, "input", message_of(json.error()));
  return {};
}

pool_settings settings_of(const pool_entry& x) {
  pool_settings result;
  result.name = x.name;
  for (const auto& is : x.schedules)
    result.schedules.push_back(
      {is.name, is.channel, json_text{is.input}, is.every});
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

caf::error
check_pool(const pool_entry& x, const std::string& place,
           std::set<std::string>& types, std::set<std::string>& schedules) {
  for (std::size_t i = 0; i < x.schedules.size(); ++i)
    if (auto err = check_schedule(
          x.schedules[i], fmt::format("{}.schedules[{}]", place, i), schedules))
      return err;
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

} // namespace

std::vector<pool_entry> pool_entries_of(const pools_config& x) {
  std::vector<pool_entry> result;
  if (!x.pool.workers.empty())
    result.push_back(x.pool);
  for (const auto& pool : x.pools)
    result.push_back(pool);
  for (std::size_t i = 0; i < result.size(); ++i)
    if (result[i].name.empty())
      result[i].name = i == 0 ? "pool" : fmt::format("pool-{}", i + 1);
  return result;
}

caf::expected<std::vector<pool_settings>> pools_of(const pools_config& x) {
  std::vector<pool_settings> result;
  std::set<std::string> types;
  std::set<std::string> schedules;
  auto index = 0;
  for (const auto& pool : pool_entries_of(x)) {
    auto place = result.empty() && !x.pool.workers.empty()
                   ? std::string{"pool"}
                   : fmt::format("pools[{}]", index++);
    if (pool.workers.empty())
      return fail(place, "workers", "is missing: give [[pools.workers]]");
    if (auto err = check_pool(pool, place, types, schedules))
      return err;
    result.push_back(settings_of(pool));
  }
  return result;
}

caf::expected<pools_config> load_pools(const std::string& file) {
  pools_config result;
  if (file.empty())
    return result;
  auto text = read_file(file);
  if (!text)
    return text.error();
  if (auto err = read_pools_text(*text, file, result))
    return err;
  if (auto pools = pools_of(result); !pools)
    return pools.error();
  return result;
}

} // namespace orc::app
