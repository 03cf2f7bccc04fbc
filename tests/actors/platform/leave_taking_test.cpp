#include "actors/platform/leave_taking.hpp"
#include "actors/platform/status_text.hpp"
#include "messages/json/platform_events.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("a reason to leave counts once") {
  leave_taking x;
  CHECK(x.begin(departure::migration));
  CHECK_FALSE(x.begin(departure::migration));
  CHECK(x.why() == departure::migration);
}

TEST_CASE("an abortion counts even in the middle of a migration, and then only "
          "that") {
  leave_taking x;
  x.begin(departure::migration);
  auto number = x.number();
  CHECK(x.begin(departure::abortion));
  CHECK(x.number() != number);
  CHECK_FALSE(x.begin(departure::migration));
  CHECK_FALSE(x.begin(departure::abortion));
  CHECK(x.why() == departure::abortion);
}

TEST_CASE("the status says what people want to know") {
  run_totals x;
  CHECK(status_text(x) == "No runs yet");
  x.states = {{"queued", 2},
              {"running", 3},
              {"starting", 1},
              {"finished", 5},
              {"refused", 1}};
  x.statuses = {{"SUCCEEDED", 4}, {"FAILED", 1}};
  CHECK(status_text(x)
        == "6 of 12 runs are done, 2 of them did not succeed; 4 running, "
           "2 waiting");
  x.states = {{"queued", 2}};
  x.statuses = {};
  CHECK(status_text(x) == "0 of 2 runs are done; 2 waiting");
}

TEST_CASE("frames of the events WebSocket are read leniently") {
  using kind = platform_event_kind;
  auto x = read_platform_event(
    R"({"name":"migrating","data":{"timeRemainingSecs":4.5}})");
  CHECK(x.kind == kind::migrating);
  CHECK(x.seconds_left == 4.5);
  for (auto data : {"", R"(,"data":null)", R"(,"data":{})", R"(,"data":[1])",
                    R"(,"data":7,"createdAt":"2026-11-27T10:00:00Z")"}) {
    auto frame = std::string{R"({"name":"aborting")"} + data + "}";
    CHECK(read_platform_event(frame).kind == kind::aborting);
  }
  for (auto frame : {"", "[]", "{", R"({"name":7})", R"({"name":"exit"})",
                     R"({"name":"systemInfo","data":{"cpuCurrentUsage":1}})"})
    CHECK(read_platform_event(frame).kind == kind::other);
}
