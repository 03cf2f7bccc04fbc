#include "emulator/platform/agenda.hpp"
#include "emulator/platform/base64.hpp"
#include "emulator/platform/fault_plan.hpp"
#include "emulator/platform/input_schema.hpp"
#include "emulator/platform/rate_limiter.hpp"
#include "emulator/platform/run_index.hpp"
#include "emulator/platform/script.hpp"
#include "emulator/platform/webhooks.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace orc::emulator;
using namespace std::chrono_literals;

namespace {

const auto start = moment{1'700'000'000'000ms};

json_document parse(std::string_view text) {
  auto result = json_document{};
  REQUIRE(parse_json(text, result));
  return result;
}

std::string check_input(std::string_view schema, std::string_view input) {
  auto document = parse(input);
  return apply_input_schema(parse(schema), document);
}

} // namespace

TEST_CASE("an agenda does what is due, in order of time") {
  auto plan = agenda{};
  auto done = std::string{};
  plan.at(start + 2ms, [&] { done += "b"; });
  plan.at(start + 1ms, [&] { done += "a"; });
  plan.at(start + 3ms, [&] { done += "c"; });

  plan.run(start + 2ms);

  CHECK(done == "ab");
  CHECK(plan.next() == start + 3ms);
}

TEST_CASE("an agenda forgets what is cancelled") {
  auto plan = agenda{};
  auto done = false;
  const auto entry = plan.at(start, [&] { done = true; });

  plan.cancel(entry);
  plan.run(start);

  CHECK(!done);
}

TEST_CASE("a task of the agenda that plans itself again waits its turn") {
  auto plan = agenda{};
  auto count = 0;
  std::function<void()> again = [&] {
    ++count;
    plan.at(start, again);
  };
  plan.at(start, again);

  plan.run(start);

  CHECK(count == 1);
}

TEST_CASE("moments are read and written as ISO 8601") {
  CHECK(to_iso(start) == "2023-11-14T22:13:20.000Z");
  CHECK(parse_iso("2023-11-14T22:13:20.000Z") == start);
  CHECK(parse_iso("2023-11-14T23:13:20.5+01:00") == start + 500ms);
  CHECK(parse_iso("2023-11-14") == start - 80'000s);
  CHECK(!parse_iso("yesterday"));
}

TEST_CASE("a list of runs takes those of some statuses and times, in order") {
  auto index = run_index{};
  auto runs = std::vector<std::unique_ptr<run>>{};
  for (auto i = 0; i < 10; ++i) {
    runs.push_back(std::make_unique<run>());
    runs.back()->number = static_cast<std::uint64_t>(i);
    runs.back()->started_at = start + i * 1s;
    runs.back()->status = i % 2 ? run_status::running : run_status::failed;
    index.add(*runs.back());
  }

  auto filter = run_filter{};
  filter.started_after = start + 2s;
  filter.started_before = start + 8s;
  filter.statuses = {run_status::failed};
  CHECK(index.list(filter).total == 4);
  filter.statuses.clear();
  filter.offset = 1;
  filter.limit = 2;
  filter.descending = true;

  const auto page = index.list(filter);

  CHECK(page.total == 7);
  REQUIRE(page.items.size() == 2);
  CHECK(page.items[0]->number == 7);
  CHECK(page.items[1]->number == 6);
}

TEST_CASE("the same seed makes the same faults") {
  auto x = fault_plan{7};
  auto y = fault_plan{7};
  REQUIRE(x.set("start.500=0.3,any.lost=0.1").empty());
  REQUIRE(y.set("start.500=0.3,any.lost=0.1").empty());
  auto faults = 0;
  auto differences = 0;

  for (auto i = 0; i < 1000; ++i) {
    const auto route = "POST /v2/actors/{actorId}/runs";
    const auto fault_of_x = x.draw(route);
    faults += fault_of_x ? 1 : 0;
    differences += fault_of_x.has_value() != y.draw(route).has_value() ? 1 : 0;
  }

  CHECK(faults > 250);
  CHECK(faults < 500);
  CHECK(differences == 0);
}

TEST_CASE("fault rates that make no sense are refused with a reason") {
  auto plan = fault_plan{1};
  CHECK(plan.set("start.500").find("not like") != std::string::npos);
  CHECK(plan.set("stop.500=1").find("scope") != std::string::npos);
  CHECK(plan.set("start.600=1").find("fault") != std::string::npos);
  CHECK(plan.set("start.500=2").find("probability") != std::string::npos);
  CHECK(plan.set("any.slow=0.5:20ms").empty());
}

TEST_CASE("a resource takes so many calls a second") {
  auto limiter = rate_limiter{};

  CHECK(limiter.admit("datasets/a/", 2, start));
  CHECK(limiter.admit("datasets/a/", 2, start + 1ms));
  CHECK(!limiter.admit("datasets/a/", 2, start + 2ms));
  CHECK(limiter.admit("datasets/b/", 2, start + 2ms));
  CHECK(limiter.admit("datasets/a/", 2, start + 1s));
}

TEST_CASE("an input is held against its schema") {
  const auto schema = R"({"properties":{
    "n":{"type":"integer","minimum":1,"maximum":5},
    "mode":{"type":"string","enum":["a","b"]}},
    "required":["n"]})";

  CHECK(check_input(schema, R"({"n":3,"mode":"a","extra":1})").empty());
  CHECK(check_input(schema, "{}") == "Field input.n is required");
  CHECK(check_input(schema, R"({"n":0})") == "Field input.n must be >= 1");
  CHECK(check_input(schema, R"({"n":9})") == "Field input.n must be <= 5");
  CHECK(check_input(schema, R"({"n":"1"})") == "Field input.n must be integer");
  CHECK(!check_input(schema, R"({"n":1,"mode":"c"})").empty());
}

