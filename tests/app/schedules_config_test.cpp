// What a configuration file says of schedules.

#include "app/config/changes.hpp"
#include "app/config/config_file.hpp"
#include "app/config/print.hpp"
#include "app/config/schedules.hpp"
#include "messages/base/error.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;

namespace {

caf::expected<std::vector<schedule_definition>>
schedules_in(std::string_view text) {
  config x;
  if (auto err = read_config_text(text, "s.toml", x))
    return err;
  return schedules_of(x);
}

std::string problem_in(const std::string& text) {
  auto found = schedules_in("[[schedules]]\nname = \"s\"\n" + text);
  return found ? "" : message_of(found.error());
}

constexpr auto task = "task = { channel = \"c\" }\n";

} // namespace

TEST_CASE("schedules of a file are those of the API") {
  auto found = schedules_in("[[schedules]]\n"
                            "name = \"nightly\"\n"
                            "cron = \"15 2 * * *\"\n"
                            "time_zone = \"Europe/Prague\"\n"
                            "overlap = \"queue\"\n"
                            "catch_up = \"none\"\n"
                            "catch_up_window = 60\n"
                            "jitter = 5\n"
                            "paused = true\n"
                            "[schedules.run]\n"
                            "actor = \"apify/web-scraper\"\n"
                            "[schedules.run.input]\n"
                            "startUrls = [{ url = \"http://a\" }, 1, 2.5]\n"
                            "deep = true\n");
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  const auto& x = found->front();
  CHECK(x.name == "nightly");
  CHECK(x.cron == "15 2 * * *");
  CHECK(x.time_zone == "Europe/Prague");
  CHECK(x.overlap == overlap_policy::queue);
  CHECK(x.catch_up == catch_up_policy::none);
  CHECK(x.catch_up_window_secs == 60);
  CHECK(x.jitter_secs == 5);
  CHECK(x.is_paused);
  CHECK(x.run.view()
        == R"({"actor":"apify/web-scraper","input":{"deep":true,)"
           R"("startUrls":[{"url":"http://a"},1,2.5]}})");
}

TEST_CASE("what is made may be JSON in quotes, too") {
  auto found = schedules_in("[[schedules]]\nname = \"s\"\nevery = 60\n"
                            "task = '{\"channel\": \"c\", \"input\": 3}'\n");
  REQUIRE(found);
  CHECK(found->front().every_secs == 60);
  CHECK(found->front().task.view() == R"({"channel":"c","input":3})");
}

TEST_CASE("what is wrong with a schedule of a file is told with its place") {
  CHECK(problem_in("every = 1\n" + std::string{task}).empty());
  CHECK(problem_in("every = 1\n")
        == "schedules[0]: give one of task, group and run");
  CHECK(problem_in(task) == "schedules[0].cron: give this or every");
  CHECK(problem_in("every = 1\ntask = { input = 3 }\n")
        == "schedules[0].task.channel: is missing");
  CHECK(problem_in("every = 1\nrun = { actor = \"a/b\", name = \"x\" }\n")
          .starts_with("schedules[0].run.name: is made of"));
  CHECK(problem_in("every = 1\ntask = 3\n")
        == "s.toml:4: schedules[0].task: must be a table, or a JSON object in "
           "quotes");
  CHECK(problem_in("every = 1\ntask = '{'\n")
          .starts_with("s.toml:4: schedules[0].task: must be a table, or a "
                       "JSON object in quotes: "));
  CHECK(problem_in("every = 1\ntask = '3'\n")
        == "s.toml:4: schedules[0].task: must be a table, or a JSON object in "
           "quotes");
  CHECK(problem_in("every = 1\n" + std::string{task}
                   + "[[schedules]]\nname = \"s\"\nevery = 1\n" + task)
        == "schedules[1].name: `s` is the name of another schedule, too");
  CHECK(problem_in("every = 1\n" + std::string{task}
                   + "[[pool.workers]]\nchannel = \"c\"\n"
                     "command = [\"x\"]\n[[pool.schedules]]\n"
                     "name = \"s\"\nchannel = \"c\"\nevery = 1\n")
        == "schedules[0].name: `s` is the name of another schedule, too");
}

TEST_CASE("what is printed of schedules is read again") {
  config x;
  REQUIRE(!read_config_text("[[schedules]]\nname = \"s\"\nevery = 60\n"
                            "task = { channel = \"c\", input = \"\\\"\" }\n",
                            "s.toml", x));
  config again;
  REQUIRE(!read_config_text(print_config(x), "s.toml", again));
  CHECK(again.schedules.size() == 1);
  CHECK(changed_options(x, again).empty());
  again.schedules[0].every = 30;
  again.schedules[0].task = json_text{R"({"channel":"d"})"};
  CHECK(changed_options(x, again)
        == std::vector<std::string>{"schedules.s.every", "schedules.s.task"});
  CHECK(is_reloadable("schedules.s.every"));
  CHECK(is_reloadable("schedules.s"));
  CHECK_FALSE(is_reloadable("pool.schedules.s"));
}
