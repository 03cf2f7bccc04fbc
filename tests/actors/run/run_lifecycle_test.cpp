#include "actors/run/run_lifecycle.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::literals;

namespace {

constexpr auto noon = timestamp{1'700'000'000'000};

using step = run_lifecycle::step;

run_lifecycle fresh(std::uint32_t attempts = 1) {
  run_record record;
  record.view.name = "job";
  record.target.id = "apify/web-scraper";
  record.max_attempts = attempts;
  return run_lifecycle{record};
}

remote_run remote(remote_status status, const char* id = "run-1") {
  remote_run result;
  result.id = id;
  result.status = status;
  result.started_at = noon;
  result.memory = 512_MiB;
  result.dataset_id = "dataset-1";
  result.usage_total_usd = 0.25;
  return result;
}

run_lifecycle running(std::uint32_t attempts = 1) {
  auto life = fresh(attempts);
  life.begin_start({"marker", noon});
  life.started(remote(remote_status::ready));
  return life;
}

} // namespace

TEST_CASE("a queued run is started") {
  CHECK(fresh().next() == step::start);
}

TEST_CASE("a run whose intent is durable is reconciled after a crash") {
  auto life = fresh();
  life.begin_start({"marker", noon});
  CHECK(life.record().view.state == run_state::starting);
  CHECK(run_lifecycle{life.record()}.next() == step::reconcile);
}

TEST_CASE("a run that was started is watched after a crash") {
  auto life = running();
  CHECK(life.run_id() == "run-1");
  CHECK_FALSE(life.record().intent);
  CHECK(life.record().view.memory == 512_MiB);
  CHECK(run_lifecycle{life.record()}.next() == step::watch);
}

TEST_CASE("a start that did nothing leaves no trace") {
  auto life = fresh();
  life.begin_start({"marker", noon});
  life.withdraw_start();
  CHECK(life.record().view.attempts.empty());
  CHECK(life.record().view.state == run_state::queued);
  CHECK(life.next() == step::start);
}

TEST_CASE("an answer that belongs to another run is forgotten") {
  auto life = running();
  life.reserved(0.5);
  life.not_ours({"marker", noon});
  CHECK(life.next() == step::reconcile);
  CHECK(life.run_id().empty());
  CHECK(life.record().view.attempts.back().reserved_usd == 0.5);
  CHECK_FALSE(life.record().view.dataset_id);
}

TEST_CASE("a run that succeeds is final") {
  auto life = running(3);
  CHECK(life.ended(remote(remote_status::succeeded), noon, {}));
  CHECK(succeeded(life.record().view));
  CHECK(life.record().view.usage_total_usd == 0.25);
  CHECK(life.next() == step::none);
}

TEST_CASE("a run that fails is tried again while attempts last") {
  auto life = running(2);
  CHECK_FALSE(life.ended(remote(remote_status::failed), noon, {}));
  CHECK(life.next() == step::start);
  CHECK(*life.record().not_before > noon);
  life.begin_start({"second", noon});
  life.started(remote(remote_status::running, "run-2"));
  CHECK(life.ended(remote(remote_status::failed, "run-2"), noon, {}));
  CHECK(life.record().view.attempts.size() == 2);
  CHECK(life.record().view.usage_total_usd == 0.5);
  CHECK(life.record().view.error->type == "run-FAILED");
}

TEST_CASE("a run that times out goes on where it was") {
  auto life = running(2);
  CHECK_FALSE(life.ended(remote(remote_status::timed_out), noon, {}));
  CHECK(life.next() == step::resurrect);
  life.resurrected(remote(remote_status::running));
  CHECK(life.next() == step::watch);
  CHECK(life.record().view.attempts.size() == 1);
  CHECK(life.ended(remote(remote_status::timed_out), noon, {}));
}

TEST_CASE("a run that somebody aborts through us is not tried again") {
  auto life = running(5);
  life.abort_requested();
  CHECK(life.ended(remote(remote_status::aborted), noon, {}));
}

TEST_CASE("a run that is aborted in the queue is cancelled") {
  auto life = fresh();
  life.abort_requested();
  CHECK(life.next() == step::cancel);
  life.cancelled(noon);
  CHECK(life.record().view.state == run_state::cancelled);
  CHECK_FALSE(life.record().view.status);
}

TEST_CASE("a run that is aborted while it starts leaves no attempt behind") {
  auto life = fresh();
  life.begin_start({"marker", noon});
  life.abort_requested();
  life.cancelled(noon);
  CHECK(life.record().view.attempts.empty());
  CHECK(life.record().view.state == run_state::cancelled);
}

TEST_CASE("a refused run says why") {
  auto life = fresh();
  life.begin_start({"marker", noon});
  life.refused({"invalid-input", "startUrls is missing"}, noon);
  CHECK(life.record().view.state == run_state::refused);
  CHECK(life.record().view.error->type == "invalid-input");
}

TEST_CASE("waits between attempts double up to the longest") {
  retry_policy policy{std::chrono::seconds{2}, std::chrono::seconds{10}};
  CHECK(policy.after(1) == std::chrono::seconds{2});
  CHECK(policy.after(2) == std::chrono::seconds{4});
  CHECK(policy.after(9) == std::chrono::seconds{10});
}
