#include "tests/transport/server/gateway_fixture.hpp"

using namespace orc;
using namespace std::chrono_literals;
using Catch::Contains;
using test::gateway_fixture;

namespace {

const std::string runs_path = "/v2/acts/me~crawler/runs";
const std::string record_path = "/v2/acts/me~crawler/run-sync";
const std::string items_path = record_path + "-get-dataset-items";

const std::string empty_list
  = R"({"data":{"total":0,"offset":0,"limit":1,"count":0,"desc":false,)"
    R"("items":[]}})";

/// Half of an answer, and then nothing.
void break_off(const http::exchange_ptr& x) {
  x->start({200, {{"Content-Length", "900"}}, {}});
  x->write("[", [x](bool) { x->drop(); });
}

} // namespace

TEST_CASE_METHOD(
  gateway_fixture,
  "a start that is answered 5xx or 429 is joined by its repeat") {
  become(&succeed);
  for (const auto& path : {record_path, items_path})
    for (auto status : {500, 503, 429}) {
      door->submitted.clear();
      home.answer(status, "{}");
      CHECK(ask("POST", path, "h").status == status);
      CHECK(notes->come_to(1));
      home.answer(200, "[]");
      CHECK(ask("POST", path, "h").status == 201);
      CHECK(notes->come_to(0));
      // It has its answer: the next one is a new wish.
      CHECK(ask("POST", path, "h").status == 201);
      auto started = names();
      REQUIRE(started.size() == 3);
      CHECK(started[0] == started[1]);
      CHECK(started[1] != started[2]);
    }
}

TEST_CASE_METHOD(gateway_fixture,
                 "a start whose output is lost is joined by its repeat") {
  become(&succeed);
  for (const auto& path : {record_path, items_path})
    for (auto broken : {false, true}) {
      door->submitted.clear();
      broken ? home.answer(&break_off)
             : home.answer([](const http::exchange_ptr& x) { x->drop(); });
      auto answer = ask("POST", path, "h");
      CHECK((answer.status == 502 || answer.status == 0));
      home.answer(200, "[]");
      CHECK(ask("POST", path, "h").status == 201);
      auto started = names();
      REQUIRE(started.size() == 2);
      CHECK(started[0] == started[1]);
    }
}

TEST_CASE_METHOD(gateway_fixture,
                 "a start that was durable before an error is joined") {
  become([](run_record&) {});
  door->failure = make_error(ec::store_failed, "disk full");
  CHECK(ask("POST", runs_path, "h").status == 507);
  door->failure = caf::error{};
  CHECK(ask("POST", runs_path, "h").status == 201);
  auto started = names();
  REQUIRE(started.size() == 2);
  CHECK(started[0] == started[1]);
}

TEST_CASE_METHOD(gateway_fixture,
                 "a start that is refused for good is none to be joined") {
  become([](run_record& x) {
    x.view.state = run_state::finished;
    x.view.status = remote_status::failed;
  });
  CHECK(ask("POST", record_path, "h").status == 400);
  CHECK(ask("POST", record_path, "h").status == 400);
  auto started = names();
  REQUIRE(started.size() == 2);
  CHECK(started[0] != started[1]);
}

TEST_CASE_METHOD(gateway_fixture,
                 "a key is its account's, whatever its token") {
  become([](run_record&) {});
  http::fields key{{"Idempotency-Key", "order 66"}};
  auto start = [&](const std::string& token) {
    CHECK(ask("POST", runs_path, token, {}, key).status == 201);
    return names().back();
  };
  auto first = start("service");
  CHECK(start("h") == first);
  reload(accounts("h2"));
  CHECK(start("service") == first);
  CHECK(start("h2") == first);
  // Accounts that tokens bring have nothing else.
  home.answer(200, R"({"data":{"id":"u"}})");
  auto guest = start("guest");
  CHECK(guest != first);
  CHECK(start("guest") == guest);
  CHECK(start("other guest") != guest);
}

