#include "messages/json/json.hpp"
#include "tests/transport/server/server_fixture.hpp"

using namespace orc;
using namespace std::chrono_literals;
using Catch::Contains;
using test::server_fixture;

TEST_CASE_METHOD(server_fixture, "a new run is answered with 201") {
  auto answer = post("/api/v1/runs", R"({"name":"a/1","actor":"x/y"})");
  CHECK(answer.status == 201);
  auto run = from_json<orc::run>(answer.body);
  REQUIRE(run);
  CHECK(run->name == "a/1");
  CHECK(door->submitted.at(0).runs.at(0).actor == "x/y");
}

TEST_CASE_METHOD(server_fixture, "a run that was joined is answered with 200") {
  door->joined = true;
  CHECK(post("/api/v1/runs", R"({"name":"a","actor":"x/y"})").status == 200);
}

TEST_CASE_METHOD(server_fixture, "an array of runs is answered with an array") {
  auto answer = post("/api/v1/runs", R"([{"name":"a","actor":"x/y"},
                                         {"name":"b","task":"t"}])");
  CHECK(answer.status == 201);
  CHECK(answer.body.starts_with("[{\"name\":\"a\""));
  CHECK(door->submitted.at(0).runs.size() == 2);
}

TEST_CASE_METHOD(server_fixture,
                 "bad bodies are told what is wrong with them") {
  auto problem = [&](const char* body) {
    auto answer = post("/api/v1/runs", body);
    CHECK(answer.status == 400);
    return answer.body;
  };
  CHECK_THAT(problem("{\n  oops"), Contains("line 2, column 3"));
  CHECK_THAT(problem(R"({"actr":"x"})"), Contains("did you mean `actor`"));
  CHECK_THAT(problem(R"([{"name":1}])"), Contains("runs[0].name"));
  CHECK_THAT(problem("[]"), Contains("bad-field"));
  CHECK_THAT(problem(""), Contains("bad-json"));
  CHECK(door->submitted.empty());
}

TEST_CASE_METHOD(server_fixture, "refusals have the status of their kind") {
  auto status = [&](ec code) {
    door->failure = make_error(code, "Because.");
    return post("/api/v1/runs", R"({"actor":"x/y"})").status;
  };
  CHECK(status(ec::bad_field) == 400);
  CHECK(status(ec::unknown_account) == 404);
  CHECK(status(ec::name_conflict) == 409);
  CHECK(status(ec::input_too_large) == 413);
  CHECK(status(ec::stopping) == 503);
  CHECK(status(ec::store_failed) == 507);
}

TEST_CASE_METHOD(server_fixture, "an idempotency key names what has no name") {
  http::fields key{{"Idempotency-Key", "k1"}};
  auto body = R"({"actor":"x/y"})";
  CHECK(post("/api/v1/runs", body, key).status == 201);
  door->joined = true;
  CHECK(post("/api/v1/runs", body, key).status == 200);
  CHECK(!door->submitted.at(0).runs.at(0).name.empty());
  CHECK(door->submitted.at(0).runs.at(0).name
        == door->submitted.at(1).runs.at(0).name);
  auto other = post("/api/v1/runs", R"({"actor":"x/z"})", key);
  CHECK(other.status == 409);
  CHECK(door->submitted.size() == 2);
}

TEST_CASE_METHOD(server_fixture, "a run is shown by its escaped name") {
  auto answer = get("/api/v1/runs/job-1%2F3?namespace=n");
  CHECK(answer.status == 200);
  auto run = from_json<orc::run>(answer.body);
  REQUIRE(run);
  CHECK(run->name == "job-1/3");
  CHECK(run->space == "n");
}

TEST_CASE_METHOD(server_fixture,
                 "a name that no run has is answered with 404") {
  auto answer = get("/api/v1/runs/none");
  CHECK(answer.status == 404);
  CHECK(
    answer.body
    == R"({"error":{"type":"unknown-run","message":"no run is called `none`"}})");
}

TEST_CASE_METHOD(server_fixture, "a wait is handed on") {
  CHECK(get("/api/v1/runs/a?waitSecs=3600").status == 200);
  CHECK(door->waited.at(0).at_most == 3600s);
  auto answer = get("/api/v1/runs/a?waitSecs=3601");
  CHECK(answer.status == 400);
  CHECK_THAT(answer.body,
             Contains("waitSecs: must be a number from 0 to 3600"));
}

TEST_CASE_METHOD(server_fixture, "lists are filtered and paged") {
  auto answer = get("/api/v1/runs?state=queued,running&limit=7&cursor=c1");
  CHECK(answer.status == 200);
  CHECK_THAT(answer.body, Contains(R"("nextCursor":"c2")"));
  auto asked = door->listed.at(0);
  CHECK(asked.states == std::vector{run_state::queued, run_state::running});
  CHECK(asked.limit == 7);
  CHECK(asked.cursor == "c1");
  CHECK(asked.space.empty());
  CHECK(get("/api/v1/runs?state=asleep").status == 400);
  CHECK(get("/api/v1/runs?limit=0").status == 400);
}

TEST_CASE_METHOD(server_fixture, "an unknown parameter is refused by name") {
  auto answer = get("/api/v1/runs?stat=queued");
  CHECK(answer.status == 400);
  CHECK_THAT(answer.body,
             Contains("stat: is no known parameter") && Contains("cursor"));
}

