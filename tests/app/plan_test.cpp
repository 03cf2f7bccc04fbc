#include "app/plan/plan.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace orc;
using namespace orc::app;

namespace {

std::string problem_of(std::string text, const std::string& source = "") {
  auto read = source.empty() ? read_plan(std::string_view{text})
                             : read_plan(std::move(text), source);
  return read ? "" : message_of(read.error());
}

std::vector<std::string> names_of(std::string_view text) {
  auto read = read_plan(text);
  REQUIRE(read);
  std::vector<std::string> result;
  for (const auto& ref : read->names())
    result.push_back(ref.name);
  return result;
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("a plan is an object with runs") {
  CHECK(names_of(R"({"runs":[{"name":"a","actor":"u/x"},
                             {"name":"b","task":"u/y"}]})")
        == words{"a", "b"});
}

TEST_CASE("a plan is one request a line, blank lines left out") {
  CHECK(names_of("{\"name\":\"a\",\"actor\":\"u/x\"}\n\n"
                 "  {\"name\":\"b\",\"actor\":\"u/x\"}\r\n")
        == words{"a", "b"});
}

TEST_CASE("a plan is one request on several lines") {
  CHECK(names_of("{\n  \"name\": \"a\",\n  \"actor\": \"u/x\"\n}")
        == words{"a"});
}

TEST_CASE("a byte order mark is skipped") {
  CHECK(names_of("\xEF\xBB\xBF{\"name\":\"a\",\"actor\":\"u/x\"}")
        == words{"a"});
}

TEST_CASE("brackets and quotes in strings do not end a run") {
  auto read = read_plan(std::string_view{
    R"({"runs":[{"name":"a","actor":"x","input":"]}\"\\"}]})"});
  REQUIRE(read);
  CHECK(read->requests(0, 9).at(0).input.view() == R"("]}\"\\")");
}

TEST_CASE("requests are read in chunks, with names") {
  std::string text;
  for (int i = 0; i < 2500; ++i)
    text += fmt::format("{{\"actor\":\"u/x\",\"input\":{{\"i\":{}}}}}\n", i);

  auto read = read_plan(std::move(text), "plan");

  REQUIRE(read);
  CHECK(read->size() == 2500);
  CHECK(read->requests(0, 1000).size() == 1000);
  auto last = read->requests(2000, 1000);
  REQUIRE(last.size() == 500);
  CHECK(last.back().name == read->names().back().name);
  CHECK(last.back().input.view() == R"({"i":2499})");
}

TEST_CASE("a plan that was moved still has its runs") {
  auto read = read_plan(std::string_view{R"({"actor":"x"})"});
  REQUIRE(read);
  auto moved = std::move(*read);
  CHECK(moved.requests(0, 1).at(0).actor == "x");
}

// -- names that are made
// -----------------------------------------------------------

TEST_CASE("a run without a name gets the same one each time") {
  auto first = names_of(R"({"actor":"u/x","input":{"a":1}})");
  auto again = names_of(R"({ "input" : {"a": 1}, "actor":"u/x" })");
  CHECK(first == again);
  CHECK(first.at(0).starts_with("run-"));
  CHECK(first.at(0).size() == 16);
}

TEST_CASE("another input, Apify actor or option makes another name") {
  auto names = names_of("{\"actor\":\"u/x\",\"input\":1}\n"
                        "{\"actor\":\"u/x\",\"input\":2}\n"
                        "{\"actor\":\"u/y\",\"input\":1}\n"
                        "{\"task\":\"u/x\"}\n"
                        "{\"actor\":\"u/x\",\"input\":1,"
                        "\"options\":{\"memoryMbytes\":256}}\n"
                        "{\"actor\":\"u/x\",\"input\":1,\"options\":"
                        "{\"forcePermissionLevel\":\"FULL_PERMISSIONS\"}}\n"
                        "{\"actor\":\"u/x\",\"input\":1,\"options\":{"
                        "\"forcePermissionLevel\":\"LIMITED_PERMISSIONS\"}}\n");
  std::sort(names.begin(), names.end());
  CHECK(std::unique(names.begin(), names.end()) == names.end());
}