TEST_CASE("a schema's defaults fill what an input leaves out") {
  auto input = parse(R"({"a":1})");

  apply_input_schema(
    parse(R"({"properties":{"a":{"default":5},"b":{"default":[1]}}})"), input);

  CHECK(to_text(input) == R"({"a":1,"b":[1]})");
}

TEST_CASE("a webhook's template is filled with values, or text in strings") {
  const auto variables
    = parse(R"({"resource":{"id":"r1","n":5},"eventType":"TEST"})");

  CHECK(
    fill_template(R"({"id":{{resource.id}},"x":{{none}}})", variables, false)
    == R"({"id":"r1","x":null})");
  CHECK(fill_template(R"({"text":"run {{ resource.id }}"})", variables, true)
        == R"({"text":"run r1"})");
  CHECK(fill_template(R"({"text":"run {{resource.id}}"})", variables, false)
        == R"({"text":"run {{resource.id}}"})");
}

TEST_CASE("base64 is read in both alphabets") {
  CHECK(decode_base64("aGVsbG8=") == "hello");
  CHECK(decode_base64("-_8") == "\xFB\xFF");
  CHECK(decode_base64("+/8=") == "\xFB\xFF");
}

TEST_CASE("an input says what a scripted run does") {
  const auto x = read_script(
    R"({"durationMs":50,"items":[{"a":1},{"a":2}],"fault":500,"key":7})", {});

  CHECK(x.duration == 50ms);
  CHECK(x.item_count() == 2);
  CHECK(x.item(1, "id") == R"({"a":2})");
  CHECK(x.start_fault->kind == fault_kind::error_500);
  CHECK(x.key == "7");
}

TEST_CASE("items of a script are about as large as it says") {
  const auto x = read_script(R"({"items":1,"itemBytes":500})", {});

  CHECK(x.item(0, "12345678901234567").size() > 480);
  CHECK(x.item(0, "12345678901234567").size() < 520);
}
