#include "emulator/process/run_events.hpp"
#include "tests/emulator/process/fake_exchange.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;

TEST_CASE("every connection of a run hears of every event") {
  run_events events;
  auto one = std::make_shared<fake_exchange>();
  auto two = std::make_shared<fake_exchange>();
  events.connect(one);
  events.connect(two);

  events.send("migrating", R"({"timeRemainingSecs":5.0})");

  CHECK(one->socket->frames == two->socket->frames);
  CHECK(one->socket->got(R"({"name":"migrating","createdAt":")"));
  CHECK(one->socket->got(R"("data":{"timeRemainingSecs":5.0}})"));
}

TEST_CASE("a connection that closed hears nothing any more") {
  run_events events;
  auto one = std::make_shared<fake_exchange>();
  events.connect(one);
  one->callbacks.on_close(1000);

  events.send("aborting", "{}");

  CHECK(one->socket->frames.empty());
}

TEST_CASE("the end of a run closes its connections with 1000") {
  auto one = std::make_shared<fake_exchange>();
  {
    run_events events;
    events.connect(one);
  }
  CHECK(one->socket->close_code == 1000);
}

TEST_CASE("runs that are unknown and an eleventh connection get 1008") {
  auto stranger = std::make_shared<fake_exchange>();
  refuse_events(stranger);
  CHECK(stranger->socket->close_code == 1008);

  run_events events;
  for (auto i = 0; i < 10; ++i)
    events.connect(std::make_shared<fake_exchange>());
  auto last = std::make_shared<fake_exchange>();
  events.connect(last);
  CHECK(last->socket->close_code == 1008);
}
