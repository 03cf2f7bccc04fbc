#include "transport/bus/jetstream.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>

using namespace orc;
using namespace orc::bus;

namespace {

bus_message answer(std::string text) {
  bus_message result;
  result.data = json_text{std::move(text)};
  return result;
}

bus_settings settings() {
  bus_settings result;
  result.instance = "main";
  return result;
}

} // namespace

TEST_CASE("streams are made before the consumer that reads one of them") {
  auto made = make_streams(settings());
  REQUIRE(made.size() == 4);
  CHECK(made[0].subject == "$JS.API.STREAM.CREATE.orchestrator-main-evt");
  CHECK(made[3].subject
        == "$JS.API.CONSUMER.DURABLE.CREATE.orchestrator-main-work."
           "orchestrator");
  for (const auto& x : made) {
    rapidjson::Document body;
    body.Parse(x.body);
    CHECK(!body.HasParseError());
  }
  rapidjson::Document work;
  work.Parse(made[2].body);
  CHECK(work["retention"].GetString() == std::string{"workqueue"});
  CHECK(work["subjects"][0].GetString()
        == std::string{"orchestrator.main.work.>"});
}

TEST_CASE(
  "an answer of a stream tells where the message is, or what is wrong") {
  auto good
    = read_stream_answer(answer(R"({"stream":"s","seq":12,"duplicate":true})"));
  CHECK(good.error_code == 0);
  CHECK(good.stream == "s");
  CHECK(good.sequence == 12);
  CHECK(good.duplicate);
  auto bad = read_stream_answer(answer(
    R"({"error":{"code":400,"err_code":10058,"description":"in use"}})"));
  CHECK(bad.error_code == 10058);
  CHECK(bad.error == "in use");
  CHECK(is_settled_elsewhere(bad));
  bus_message nobody;
  nobody.headers = {{"Status", "503"}};
  CHECK(read_stream_answer(nobody).error_code == 503);
  CHECK(read_stream_answer(answer("what?")).error_code != 0);
}

TEST_CASE("the reply of a delivery tells all about it") {
  bus_message x;
  x.subject = "orchestrator.main.work.run.submit";
  x.reply = "$JS.ACK.stream.consumer.3.17.20.1700000000000000000.5";
  auto work = read_work(x);
  REQUIRE(work);
  CHECK(work->deliveries == 3);
  CHECK(work->sequence == 17);
  CHECK(work->stored_at == 1'700'000'000'000'000'000);
  CHECK(work->token == x.reply);
  x.reply = "$JS.ACK.domain.hash.stream.consumer.3.17.20.1700000000.5.random";
  work = read_work(x);
  REQUIRE(work);
  CHECK(work->deliveries == 3);
  CHECK(work->sequence == 17);
  x.reply = "_INBOX.1";
  CHECK(!read_work(x));
}

TEST_CASE("a settlement is what JetStream understands") {
  using std::chrono::seconds;
  CHECK(make_settlement({"t", work_end::done, {}}).data.view() == "+ACK");
  CHECK(make_settlement({"t", work_end::hopeless, {}}).data.view() == "+TERM");
  CHECK(make_settlement({"t", work_end::progress, {}}).data.view() == "+WPI");
  auto again = make_settlement({"t", work_end::retry, seconds{2}});
  CHECK(again.subject == "t");
  CHECK(again.data.view() == R"(-NAK {"delay":2000000000})");
}
