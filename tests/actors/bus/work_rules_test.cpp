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
    CHECK(judge(200, repeats) == verdict::done);
    CHECK(judge(201, repeats) == verdict::done);
    CHECK(judge(400, repeats) == verdict::parked);
    CHECK(judge(404, repeats) == verdict::parked);
    CHECK(judge(409, repeats) == verdict::parked);
    CHECK(judge(429, repeats) == verdict::again);
    CHECK(judge(503, repeats) == verdict::again);
    CHECK(judge(507, repeats) == verdict::again);
  }
  // Whether it did anything is not known.
  CHECK(judge(504, true) == verdict::again);
  CHECK(judge(504, false) == verdict::unclear);
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
