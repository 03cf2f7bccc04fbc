#include "embedding/client.hpp"
#include "embedding/logging.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <optional>

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// Where no platform answers: what is submitted waits.
constexpr auto nowhere = "http://127.0.0.1:9";

client_options options() {
  log_to(host_log_level::off, {});
  client_options result;
  result.base_url = nowhere;
  result.token = "token";
  return result;
}

run_spec request(const std::string& name) {
  run_spec result;
  result.name = name;
  result.actor = "me/shop";
  result.input = R"({"page":1})";
  return result;
}

/// @returns what a future brings within a time that is far too long.
template <class T>
T within(std::future<T> x) {
  if (x.wait_for(30s) != std::future_status::ready)
    FAIL("no answer");
  return x.get();
}

client started() {
  auto result = client::start(options());
  if (!result)
    FAIL(result.error().message);
  return std::move(*result);
}

} // namespace

TEST_CASE("a client submits, looks, and aborts") {
  auto orchestrator = started();

  auto runs = within(orchestrator.submit({request("a"), request("b")}));
  auto again = within(orchestrator.submit({request("b")}));
  auto found = within(orchestrator.get({"a"}));
  auto aborted = within(orchestrator.abort_all());
  auto ended = within(orchestrator.wait({"a"}, 20s));

  REQUIRE(runs);
  REQUIRE(runs->size() == 2);
  CHECK_FALSE(runs->at(1).joined);
  CHECK(runs->at(1).name == "b");
  REQUIRE(again);
  CHECK(again->at(0).joined);
  REQUIRE(found);
  CHECK(found->json.find(R"("name":"a")") != std::string::npos);
  REQUIRE(aborted);
  CHECK(*aborted == 2);
  REQUIRE(ended);
  CHECK(ended->is_final);
  CHECK(ended->state == "cancelled");
}

TEST_CASE("runs are listed page by page, the newest first") {
  auto orchestrator = started();
  for (const auto* name : {"a", "b", "c"})
    REQUIRE(within(orchestrator.submit({request(name)})));
  run_query query;
  query.limit = 2;

  auto first = within(orchestrator.list(query));
  REQUIRE(first);
  query.cursor = first->next;
  auto rest = within(orchestrator.list(query));

  REQUIRE(first->runs.size() == 2);
  CHECK(first->runs[0].name == "c");
  CHECK_FALSE(first->next.empty());
  REQUIRE(rest);
  REQUIRE(rest->runs.size() == 1);
  CHECK(rest->runs[0].name == "a");
  CHECK(rest->next.empty());
  query = {};
  query.states = {"finished"};
  CHECK(within(orchestrator.list(query))->runs.empty());
  query.states = {"done"};
  auto wrong = within(orchestrator.list(query));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.starts_with("states: must be of"));
}

TEST_CASE("fields beyond those of a spec are taken, and lose against them") {
  auto orchestrator = started();
  auto run = request("more");
  run.memory_mbytes = 512;
  run.more = R"({"name":"less","options":{"build":"beta","memoryMbytes":128}})";

  auto submitted = within(orchestrator.submit({run}));

  REQUIRE(submitted);
  CHECK(submitted->at(0).name == "more");
  CHECK(submitted->at(0).json.find(R"("memoryMbytes":512)")
        != std::string::npos);
}

TEST_CASE("what is wrong is a value that names the field") {
  auto orchestrator = started();
  auto unknown = within(orchestrator.get({"nobody"}));
  auto wrong = request("w");
  wrong.attempts = 1000;
  auto refused = within(orchestrator.submit({request("r"), wrong}));
  auto no_json = request("j");
  no_json.input = "{";
  auto unreadable = within(orchestrator.submit({no_json}));

  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().type == "unknown-run");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().type == "bad-field");
  CHECK(refused.error().message.find("runs[1].attempts") == 0);
  REQUIRE_FALSE(unreadable);
  CHECK(unreadable.error().type == "bad-json");
}

TEST_CASE("who waits when a client ends is told so, once") {
  auto told = 0;
  std::string type;
  {
    auto orchestrator = started();
    REQUIRE(within(orchestrator.submit({request("slow")})));
    orchestrator.wait({"slow"}, 10min, [&](outcome<run_info> x) {
      ++told;
      type = x ? x->state : x.error().type;
    });
    CHECK(orchestrator.stop());
    CHECK(told == 1);
    auto late = within(orchestrator.get({"slow"}));
    REQUIRE_FALSE(late);
    CHECK(late.error().type == "stopping");
  }
  CHECK(told == 1);
  CHECK((type == "stopping" || type == "queued"));
}

TEST_CASE("facts are told in order") {
  auto orchestrator = started();
  std::promise<void> cancelled;
  std::string kinds;
  orchestrator.on_event([&](const event_info& x) {
    kinds += x.kind + " ";
    if (x.kind == "run.ended")
      cancelled.set_value();
  });

  REQUIRE(within(orchestrator.submit({request("told")})));
  REQUIRE(within(orchestrator.abort({"told"})));

  REQUIRE(cancelled.get_future().wait_for(30s) == std::future_status::ready);
  orchestrator.on_event({});
  CHECK(orchestrator.stop());
  CHECK(kinds.find("run.submitted ") == 0);
}

TEST_CASE("a directory has one client at a time, and is free after it") {
  test::temp_folder home;
  auto settings = options();
  settings.data_directory = home.path() / "data";
  {
    auto first = client::start(settings);
    REQUIRE(first);
    REQUIRE(within(first->submit({request("kept")})));
    auto second = client::start(settings);
    REQUIRE_FALSE(second);
    CHECK(second.error().type == "store-locked");
  }
  auto next = client::start(settings);

  REQUIRE(next);
  CHECK(within(next->get({"kept"})));
  CHECK(next->stop());
}

TEST_CASE("there is no client of what is nowhere") {
  auto nobody = client::connect({"http://127.0.0.1:9"});
  auto nonsense = client::connect({"nonsense"});
  auto settings = options();
  settings.base_url = "api.apify.com";
  auto no_url = client::start(settings);

  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().type == "not-sent");
  REQUIRE_FALSE(nonsense);
  CHECK(nonsense.error().type == "bad-config");
  REQUIRE_FALSE(no_url);
  CHECK(no_url.error().type == "bad-config");
}