TEST_CASE_METHOD(server_fixture, "a name that is no UTF-8 is refused") {
  for (auto path : {"/api/v1/runs/%FF", "/api/v1/channel/%C3/tasks",
                    "/api/v1/runs/a?namespace=%FF", "/api/v1/runs?%FF=1"}) {
    auto answer = get(path);
    CHECK(answer.status == 400);
    CHECK_THAT(answer.body, Contains("must be UTF-8"));
  }
  auto limits = send("PUT", "/api/v1/workgroup/%FF/limits", "{}");
  CHECK(limits.body == R"({"message":"id: must be UTF-8"})");
  CHECK(get("/api/v1/runs/%C3%A9").status == 200);
}

TEST_CASE_METHOD(server_fixture, "one run, some or all are aborted") {
  CHECK(send("POST", "/api/v1/runs/a%2F1/abort").status == 200);
  CHECK(post("/api/v1/runs/a/abort", R"({"gracefully":true})").status == 200);
  CHECK(door->aborted.at(0).ref.name == "a/1");
  CHECK(door->aborted.at(1).gracefully);
  auto some = post("/api/v1/runs/abort", R"({"names":["a","x"]})");
  CHECK(some.body == R"({"aborted":2,"unknown":["x"]})");
  CHECK(post("/api/v1/runs/abort", R"({"all":true})").status == 200);
  CHECK(door->aborted_many.at(1).all);
  CHECK(post("/api/v1/runs/abort", "{}").status == 400);
}

TEST_CASE_METHOD(server_fixture, "health and readiness differ") {
  CHECK(get("/healthz").status == 200);
  CHECK(get("/readyz").status == 200);
  door->ready = false;
  auto answer = get("/readyz");
  CHECK(answer.status == 503);
  CHECK_THAT(answer.body, Contains("recovering"));
}

TEST_CASE_METHOD(server_fixture, "accounts, report and metrics are shown") {
  CHECK_THAT(get("/api/v1/accounts").body, Contains(R"("items":[)"));
  CHECK_THAT(get("/api/v1/report").body, Contains(R"("running":3)"));
  auto metrics = get("/metrics").body;
  CHECK_THAT(metrics,
             Contains("orchestrator_runs{state=\"running\"} 3\n")
               && Contains("kind=\"start\"} 7\n")
               && Contains("account=\"de\\\"fault\"")
               && Contains("process_resident_memory_bytes ")
               && Contains("route=\"/api/v1/report\",status=\"200\"} 1\n"));
}

TEST_CASE_METHOD(server_fixture, "methods of a client's own count as one") {
  for (auto method : {"BREW", "PROPFIND", "get"})
    CHECK(send(method, "/api/v1/report").status == 405);
  auto metrics = get("/metrics").body;
  CHECK_THAT(metrics, Contains("method=\"other\"")
                        && Contains("status=\"405\"} 3\n") && !Contains("BREW")
                        && !Contains("PROPFIND"));
}

TEST_CASE_METHOD(server_fixture, "wrong paths and methods are told apart") {
  auto lost = get("/api/v1/rums");
  CHECK(lost.status == 404);
  CHECK_THAT(lost.body, Contains(R"("type":"not-found")"));
  auto wrong = send("DELETE", "/api/v1/runs/a");
  CHECK(wrong.status == 405);
  CHECK(wrong.headers.get("Allow") == "GET, HEAD");
  CHECK(send("HEAD", "/api/v1/runs/a").body.empty());
}

TEST_CASE_METHOD(server_fixture,
                 "a service that is gone is answered with 503") {
  caf::anon_send_exit(orchestrator, caf::exit_reason::kill);
  auto status = 0;
  for (auto i = 0; i < 100 && status != 503; ++i)
    status = get("/api/v1/runs/a").status;
  CHECK(status == 503);
}

namespace {

struct guarded_fixture : server_fixture {
  guarded_fixture() : server_fixture{options()} {
    // nop
  }

  static api_server_options options() {
    api_server_options result;
    result.tokens = {secret{"s3cret"}};
    result.worker_token = secret{"own"};
    result.max_body_bytes = 1000;
    return result;
  }
};

} // namespace

TEST_CASE_METHOD(guarded_fixture, "with a token nothing but health is open") {
  auto answer = get("/api/v1/runs");
  CHECK(answer.status == 401);
  CHECK(answer.headers.get("WWW-Authenticate") == "Bearer");
  CHECK_THAT(answer.body, Contains(R"("type":"unauthorized")"));
  CHECK(get("/nonsense").status == 401);
  CHECK(get("/healthz").status == 200);
  CHECK(get("/readyz").status == 200);
  CHECK(get("/api/v1/runs", {{"Authorization", "Bearer s3cret"}}).status
        == 200);
}

TEST_CASE_METHOD(guarded_fixture, "workers of this process may go on whatever "
                                  "becomes of the token of others") {
  auto status_with = [this](const char* header) {
    return get("/api/v1/runs", {{"Authorization", header}}).status;
  };
  CHECK(status_with("Bearer own") == 200);
  server->change_access({secret{"other"}}, {});
  while (status_with("Bearer s3cret") != 401)
    continue;
  CHECK(status_with("Bearer other") == 200);
  CHECK(status_with("Bearer own") == 200);
}

TEST_CASE_METHOD(guarded_fixture, "a body that is too large is refused") {
  auto answer = post("/api/v1/runs", std::string(2000, ' '),
                     {{"Authorization", "Bearer s3cret"}});
  CHECK(answer.status == 413);
  CHECK_THAT(answer.body, Contains(R"("type":"request-too-large")"));
}

TEST_CASE("an address that others reach needs a token") {
  api_server_options options;
  CHECK(!options.validate());
  options.address = "0.0.0.0";
  CHECK(code_of(options.validate()) == ec::bad_config);
  options.tokens = {secret{"x"}};
  CHECK(!options.validate());
}
