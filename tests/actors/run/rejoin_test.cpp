#include "actors/run/rejoin.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

run_record ended(run_state state, std::optional<remote_status> status) {
  run_record record;
  record.view.name = "job";
  record.view.state = state;
  record.view.status = status;
  record.view.item_count = 7;
  if (status) {
    record.view.run_id = "run-1";
    record.view.attempts.emplace_back().run_id = "run-1";
  }
  return record;
}

run_record finished(remote_status status) {
  return ended(run_state::finished, status);
}

} // namespace

TEST_CASE("a name that succeeded returns its run") {
  auto record = finished(remote_status::succeeded);
  CHECK(rejoin(record, {}, false) == rejoin_outcome::joined);
  CHECK(record.view.item_count == 7);
}

TEST_CASE("a name that succeeded starts anew if asked to") {
  auto record = finished(remote_status::succeeded);
  run_request request;
  request.on_succeeded = end_policy::restart;
  CHECK(rejoin(record, request, false) == rejoin_outcome::requeued);
  CHECK_FALSE(record.resurrect);
  CHECK(record.view.state == run_state::queued);
  CHECK_FALSE(record.view.item_count);
}

TEST_CASE("names that were aborted or timed out are resurrected") {
  for (auto status : {remote_status::aborted, remote_status::timed_out}) {
    auto record = finished(status);
    CHECK(rejoin(record, {}, false) == rejoin_outcome::requeued);
    CHECK(record.resurrect);
  }
}

TEST_CASE("an aborted name is handed out or started anew if asked to") {
  auto record = finished(remote_status::aborted);
  run_request request;
  request.on_aborted = end_policy::hand_out;
  CHECK(rejoin(record, request, false) == rejoin_outcome::joined);
  request.on_aborted = end_policy::restart;
  CHECK(rejoin(record, request, false) == rejoin_outcome::requeued);
  CHECK_FALSE(record.resurrect);
}

TEST_CASE("a name that failed gets a new attempt while attempts last") {
  auto record = finished(remote_status::failed);
  run_request request;
  request.attempts = 1;
  CHECK(rejoin(record, request, false) == rejoin_outcome::joined);
  request.attempts = 2;
  CHECK(rejoin(record, request, false) == rejoin_outcome::requeued);
  CHECK(record.max_attempts == 2);
}

TEST_CASE("attempts of a name that failed are renewed on request") {
  auto record = finished(remote_status::failed);
  CHECK(rejoin(record, {}, true) == rejoin_outcome::requeued);
  CHECK(record.max_attempts == 2);
}

TEST_CASE("what never started is tried again with the new input") {
  auto record = ended(run_state::refused, std::nullopt);
  run_request request;
  request.priority = 3;
  CHECK(rejoin(record, request, false) == rejoin_outcome::requeued);
  CHECK(record.priority == 3);
  CHECK_FALSE(record.resurrect);
}

TEST_CASE("a name that still runs is joined as it is") {
  for (auto state :
       {run_state::queued, run_state::starting, run_state::running}) {
    auto record = ended(state, std::nullopt);
    CHECK(rejoin(record, {}, true) == rejoin_outcome::joined);
    CHECK(record.view.state == state);
  }
}
