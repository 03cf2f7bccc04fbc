#include "transport/apify/endpoints.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::apify;

namespace {

const endpoints api{"https://api.apify.com", secret{"apify_api_x"}};

std::string line_of(const api_call& x) {
  return x.request.method + " " + x.request.url.target;
}

} // namespace

TEST_CASE("records are got, put and deleted under their keys") {
  CHECK(line_of(api.make(get_record{"s", "a'(1)"}))
        == "GET /v2/key-value-stores/s/records/a%27%281%29");
  auto put = api.make(put_record{"s", "k", "text/plain", json_text{"body"}});
  CHECK(line_of(put) == "PUT /v2/key-value-stores/s/records/k");
  CHECK(put.request.headers.get("Content-Type") == "text/plain");
  CHECK(*put.request.body == "body");
  CHECK(line_of(api.make(delete_record{"s", "k"}))
        == "DELETE /v2/key-value-stores/s/records/k");
}

TEST_CASE("keys are listed in pages") {
  CHECK(line_of(api.make(list_records{"s", "P-", ""}))
        == "GET /v2/key-value-stores/s/keys?limit=1000&prefix=P-");
  CHECK(line_of(api.make(list_records{"s", "", "P-7"}))
        == "GET /v2/key-value-stores/s/keys?limit=1000&exclusiveStartKey=P-7");
}

TEST_CASE("a store is opened by its name") {
  CHECK(line_of(api.make(open_record_store{"my store"}))
        == "POST /v2/key-value-stores?name=my%20store");
}

TEST_CASE("a status message tells whether it is the last") {
  auto x = api.make(set_status_message{"r1", "7 \"done\"", true});
  CHECK(line_of(x) == "PUT /v2/actor-runs/r1");
  CHECK(*x.request.body
        == R"({"runId":"r1","statusMessage":"7 \"done\"",)"
           R"("isStatusMessageTerminal":true})");
}

TEST_CASE("items are appended, and never again after a lost answer") {
  auto x = api.make(push_items{"d", json_text{"[{}]"}});
  CHECK(line_of(x) == "POST /v2/datasets/d/items");
  CHECK_FALSE(is_repeatable(x.kind));
}

TEST_CASE("a run is rebooted") {
  CHECK(line_of(api.make(reboot_remote_run{"r1"}))
        == "POST /v2/actor-runs/r1/reboot");
}