TEST_CASE_METHOD(gateway_fixture,
                 "a token goes to the platform of its account only") {
  CHECK(ask("GET", "/v2/datasets/d", "service", "lab").status == 404);
  CHECK(ask("GET", "/v2/datasets/d", "l").status == 404);
  auto asked = lab.take_asked();
  REQUIRE(asked.size() == 2);
  CHECK(asked[0].line == "GET /v2/datasets/d");
  CHECK(asked[0].authorization == "Bearer l");
  CHECK(asked[1].authorization == "Bearer l");
  CHECK(home.take_asked().empty());
  CHECK(ask("GET", "/v2/datasets/d", "service").status == 404);
  asked = home.take_asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].authorization == "Bearer h");
}

TEST_CASE_METHOD(gateway_fixture,
                 "a run is asked for where its account is, also a gone one") {
  become([](run_record& x) { run_as(x, "L1"); });
  lab.answer(200, R"({"data":{"id":"L1","status":"RUNNING"}})");
  auto id = read_run_id(ask("POST", runs_path, "service", "lab").body);
  REQUIRE_FALSE(id.empty());
  CHECK(id != "L1");
  auto look = [&] {
    lab.take_asked();
    CHECK(ask("GET", "/v2/actor-runs/" + id, "service").status == 200);
    CHECK(ask("GET", "/v2/actor-runs/" + id + "/log", "service").status == 200);
    auto asked = lab.take_asked();
    REQUIRE(asked.size() == 2);
    for (const auto& x : asked)
      CHECK(x.authorization == "Bearer l");
    CHECK_THAT(asked[1].line, Contains("/L1/log"));
    CHECK(home.take_asked().empty());
  };
  look();
  reload({accounts()[0]});
  look();
  CHECK(ask("GET", "/v2/datasets/d", "service", "lab").status == 404);
  CHECK(lab.take_asked().empty());
  // Its runs are where they were started.
  auto moved = accounts();
  moved[1].base_url = home.url();
  reload(moved);
  look();
}

TEST_CASE_METHOD(gateway_fixture,
                 "what is below runs/last is of the run that it shows") {
  insert({waiting_run("w", "home", 1)});
  auto last = runs_path + "/last";
  auto aborted = ask("POST", last + "/abort", "h");
  CHECK(aborted.status == 200);
  REQUIRE(door->aborted.size() == 1);
  CHECK(door->aborted[0].ref.name == "w");
  CHECK(ask("GET", last + "/dataset/items?limit=2", "h").body == "[]");
  CHECK(ask("GET", last + "/log", "h").status == 200);
  CHECK(home.take_asked().empty());
  // Whatever shows no run that waits is the platform's.
  home.answer(200, "[1]");
  auto rest = last + "/dataset/items?status=SUCCEEDED";
  CHECK(ask("GET", rest, "h").body == "[1]");
  auto asked = home.take_asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].line == "GET " + rest);
}

TEST_CASE_METHOD(
  gateway_fixture,
  "a run that runs/last changes has the id that it is known by") {
  auto running = waiting_run("r", "home", 1);
  run_as(running, "P1");
  insert({running});
  home.answer(200, R"({"data":{"id":"P1","status":"ABORTING"}})");
  auto shown = ask("GET", runs_path + "/last", "h");
  auto aborted = ask("POST", runs_path + "/last/abort", "h");
  CHECK(aborted.status == 200);
  CHECK(read_run_id(aborted.body) == read_run_id(shown.body));
  CHECK(read_run_id(aborted.body) != "P1");
  CHECK(home.take_asked().back().line == "POST " + runs_path + "/last/abort");
}

TEST_CASE_METHOD(gateway_fixture,
                 "runs that wait are listed behind any number of others") {
  std::vector<run_record> all{waiting_run("mine", "home", 1)};
  for (int i = 0; i < 2100; ++i)
    all.push_back(waiting_run("lab-" + std::to_string(i), "lab", 2 + i));
  insert(all);
  home.answer(200, empty_list);
  lab.answer(200, empty_list);
  auto total = [](const http::response& x) {
    auto page = read_run_list(x.body);
    REQUIRE(page);
    return page->total;
  };
  CHECK(total(ask("GET", runs_path, "h")) == 1);
  CHECK(total(ask("GET", "/v2/actor-runs", "l")) == 1000);
  CHECK(ask("GET", runs_path + "/last", "h").status == 200);
}
