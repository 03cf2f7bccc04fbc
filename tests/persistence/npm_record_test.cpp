#include "persistence/npm/npm_record.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace orc;

namespace {

/// Left by the library itself: bench/peer/records.mjs makes them.
std::string record_of(const std::string& name) {
  std::ifstream in{ORC_NPM_RECORDS "/" + name};
  REQUIRE(in);
  return {std::istreambuf_iterator<char>{in}, {}};
}

void check(const caf::expected<npm_runs>& x) {
  if (!x)
    FAIL(message_of(x.error()));
  REQUIRE(x->current.size() == 2);
  const auto& again = x->current.at("job-1/2");
  CHECK(again.run_id == "npm-run-2");
  CHECK(again.status == "SUCCEEDED");
  CHECK(to_string(again.started_at) == "2026-11-27T10:00:02.000Z");
  CHECK(x->current.at("job-2/2").run_id == "npm-run-3");
  REQUIRE(x->failed_history.at("job-1/2").size() == 1);
  CHECK(x->failed_history.at("job-1/2")[0].run_id == "npm-run-1");
}

ec problem_of(const std::string& body, const std::string& key) {
  return code_of(read_npm_record(body, secret{key}).error());
}

} // namespace

TEST_CASE("a record of the npm library is read") {
  check(read_npm_record(record_of("plain.json"), {}));
}

TEST_CASE("an encrypted record of the npm library is read with its key") {
  check(read_npm_record(record_of("sealed.json"), secret{"correct horse"}));
}

TEST_CASE("another key, or none, is a wrong key") {
  for (auto key : {"", "wrong", "correct horse ", "Correct horse"})
    CHECK(problem_of(record_of("sealed.json"), key) == ec::wrong_key);
  CHECK(problem_of(record_of("plain.json"), "key") == ec::wrong_key);
}

TEST_CASE("what is no record of the npm library is refused") {
  for (auto body : {"", "7", "[]", R"({"current":7})", "{"})
    CHECK(problem_of(body, "") == ec::store_corrupt);
  for (auto body : {R"("")", R"("?")", R"("e30=")"})
    CHECK(problem_of(body, "key") == ec::store_corrupt);
}
