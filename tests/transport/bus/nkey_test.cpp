#include "messages/base/error.hpp"
#include "transport/bus/nkey.hpp"
#include "transport/bus/options.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::bus;

TEST_CASE("the public key of an nkey follows from its seed") {
  // The pair that the documents of NATS use.
  auto key = public_nkey(
    secret{"SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"});
  REQUIRE(key);
  CHECK(*key == "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4");
}

TEST_CASE("what is no seed is refused without being shown") {
  for (const auto* text : {"", "SU", "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZ",
                           "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQY"
                           "YYCU3V1"}) {
    auto key = public_nkey(secret{text});
    REQUIRE(!key);
    CHECK(message_of(key.error()).find("SUACSS") == std::string::npos);
  }
  CHECK(!public_nkey_of_file("/there/is/no/such/file"));
}

TEST_CASE("addresses are shown without what is secret in them") {
  CHECK(without_secrets("nats://me:word@host:4222") == "nats://host:4222");
  CHECK(without_secrets("nats://host:4222") == "nats://host:4222");
  CHECK(without_secrets("token@host") == "host");
}

TEST_CASE("a server that another one names is entered by the same door") {
  CHECK(url_of_discovered("tls://me:word@a:4222", "nats://b:4223")
        == "tls://me:word@b:4223");
  CHECK(url_of_discovered("nats://a", "b:4223") == "nats://b:4223");
  CHECK(url_of_discovered("a", "nats://b:4223") == "b:4223");
}
