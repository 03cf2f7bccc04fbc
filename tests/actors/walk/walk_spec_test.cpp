// What a specification may say.

#include "messages/base/error.hpp"
#include "messages/walk/walk_spec.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace orc;

namespace {

std::string problem_of(const std::string& more, const std::string& source
                                                = R"({"kind":"processor"})") {
  auto x = read_walk_spec(
    fmt::format(R"({{"name":"b","source":{},)"
                R"("processor":{{"kind":"command","command":["x"]}}{}}})",
                source, more));
  return x ? "" : message_of(x.error());
}

bool says(const std::string& text, std::string_view what) {
  INFO(text);
  return text.find(what) != std::string::npos;
}

} // namespace

TEST_CASE("a specification needs a name, a source and a processor only") {
  CHECK(problem_of("") == "");
  auto x = read_walk_spec(R"({"name":"b","source":{"kind":"processor"},)"
                          R"("processor":{"kind":"command","command":"x"}})");
  REQUIRE(x);
  auto rules = rules_of(*x);
  CHECK(rules.initial_attempts == 10);
  CHECK(rules.extended_retry == std::chrono::seconds{300});
  CHECK(rules.page_timeout == std::chrono::seconds{300});
  CHECK(rules.self_fed);
}

TEST_CASE("BO-32 at-most-once has one attempt") {
  CHECK(says(problem_of(R"(,"retryMode":"at-most-once","initialAttempts":2)"),
             "initialAttempts: must be 1"));
  CHECK(problem_of(R"(,"retryMode":"at-most-once","initialAttempts":1)") == "");
}

TEST_CASE("BO-33 at-most-once has no extended retries") {
  CHECK(says(problem_of(R"(,"retryMode":"at-most-once","extendedRetrySecs":5)"),
             "extendedRetrySecs: makes no sense"));
}

TEST_CASE("BO-X6 a negative limit is refused") {
  CHECK(says(problem_of(R"(,"maxParallelism":-1)"), "maxParallelism: must be"));
}

TEST_CASE("what is wrong is named by its member") {
  CHECK(says(problem_of(R"(,"pageSise":5)"), "pageSize"));
  CHECK(says(problem_of(R"(,"pageSize":0)"), "pageSize: must be from 1"));
  CHECK(says(problem_of(R"(,"pageTimeoutSecs":0)"), "pageTimeoutSecs"));
  CHECK(says(problem_of(R"(,"rampUp":{"from":5,"to":2,"overSecs":1})"),
             "rampUp.to"));
  CHECK(says(problem_of(R"(,"rampUp":7)"), "rampUp"));
  CHECK(says(problem_of(R"(,"tracker":{"kind":"run","actor":"a"})"),
             "tracker.kind"));
  CHECK(says(problem_of(R"(,"reduce":{"kind":"http"})"), "reduce.url"));
  CHECK(says(problem_of("", R"({"kind":"csv"})"), "source.path"));
}

TEST_CASE("a batch reads the same, whatever else changes") {
  auto with = [](const char* source, int size) {
    return fmt::format(R"({{"name":"b","source":{},"pageSize":{}}})", source,
                       size);
  };
  CHECK(reads_the_same(with(R"({"kind":"csv","path":"a"})", 1),
                       with(R"({"path":"a","kind":"csv"})", 2)));
  CHECK(!reads_the_same(with(R"({"kind":"csv","path":"a"})", 1),
                        with(R"({"kind":"csv","path":"b"})", 1)));
}
