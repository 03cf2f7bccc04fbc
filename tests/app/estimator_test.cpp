#include "app/estimate/estimator.hpp"
#include "app/estimate/history.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;

namespace {

const run_target shop{"acme/shop", false};

run_request make_request(std::string actor = "acme/shop") {
  run_request result;
  result.actor = std::move(actor);
  result.options.memory = mebibytes{1024};
  return result;
}

estimator make_estimator() {
  return estimator{
    {{shop, {10, "store", 60.0, 90.0, 0.25, 0.5, mebibytes{2048}}}}};
}

remote_run make_remote(std::int64_t secs, remote_status status,
                       std::optional<double> usd = {}) {
  remote_run result;
  result.status = status;
  result.started_at = {0};
  result.finished_at = timestamp{secs * 1000};
  result.usage_total_usd = usd;
  return result;
}

} // namespace

TEST_CASE("a percentile is the value of its rank") {
  CHECK(percentile({5}, 0.5) == 5);
  CHECK(percentile({5}, 0.9) == 5);
  CHECK(percentile({4, 1, 3, 2}, 0.5) == 2);
  CHECK(percentile({10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 0.9) == 9);
}

TEST_CASE("a plan takes what its runs took before") {
  auto subject = make_estimator();
  for (auto i = 0; i < 4; ++i)
    subject.add(make_request());
  auto x = subject.finish({mebibytes{2048}, {}});
  CHECK(x.runs == 4);
  CHECK(x.median_wall_secs == 120);
  CHECK(x.p90_wall_secs == 180);
  CHECK(x.median_usd == 1.0);
  CHECK(x.p90_usd == 2.0);
  REQUIRE(x.targets.size() == 1);
  CHECK(x.targets[0].runs == 4);
  CHECK(x.targets[0].samples == 10);
  CHECK(x.targets[0].source == "store");
}

TEST_CASE("a run that says no memory gets what its Apify actor gets") {
  auto subject = make_estimator();
  auto silent = make_request();
  silent.options.memory.reset();
  subject.add(silent);
  subject.add(silent);
  CHECK(subject.finish({mebibytes{2048}, {}}).median_wall_secs == 120);
}

TEST_CASE("no run takes longer than its time-out or costs more than its cap") {
  auto subject = make_estimator();
  auto bounded = make_request();
  bounded.options.timeout_secs = 70;
  bounded.options.max_total_charge_usd = 0.3;
  subject.add(bounded);
  auto x = subject.finish({});
  CHECK(x.median_wall_secs == 60);
  CHECK(x.p90_wall_secs == 70);
  CHECK(x.median_usd == 0.25);
  CHECK(x.p90_usd == 0.3);
}

TEST_CASE("what nobody has run before is counted, and in no sum") {
  auto subject = make_estimator();
  subject.add(make_request("acme/new"));
  auto x = subject.finish({});
  CHECK(x.unknown == 1);
  CHECK(x.median_wall_secs == 0);
  CHECK(x.targets[0].source == "none");
  CHECK_FALSE(x.targets[0].median_secs);
}

TEST_CASE("what is done costs nothing") {
  auto subject = make_estimator();
  subject.add_done();
  auto x = subject.finish({});
  CHECK(x.runs == 1);
  CHECK(x.done == 1);
  CHECK(x.median_usd == 0);
}

TEST_CASE("runs that succeeded tell what a run takes") {
  run_history subject;
  subject.add(shop, make_remote(10, remote_status::succeeded, 0.1));
  subject.add(shop, make_remote(20, remote_status::succeeded));
  subject.add(shop, make_remote(1, remote_status::failed, 0.01));
  auto x = subject.statistics(shop);
  REQUIRE(x);
  CHECK(x->samples == 2);
  CHECK(x->median_secs == 10);
  CHECK(x->p90_secs == 20);
  CHECK(x->median_usd == 0.1);
}

TEST_CASE("where none succeeded, those that ended do") {
  run_history subject;
  subject.add(shop, make_remote(1, remote_status::failed, 0.01));
  CHECK(subject.statistics(shop)->median_secs == 1);
}

TEST_CASE("what still runs or was resurrected tells nothing") {
  run_history subject;
  subject.add(shop, make_remote(5, remote_status::running));
  auto resurrected = make_remote(5, remote_status::succeeded);
  resurrected.resurrect_count = 1;
  subject.add(shop, resurrected);
  CHECK_FALSE(subject.knows(shop));
  CHECK_FALSE(subject.statistics(shop));
}

TEST_CASE("each attempt of a run of ours is one of the past") {
  run x;
  x.name = "a";
  x.actor = shop.id;
  x.state = run_state::finished;
  x.status = remote_status::succeeded;
  x.memory = mebibytes{512};
  for (auto status : {remote_status::failed, remote_status::succeeded}) {
    auto& attempt = x.attempts.emplace_back();
    attempt.status = status;
    attempt.started_at = timestamp{0};
    attempt.finished_at = timestamp{7'000};
  }
  run_history subject;
  subject.add(x);
  CHECK(subject.has_succeeded({"default", "a"}));
  CHECK(subject.statistics(shop)->samples == 1);
  CHECK(subject.statistics(shop)->memory == mebibytes{512});
}
