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
  CHECK(says(problem_of(R"(,"rampUp":{"auto":true,"from":0})"),
             "rampUp.from: must be at least 1"));
  CHECK(says(problem_of(R"(,"tracker":{"kind":"run","actor":"a"})"),
             "tracker.kind"));
  CHECK(says(problem_of(R"(,"reduce":{"kind":"http"})"), "reduce.url"));
  CHECK(says(problem_of("", R"({"kind":"csv"})"), "source.path"));
}

TEST_CASE("what is missing is told with what to write") {
  auto of = [](std::string_view spec) {
    auto x = read_walk_spec(spec);
    return x ? std::string{} : message_of(x.error());
  };
  CHECK(says(of("{}"), "name: is missing: what the batch is called"));
  auto source = of(R"({"name":"x"})");
  CHECK(says(source, "source: is missing: where the items come from, such as "
                     R"({"kind":"ndjson","path":"rows.ndjson"})"));
  for (const auto* kind :
       {"ndjson (path)", "csv (path)", "json (path)",
        "sqlite (path, and query, or table and key)",
        "postgres (url or urlEnv, and query, or table and key)",
        "http (url or urlEnv)", "dataset (datasetId or run)", "processor ("})
    CHECK(says(source, kind));
  auto processor = of(R"({"name":"x","source":{"kind":"processor"}})");
  CHECK(says(processor, "processor: is missing: who does the pages, such as "));
  for (const auto* kind :
       {"command (command)", "http (url or urlEnv)", "task (channel)",
        "run (actor or task)", "class (name)"})
    CHECK(says(processor, kind));
  CHECK(
    says(of(R"({"name":"x","source":"a.csv"})"), "source: must be an object"));
  CHECK(says(of(R"({"name":"x","source":{}})"), "source.kind: is missing: "));
  CHECK(says(problem_of("", R"({"kind":"cvs"})"),
             R"(source.kind: there is no "cvs"; such as)"));
  CHECK(
    says(problem_of(R"(,"reduce":{"kind":"nobody"})"),
         "kinds are command (command), http (url or urlEnv), class (name)"));
}

TEST_CASE("each kind of processor says what it needs") {
  auto of = [](std::string_view processor) {
    auto x = read_walk_spec(
      fmt::format(R"({{"name":"b","source":{{"kind":"csv","path":"a"}},)"
                  R"("processor":{}}})",
                  processor));
    return x ? std::string{} : message_of(x.error());
  };
  CHECK(says(of(R"({"kind":"command"})"),
             "processor.command: is missing: an array of words"));
  CHECK(says(of(R"({"kind":"http"})"), "processor.url: is missing: what gets"));
  CHECK(says(of(R"({"kind":"http","url":"u","urlEnv":"U"})"),
             "processor.urlEnv: give it or `url`"));
  CHECK(says(of(R"({"kind":"task"})"), "processor.channel: is missing"));
  CHECK(says(of(R"({"kind":"run"})"), "processor.actor: is missing: an Apify"));
  CHECK(says(of(R"({"kind":"class"})"), "processor.name: is missing"));
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
