#include "transport/server/access.hpp"
#include "transport/server/idempotency.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::server;

namespace {

http::request with(http::fields headers) {
  http::request result;
  result.headers = std::move(headers);
  return result;
}

} // namespace

TEST_CASE("without tokens everybody has access") {
  CHECK(access_policy{{}}.has_token(with({})));
}

TEST_CASE("with tokens one of them is needed") {
  access_policy gate{{secret{"one"}, secret{"two"}}};
  CHECK(gate.has_token(with({{"Authorization", "Bearer two"}})));
  CHECK(gate.has_token(with({{"authorization", "bearer one"}})));
  CHECK(!gate.has_token(with({{"Authorization", "Bearer three"}})));
  CHECK(!gate.has_token(with({{"Authorization", "Basic one"}})));
  CHECK(!gate.has_token(with({})));
}

TEST_CASE("pages of other sites may not use an API without a token") {
  access_policy gate{{}};
  CHECK(gate.is_foreign(with({{"Origin", "https://evil.example"}})));
  CHECK(gate.is_foreign(with({{"Origin", "null"}})));
  CHECK(gate.is_foreign(
    with({{"Origin", "http://evil.example:80"}, {"Host", "evil.example:80"}})));
  CHECK(!gate.is_foreign(with({})));
  CHECK(!gate.is_foreign(
    with({{"Origin", "http://127.0.0.1:8484"}, {"Host", "127.0.0.1:8484"}})));
}

TEST_CASE("an idempotency key names the same runs in every process") {
  CHECK(idempotency::make_name("k", 0) == "key-8254c329a92850f6d539dd37");
  CHECK(idempotency::make_name("k", 1) == "key-8254c329a92850f6d539dd37-2");
}

TEST_CASE("an idempotency key belongs to one body") {
  idempotency keys;
  CHECK(!keys.conflicts("k", "{}"));
  keys.remember("k", "{}");
  CHECK(!keys.conflicts("k", "{}"));
  CHECK(keys.conflicts("k", "[]"));
  CHECK(!keys.conflicts("other", "[]"));
}

TEST_CASE("a password may be the token") {
  access_policy gate{{secret{"s3cret"}}};
  CHECK(gate.has_token(with({{"Authorization", "Basic Y3JldzpzM2NyZXQ="}})));
  CHECK(!gate.has_token(with({{"Authorization", "Basic Y3JldzpvdGhlcg=="}})));
  CHECK(!gate.has_token(with({{"Authorization", "Basic !!!"}})));
  CHECK(basic_password(with({{"Authorization", "Basic Y3Jldw=="}})).empty());
}

TEST_CASE("pages of this machine may use what is open to them") {
  access_policy gate{{}};
  auto local
    = with({{"Origin", "http://localhost:3001"}, {"Host", "127.0.0.1:8484"}});
  CHECK(gate.is_foreign(local));
  CHECK(!gate.is_foreign(local, true));
  CHECK(gate.is_foreign(with({{"Origin", "https://evil.example"}}), true));
}
