#include "actors/bus/work_rules.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("a command is known by the id of its message") {
  bus_work x;
  x.sequence = 7;
  x.stored_at = 1234;
  CHECK(command_id(x) == "stream-7-1234");
  x.message.headers = {{"Nats-Msg-Id", "mine"}};
  CHECK(command_id(x) == "mine");
  // What is too long for an id is none.
  x.message.headers = {{"Nats-Msg-Id", std::string(241, 'x')}};
  CHECK(command_id(x) == "stream-7-1234");
}

TEST_CASE("a status tells what becomes of a command") {
  for (auto repeats : {true, false}) {
    CHECK(judge(200, repeats) == work_verdict::done);
    CHECK(judge(201, repeats) == work_verdict::done);
    CHECK(judge(400, repeats) == work_verdict::parked);
    CHECK(judge(404, repeats) == work_verdict::parked);
    CHECK(judge(409, repeats) == work_verdict::parked);
    CHECK(judge(429, repeats) == work_verdict::again);
    CHECK(judge(503, repeats) == work_verdict::again);
    CHECK(judge(507, repeats) == work_verdict::again);
  }
  // Whether it did anything is not known.
  CHECK(judge(504, true) == work_verdict::again);
  CHECK(judge(504, false) == work_verdict::unclear);
}

TEST_CASE("pauses grow up to a minute or so") {
  using std::chrono::seconds;
  CHECK(pause_after(0) == seconds{1});
  CHECK(pause_after(1) == seconds{1});
  CHECK(pause_after(2) == seconds{2});
  CHECK(pause_after(7) == seconds{64});
  CHECK(pause_after(1'000'000) == seconds{64});
}

TEST_CASE("a header is one line of bounded length") {
  CHECK(header_text("a\r\nNats-Msg-Id: b") == "a  Nats-Msg-Id: b");
  CHECK(header_text(std::string(1'000, 'x')).size() == 500);
}

TEST_CASE("an answer goes only where a message can go") {
  for (const auto* x : {"a", "answers.here", "_INBOX.x.1", "$JS.ACK.a-b_c"})
    CHECK(is_plain_subject(x));
  for (const auto* x : {"", "bad subject", "a\tb", "a\r\nPUB x 0", "a.*", "a.>",
                        ".a", "a.", "a..b", "\x7F"})
    CHECK_FALSE(is_plain_subject(x));
  CHECK_FALSE(is_plain_subject(std::string(4'096, 'a')));
}

TEST_CASE("a command is put aside as it came, with the reason") {
  bus_message x{"work.run.submit",
                "reply",
                {{"Nats-Msg-Id", "old"}, {"Mine", "1"}},
                json_text{"{bad"}};
  auto parked = parked_message(x, {"id", 400, "bad\nJSON"}, "parked", 1'000);
  CHECK(parked.subject == "parked");
  CHECK(parked.reply.empty());
  CHECK(parked.data.view() == "{bad");
  CHECK(parked.header("Nats-Msg-Id") == "id");
  CHECK(parked.header("Mine") == "1");
  CHECK(parked.header("Orchestrator-Subject") == "work.run.submit");
  CHECK(parked.header("Orchestrator-Reason") == "bad JSON");
  CHECK(parked.header("Orchestrator-Status") == "400");
  CHECK(parked.header("Orchestrator-Truncated").empty());
}

TEST_CASE("a command that does not fit is put aside without what is too long") {
  bus_message x{
    "work.run.submit", {}, {{"Mine", "1"}}, json_text{std::string(900, 'x')}};
  parking why{"id", 400, "bad"};
  auto parked = parked_message(x, why, "parked", 1'000);
  CHECK(parked.data.view().empty());
  CHECK(parked.header("Mine") == "1");
  CHECK(parked.header("Orchestrator-Truncated") == "true");
  x.headers.front().value = std::string(900, 'x');
  parked = parked_message(x, why, "parked", 1'000);
  CHECK(parked.header("Mine").empty());
  CHECK(parked.header("Nats-Msg-Id") == "id");
  CHECK(parked.header("Orchestrator-Truncated") == "true");
}
