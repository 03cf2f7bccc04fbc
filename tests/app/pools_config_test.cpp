// What a configuration file says of pools.

#include "app/config/changes.hpp"
#include "app/config/config_file.hpp"
#include "app/config/pools.hpp"
#include "app/config/print.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;
using namespace std::chrono_literals;

namespace {

/// As a command loads it.
config read(std::string_view text) {
  config x;
  REQUIRE(!read_config_text(text, "p.toml", x));
  name_pools(x);
  return x;
}

std::string problem_of(std::string_view text) {
  config x;
  if (auto err = read_config_text(text, "p.toml", x))
    return message_of(err);
  name_pools(x);
  if (auto pools = pools_of(x); !pools)
    return message_of(pools.error());
  auto schedules = pool_schedules_of(x);
  return schedules ? "" : message_of(schedules.error());
}

constexpr auto worker = "[[pool.workers]]\nchannel = \"c\"\n"
                        "command = [\"./work\", \"-v\"]\n";

} // namespace

TEST_CASE("a pool and its workers are read, the rest is the service's") {
  auto x = read("data = \"/var\"\n[pool]\nlimit = 3\n"
                "interval = 0.05\n[[pool.workers]]\n"
                "channel = \"a b\"\nname = \"ab\"\n"
                "command = [\"x\"]\ntasksPerWorker = 5\n"
                "environment = { A = \"1\" }\nkey = \"serial\"\n");
  auto pools = pools_of(x);
  REQUIRE(pools);
  REQUIRE(pools->size() == 1);
  const auto& pool = pools->front();
  CHECK(pool.name == "pool");
  CHECK(pool.limit == 3);
  CHECK(pool.interval == 50ms);
  const auto& type = pool.types.at(0);
  CHECK(type.name == "ab");
  CHECK(type.channel == "a b");
  CHECK(type.tasks_per_worker == 5);
  CHECK(type.serial);
  REQUIRE(type.variables.size() == 1);
  CHECK(type.variables[0].first == "A");
  CHECK(type.variables[0].second.reveal() == "1");
}

TEST_CASE("pools stand beside the pool, each with a name") {
  auto x = read(std::string{worker}
                + "[[pools]]\n[[pools.workers]]\n"
                  "channel = \"d\"\ncommand = [\"y\"]\n");
  auto pools = pools_of(x);
  REQUIRE(pools);
  REQUIRE(pools->size() == 2);
  CHECK(pools->at(1).name == "pool-2");
}

TEST_CASE("what is wrong with a pool is told with its place") {
  CHECK(problem_of(worker).empty());
  CHECK(problem_of("[pool]\nlimt = 3\n")
        == "p.toml:2: pool.limt: is no known option; did you mean `limit`?");
  CHECK(problem_of("[[pool.workers]]\nchannel = \"c\"\n")
        == "p.toml:1: pool.workers[0].command: is missing: the program and its "
           "arguments, such as [\"./resize.sh\"]");
  CHECK(problem_of("[[pool.workers]]\ncommand = [\"x\"]\n")
        == "p.toml:1: pool.workers[0].channel: is missing: whose tasks it "
           "does");
  CHECK(problem_of("[[pool.workers]]\nchannel = \"c\"\ncommand = \"x\"\n")
        == "p.toml:3: pool.workers[0].command: must be a list of texts in "
           "brackets");
  CHECK(problem_of(std::string{worker} + "limit = 0\n")
        == "pool.workers[0].limit: must be at least 1");
  CHECK(problem_of(std::string{worker} + "weight = 0\n")
        == "pool.workers[0].weight: must be above 0");
  CHECK(problem_of(std::string{worker} + worker)
        == "pool.workers[1].name: `c` is the name of another type, too");
  CHECK(problem_of("[[pool.workers]]\nchannel = \"a/b\"\ncommand = [\"x\"]\n")
        == "pool.workers[0].name: must be of letters, digits, `.`, `_` and "
           "`-`; give a name if the channel has others");
  CHECK(
    problem_of("[[pools]]\nname = \"p\"\n")
    == "pools[0].workers: is missing: give [[pools.workers]] with a channel "
       "and a command, such as channel = \"resize\" and command = "
       "[\"./resize.sh\"]");
  CHECK(problem_of(std::string{worker}
                   + "[[pool.schedules]]\nname = \"s\"\nchannel = \"c\"\n"
                     "every = 1\ninput = \"{\"\n")
          .starts_with("pool.schedules[0].input: "));
}

TEST_CASE("every command tells what is wrong with a pool") {
  config x;
  auto err = read_config_text("[pool]\nlimt = 3\n", "p.toml", x);
  REQUIRE(err);
  CHECK(message_of(err).find("pool.limt") != std::string::npos);
}

TEST_CASE("what is wrong with a schedule is told in words of the file") {
  auto with = [](std::string_view more) {
    return problem_of(std::string{worker}
                      + "[[pool.schedules]]\nname = \"s\"\nchannel = \"c\"\n"
                      + std::string{more});
  };
  CHECK(with("every = 5\n").empty());
  CHECK(with("cron = \"@daily\"\ntime_zone = \"UTC\"\n").empty());
  CHECK(with("") == "pool.schedules[0].cron: give this or every");
  CHECK(with("every = 0\n").starts_with("pool.schedules[0].every: must be"));
  CHECK(with("cron = \"nonsense\"\n").starts_with("pool.schedules[0].cron: "));
  CHECK(with("every = 5\noverlap = \"both\"\n").find("must be one of skip")
        != std::string::npos);
}

TEST_CASE("schedules are those of `schedules`, with one task each") {
  auto x = read(std::string{worker}
                + "[[pool.schedules]]\nname = \"s\"\nchannel = \"c\"\n"
                  "every = 3600\ninput = '{\"a\":1}'\noverlap = \"queue\"\n");
  auto schedules = pool_schedules_of(x);
  REQUIRE(schedules);
  REQUIRE(schedules->size() == 1);
  const auto& is = schedules->front();
  CHECK(is.every_secs == 3600);
  CHECK(is.overlap == overlap_policy::queue);
  CHECK(is.task.view() == R"({"name":"s","channel":"c","input":{"a":1}})");
}

TEST_CASE("pools are shown with the rest, and nothing secret of them") {
  auto text = print_config(read("[pool]\nlimit = 3\n" + std::string{worker}
                                + "environment = { KEY = \"hidden\" }\n"));
  CHECK(text.find("[[pool.workers]]\nname = \"c\"") != std::string::npos);
  CHECK(text.find("limit = 3") != std::string::npos);
  CHECK(text.find("KEY") != std::string::npos);
  CHECK(text.find("hidden") == std::string::npos);
}

TEST_CASE("what changes in a pool is named, and needs a restart") {
  auto before = read(worker);
  auto after = read(std::string{worker}
                    + "limit = 9\nenvironment = { A = \"2\" }\n"
                      "[[pool.schedules]]\nname = \"s\"\nchannel = \"c\"\n"
                      "every = 5\n");
  auto changed = changed_options(before, after);
  CHECK(changed
        == std::vector<std::string>{"pool.workers.c.environment",
                                    "pool.workers.c.limit",
                                    "pool.schedules.s"});
  for (const auto& x : changed)
    CHECK(!is_reloadable(x));
}

TEST_CASE("the example says what a pool has, and is none") {
  CHECK(pool_entries_of(read(config_example())).empty());
  CHECK(config_example().find("#[[pool.workers]]") != std::string::npos);
}
