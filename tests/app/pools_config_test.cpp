// What a configuration file says of pools.

#include "app/config/config_file.hpp"
#include "app/config/pools.hpp"
#include "app/config/print.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;
using namespace std::chrono_literals;

namespace {

std::string problem_of(std::string_view text) {
  pools_config x;
  if (auto err = read_pools_text(text, "p.toml", x))
    return message_of(err);
  auto pools = pools_of(x);
  return pools ? "" : message_of(pools.error());
}

constexpr auto worker = "[[pool.workers]]\nchannel = \"c\"\n"
                        "command = [\"./work\", \"-v\"]\n";

} // namespace

TEST_CASE("a pool and its workers are read, the rest is the service's") {
  pools_config x;
  REQUIRE(!read_pools_text("data = \"/var\"\n[pool]\nlimit = 3\n"
                           "interval = 0.05\n[[pool.workers]]\n"
                           "channel = \"a b\"\nname = \"ab\"\n"
                           "command = [\"x\"]\ntasksPerWorker = 5\n"
                           "environment = { A = \"1\" }\nkey = \"serial\"\n",
                           "p", x));
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
  pools_config x;
  REQUIRE(!read_pools_text(std::string{worker}
                             + "[[pools]]\n[[pools.workers]]\n"
                               "channel = \"d\"\ncommand = [\"y\"]\n",
                           "p", x));
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
        == "p.toml:1: pool.workers[0].command: is missing");
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
  CHECK(problem_of("[[pools]]\nname = \"p\"\n")
        == "pools[0].workers: is missing: give [[pools.workers]]");
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

TEST_CASE("the example says what a pool has, and is none") {
  pools_config x;
  REQUIRE(!read_pools_text(config_example(), "example", x));
  CHECK(pool_entries_of(x).empty());
  CHECK(config_example().find("#[[pool.workers]]") != std::string::npos);
}
