#include "actors/settler/settlement.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

/// A finished run with attempts `<name>-1`, …, that started at 100, 200, …
run_record ended(const std::string& name, int attempts, std::int64_t end) {
  run_record result;
  result.view.name = name;
  result.view.state = run_state::finished;
  result.view.dataset_id = "data-" + name;
  result.view.item_count = 1;
  result.view.finished_at = timestamp{end};
  result.unsettled = true;
  for (auto i = 1; i <= attempts; ++i) {
    auto& x = result.view.attempts.emplace_back();
    x.run_id = name + "-" + std::to_string(i);
    x.started_at = timestamp{100 * i};
    x.usage_total_usd = 0.1;
  }
  return result;
}

remote_run told(const std::string& id, std::optional<double> usd) {
  remote_run result;
  result.id = id;
  result.status = remote_status::succeeded;
  result.usage_total_usd = usd;
  return result;
}

} // namespace

TEST_CASE("the platform runs of all attempts are read, by start") {
  settlement subject{{ended("b", 2, 500), ended("a", 1, 500)}, timestamp{900}};
  CHECK(subject.unread() == std::vector<std::string>{"a-1", "b-1", "b-2"});
  CHECK(subject.earliest_start() == timestamp{100});
}

TEST_CASE("a run costs what all its attempts cost") {
  settlement subject{{ended("a", 2, 500)}, timestamp{900}};
  subject.saw(told("a-1", 0.5));
  subject.saw(told("a-2", 0.25));
  CHECK(subject.unread_count() == 0);
  auto news = subject.news();
  REQUIRE(news.size() == 1);
  CHECK(news[0].view.usage_total_usd == 0.75);
  CHECK(news[0].view.attempts[1].usage_total_usd == 0.25);
  CHECK(!news[0].unsettled);
}

TEST_CASE("a platform that hides the cost leaves what was known") {
  settlement subject{{ended("a", 1, 500)}, timestamp{900}};
  subject.saw(told("a-1", std::nullopt));
  CHECK(subject.news().at(0).view.attempts[0].usage_total_usd == 0.1);
}

TEST_CASE("runs of others change nothing") {
  settlement subject{{ended("a", 1, 500)}, timestamp{900}};
  subject.saw(told("stranger", 9));
  subject.counted("data-stranger", 9);
  CHECK(subject.unread_count() == 1);
}

TEST_CASE("a run that could not be asked about stays unsettled") {
  settlement subject{{ended("a", 1, 500), ended("b", 1, 500)}, timestamp{900}};
  subject.postpone("a-1");
  subject.nothing_more("b-1");
  CHECK(subject.was_postponed());
  auto news = subject.news();
  REQUIRE(news.size() == 1);
  CHECK(news[0].view.name == "b");
}

TEST_CASE("a run that ended just now is told of when its items are known") {
  auto fresh = ended("a", 1, 950);
  fresh.view.item_count.reset();
  settlement subject{{fresh, ended("b", 1, 950)}, timestamp{900}};
  CHECK(subject.uncounted() == std::vector<std::string>{"data-a"});
  CHECK(subject.news().empty());
  subject.counted("data-a", 7);
  auto news = subject.news();
  REQUIRE(news.size() == 1);
  CHECK(news[0].view.item_count == 7);
  CHECK(news[0].unsettled);
}

TEST_CASE("items are counted again, since the first count may lag") {
  settlement subject{{ended("a", 1, 500)}, timestamp{900}};
  CHECK(subject.datasets() == std::vector<std::string>{"data-a"});
  CHECK(subject.uncounted().empty());
  subject.counted("data-a", 3);
  CHECK(subject.news().at(0).view.item_count == 3);
}
