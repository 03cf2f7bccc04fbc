#include "emulator_fixture.hpp"
#include "transport/http/server.hpp"

#include <condition_variable>
#include <mutex>
#include <vector>

using namespace orc;
using namespace orc::emulator;

namespace {

/// Takes webhooks and keeps them.
class receiver {
public:
  receiver()
    : server_(runtime_, {},
              [this](http::exchange_ptr exchange) { on_request(*exchange); }) {
    REQUIRE(!server_.listen());
  }

  ~receiver() {
    server_.stop();
    runtime_.stop();
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + "/hook";
  }

  /// Waits for so many requests.
  std::vector<http::request> wait_for(std::size_t count) {
    auto lock = std::unique_lock{mutex_};
    arrived_.wait_for(lock, std::chrono::seconds{20},
                      [&] { return requests_.size() >= count; });
    return requests_;
  }

private:
  void on_request(http::exchange& exchange) {
    const auto lock = std::lock_guard{mutex_};
    requests_.push_back(exchange.request());
    exchange.reply({200, {}, "thanks"});
    arrived_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<http::request> requests_;
  io_runtime runtime_;
  http::server server_;
};

std::string encode_base64(std::string_view text) {
  static constexpr char digits[]
    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  auto result = std::string{};
  auto bits = 0U;
  auto count = 0;
  for (const auto c : text) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6)
      result.push_back(digits[(bits >> (count - 6)) & 63]);
  }
  if (count > 0)
    result.push_back(digits[(bits << (6 - count)) & 63]);
  return result;
}

} // namespace

TEST_CASE("ad-hoc webhooks of a run hear of its start and end") {
  auto api = emulator_fixture{};
  auto hooks = receiver{};
  const auto ad_hoc = encode_base64(
    R"([{"eventTypes":["ACTOR.RUN.CREATED","ACTOR.RUN.SUCCEEDED"],"requestUrl":")"
    + hooks.url()
    + R"(","payloadTemplate":"{\"job\":7,\"run\":{{resource.id}},\"event\":{{eventType}}}"}])");

  const auto id = api.started(R"({"durationMs":20})", "?webhooks=" + ad_hoc);

  const auto got = hooks.wait_for(2);
  REQUIRE(got.size() == 2);
  CHECK(got[0].body
        == R"({"job":7,"run":")" + id + R"(","event":"ACTOR.RUN.CREATED"})");
  CHECK(got[1].body.find("ACTOR.RUN.SUCCEEDED") != std::string::npos);
  CHECK(got[0].headers.contains("x-apify-webhook-dispatch-id"));
  CHECK(!got[0].headers.contains("authorization"));
}

TEST_CASE("a webhook of an account hears of the runs of its actor") {
  auto api = emulator_fixture{};
  auto hooks = receiver{};
  const auto actor = api.get("/v2/actors/emulator~scripted").at("data.id");
  const auto body
    = R"({"eventTypes":["ACTOR.RUN.FAILED"],"idempotencyKey":"k",)"
      R"("condition":{"actorId":")"
      + actor + R"("},"requestUrl":")" + hooks.url() + "\"}";
  const auto created = api.post("/v2/webhooks", body);
  CHECK(created.status == 201);
  CHECK(api.post("/v2/webhooks", body).at("data.id") == created.at("data.id"));

  api.started(R"({"durationMs":1,"outcome":"FAILED"})");

  const auto got = hooks.wait_for(1);
  REQUIRE(got.size() == 1);
  CHECK(got[0].body.find(R"("eventType":"ACTOR.RUN.FAILED")")
        != std::string::npos);
  CHECK(got[0].body.find(R"("status":"FAILED")") != std::string::npos);
  const auto list
    = api.get("/v2/webhooks/" + created.at("data.id") + "/dispatches");
  CHECK(list.items() == 1);
}

TEST_CASE("a webhook that calls the API itself gets the account's token") {
  auto api = emulator_fixture{};
  const auto dataset = api.post("/v2/datasets?name=ledger").at("data.id");
  const auto ad_hoc = encode_base64(
    R"([{"eventTypes":["ACTOR.RUN.SUCCEEDED"],"requestUrl":")" + api.url()
    + "/v2/datasets/" + dataset
    + R"(/items","payloadTemplate":"{\"run\":{{resource.id}}}"}])");

  const auto id = api.started(R"({"durationMs":1})", "?webhooks=" + ad_hoc);

  auto items = api.get("/v2/datasets/" + dataset + "/items");
  while (items.json.Size() == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    items = api.get("/v2/datasets/" + dataset + "/items");
  }
  CHECK(items.json[0]["run"] == id);
}
