#include "transport/server/socket_io/packets.hpp"

#include <catch2/catch.hpp>

using namespace orc::server::socket_io;

TEST_CASE("packets of Socket.IO are read") {
  auto plain = read_packet("2[\"watch\",{}]");
  REQUIRE(plain);
  CHECK(plain->type == kind::event);
  CHECK(plain->space == "/");
  CHECK(plain->ack.empty());
  CHECK(plain->data == "[\"watch\",{}]");
  auto full = read_packet("2/admin,13[\"x\"]");
  REQUIRE(full);
  CHECK(full->space == "/admin");
  CHECK(full->ack == "13");
  CHECK(full->data == "[\"x\"]");
  CHECK(read_packet("0/admin")->space == "/admin");
  CHECK_FALSE(read_packet(""));
  CHECK_FALSE(read_packet("51-[\"binary\"]"));
}

TEST_CASE("packets of Socket.IO are made") {
  CHECK(make_packet(kind::event, "/", "[1]") == "42[1]");
  CHECK(make_packet(kind::connect_error, "/x", "{}") == "44/x,{}");
}

TEST_CASE("an event has a name and an argument") {
  auto x = read_event(R"(["watchTaskGroup", {"taskGroupId": "1"}])");
  REQUIRE(x);
  CHECK(x->name == "watchTaskGroup");
  CHECK(x->argument == R"({"taskGroupId":"1"})");
  CHECK(read_event(R"(["alone"])")->argument.empty());
  for (auto text : {"", "[]", "[1]", "{}", "[\"x\"", "7"})
    CHECK_FALSE(read_event(text));
}

TEST_CASE("a body of a polling client holds several packets") {
  CHECK(split_payload("").empty());
  CHECK(split_payload("4a\x1e"
                      "2")
        == std::vector<std::string>{"4a", "2"});
  CHECK(join_payload({"4a", "2"})
        == "4a\x1e"
           "2");
}
