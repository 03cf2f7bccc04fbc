#include "messages/health.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

health well() {
  health result;
  result.store.writable = true;
  result.platform = {{"default", true, timestamp{1}, ""}};
  return result;
}

std::string reason(health x, const health_rules& rules = {}) {
  judge(x, rules);
  CHECK(x.ready == x.reason.empty());
  return x.reason;
}

} // namespace

TEST_CASE("all is well where nothing is wrong") {
  CHECK(reason(well()).empty());
  auto unasked = well();
  unasked.platform[0].reachable.reset();
  CHECK(reason(unasked).empty());
}

TEST_CASE("a phase comes before all else") {
  auto x = well();
  x.phase = "stopping";
  x.store = {false, "the disk is full", 0, 0};
  CHECK(reason(x) == "stopping");
}

TEST_CASE("a store that cannot be written is no secret") {
  auto x = well();
  x.store = {false, "the disk is full", 0, 0};
  CHECK(reason(x) == "the disk is full");
  health_rules rules;
  rules.with_store = false;
  CHECK(reason(x, rules).empty());
}

TEST_CASE("one account that cannot reach the platform is enough") {
  auto x = well();
  x.platform.push_back({"second", false, {}, "refused"});
  CHECK(reason(x) == "account second cannot reach the platform: refused");
  health_rules rules;
  rules.with_platform = false;
  CHECK(reason(x, rules).empty());
}

TEST_CASE("a backlog counts only for who names a limit") {
  auto x = well();
  x.backlog.queued = 7;
  CHECK(reason(x).empty());
  health_rules rules;
  rules.max_queued = 7;
  CHECK(reason(x, rules).empty());
  rules.max_queued = 6;
  CHECK(reason(x, rules) == "7 runs wait, more than 6");
}