TEST_CASE("equal runs without names are numbered") {
  auto names = names_of("{\"actor\":\"u/x\"}\n{\"actor\":\"u/x\"}\n"
                        "{\"actor\":\"u/x\"}\n");
  CHECK(names.at(1) == names.at(0) + "-2");
  CHECK(names.at(2) == names.at(0) + "-3");
}

TEST_CASE("a made name gives way to the same one that was given") {
  auto made = names_of(R"({"actor":"u/x"})").at(0);
  auto names = names_of(fmt::format("{{\"actor\":\"u/x\"}}\n"
                                    "{{\"actor\":\"u/y\",\"name\":\"{}\"}}\n",
                                    made));
  CHECK(names == words{made + "-2", made});
}

// -- bad plans
// --------------------------------------------------------------------

TEST_CASE("what is no JSON is told with line and column") {
  CHECK(problem_of("{\"runs\":[\n{\"name\":}]}", "p.json")
          .starts_with("p.json: line 2, column 9: "));
  CHECK(problem_of("").starts_with("line 1, column 1: "));
}

TEST_CASE("a line that is no JSON is told with its number and column") {
  CHECK(problem_of("{\"actor\":\"x\"}\n{\"actor\":x}\n", "p")
          .starts_with("p: line 2, column 10: "));
}

TEST_CASE("an unknown field is named, with a hint") {
  auto problem = problem_of(R"({"runs":[{"actor":"x","optoins":{}}]})", "p");
  CHECK(problem.starts_with("p: runs[0].optoins: "));
  CHECK(problem.find("`options`") != std::string::npos);
}

TEST_CASE("a wrong type is named with the path of its field") {
  CHECK(problem_of("{\"actor\":\"x\"}\n{\"actor\":\"x\",\"options\":"
                   "{\"memoryMbytes\":\"1\"}}\n")
          .starts_with("line 2: options.memoryMbytes: must be "));
}

TEST_CASE("a value out of range is named with the path of its field") {
  CHECK(problem_of(R"({"runs":[{"actor":"x"},
                      {"actor":"x","options":{"memoryMbytes":1000}}]})")
          .starts_with("runs[1].options.memoryMbytes: must be a power of two"));
}

TEST_CASE("a name that is used twice is an error that tells both places") {
  CHECK(problem_of("{\"actor\":\"x\",\"name\":\"a\"}\n\n"
                   "{\"actor\":\"x\",\"name\":\"a\"}\n")
        == "line 3: name: `a` is the name of line 1, too");
}

TEST_CASE("the same name in two namespaces is fine") {
  CHECK(problem_of("{\"actor\":\"x\",\"name\":\"a\"}\n"
                   "{\"actor\":\"x\",\"name\":\"a\",\"namespace\":\"n\"}\n")
        == "");
}

TEST_CASE("a plan must have runs, and nothing else") {
  CHECK(problem_of(R"({"runs":[]})") == "the plan has no runs");
  CHECK(problem_of(R"({"runs":{}})") == "runs: must be an array");
  CHECK(problem_of(R"({"runs":[],"runs":[]})") == "runs: is there twice");
  CHECK(problem_of(R"({"runs":[],"rnus":[]})").starts_with("rnus: "));
  CHECK(problem_of("[]").find("not an array") != std::string::npos);
  CHECK(problem_of("7").find("must be an object") != std::string::npos);
}

TEST_CASE("a file that cannot be read is named") {
  auto read = read_plan_file("/nonexistent/plan.json");
  REQUIRE(!read);
  CHECK(message_of(read.error())
        == "/nonexistent/plan.json: cannot be read: No such file or directory; "
           "check the path");
}
