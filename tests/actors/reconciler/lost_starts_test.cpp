#include "actors/reconciler/lost_starts.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace std::chrono_literals;

namespace {

constexpr auto noon = timestamp{1'700'000'000'000};

lost_start
lost(std::uint64_t key, const char* marker, const char* input = R"({"n":1})") {
  lost_start result;
  result.what.key = run_key{key};
  result.what.intent = {marker, noon};
  result.what.input = json_text{input};
  result.actor_id = "actor-1";
  result.deadline = steady_time{30s};
  return result;
}

remote_run listed(const char* id, std::string user_agent) {
  remote_run result;
  result.id = id;
  result.actor_id = "actor-1";
  result.started_at = noon + 1s;
  result.user_agent = std::move(user_agent);
  return result;
}

} // namespace

TEST_CASE("a marker in the User-Agent settles whose run it is") {
  lost_starts starts;
  starts.add(lost(1, "abc.1.1"));
  starts.add(lost(2, "abc.2.1"));
  auto run = listed("r", "ApifyOrchestrator/0.1.0 (linux) run/abc.2.1");
  CHECK(starts.marked(run)->what.key == run_key{2});
}

TEST_CASE("a marker is compared as a whole word") {
  lost_starts starts;
  starts.add(lost(1, "abc.1.1"));
  auto run = listed("r", "ApifyOrchestrator/0.1.0 (linux) run/abc.1.17");
  CHECK_FALSE(starts.marked(run));
  CHECK_FALSE(starts.is_unclear(run));
}

TEST_CASE("a run of another client is no candidate") {
  lost_starts starts;
  starts.add(lost(1, "abc.1.1"));
  auto foreign = listed("r", "ApifyClient/2.25.0 (linux)");
  CHECK_FALSE(starts.is_unclear(foreign));
  CHECK(starts.is_foreign(foreign));
  starts.learn(listed("ours", "ApifyOrchestrator/0.1.0 run/x"));
  CHECK_FALSE(starts.is_unclear(foreign));
}

TEST_CASE("where runs of ours have another name, names mean nothing") {
  lost_starts starts;
  starts.add(lost(1, "abc.1.1"));
  starts.learn(listed("ours", "Proxy/1.0"));
  CHECK(starts.is_unclear(listed("r", "Proxy/1.0")));
  CHECK_FALSE(starts.is_unclear(listed("r", "ApifyOrchestrator/0.1.0 run/x")));
}

TEST_CASE("without a User-Agent the input decides") {
  lost_starts starts;
  starts.add(lost(1, "m1", R"({"n":1})"));
  starts.add(lost(2, "m2", R"({"n":2})"));
  auto run = listed("r", "");
  CHECK(starts.is_unclear(run));
  auto merged = json_text{R"({"default":true,"n":2})"};
  CHECK(starts.fitting(run, merged)->what.key == run_key{2});
  CHECK_FALSE(starts.fitting(run, json_text{R"({"n":3})"}));
}

TEST_CASE("the oldest of equal starts gets the first run") {
  lost_starts starts;
  starts.add(lost(7, "m7"));
  starts.add(lost(3, "m3"));
  auto* first = starts.fitting(listed("r", ""), json_text{R"({"n":1})"});
  CHECK(first->what.key == run_key{3});
}

TEST_CASE("a run from before the intent is no candidate") {
  lost_starts starts;
  starts.add(lost(1, "m1"));
  auto run = listed("r", "");
  run.started_at = noon - 60s;
  CHECK_FALSE(starts.is_unclear(run));
}

TEST_CASE("a start is overdue when its window is over, not before") {
  lost_starts starts;
  starts.add(lost(1, "m1"));
  CHECK(starts.overdue(steady_time{29s}).empty());
  CHECK(starts.overdue(steady_time{30s}).size() == 1);
}

TEST_CASE("runs are listed from a little before the first lost start") {
  lost_starts starts;
  starts.add(lost(1, "m1"));
  CHECK(starts.list_from() == noon - 10s);
}
