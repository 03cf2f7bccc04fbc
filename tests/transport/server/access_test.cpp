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

bool objects(const access_policy& gate, const http::request& x,
             bool to_local_pages = false) {
  return gate.is_foreign(x, to_local_pages);
}

bool answers_to(const access_policy& gate, const char* host) {
  return !objects(gate, with({{"Host", host}}));
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

TEST_CASE("a token of our own holds besides, and makes nobody need one") {
  auto own = with({{"Authorization", "Bearer own"}});
  access_policy closed{{secret{"one"}}, secret{"own"}};
  CHECK(closed.has_token(own));
  CHECK(closed.has_token(with({{"Authorization", "Bearer one"}})));
  CHECK(!closed.has_token(with({})));
  access_policy open{{}, secret{"own"}};
  CHECK(!open.needs_token());
  CHECK(open.has_token(own));
  CHECK(open.has_token(with({})));
  CHECK(open.knows("own"));
  CHECK(objects(open, with({{"Origin", "https://evil.example"}})));
}

TEST_CASE("pages of other sites may not use an API without a token") {
  access_policy gate{{}};
  CHECK(objects(gate, with({{"Origin", "https://evil.example"}})));
  CHECK(objects(gate, with({{"Origin", "null"}})));
  CHECK(objects(gate, with({{"Origin", "http://evil.example:80"},
                            {"Host", "evil.example:80"}})));
  CHECK(!objects(gate, with({})));
  CHECK(!objects(gate, with({{"Origin", "http://127.0.0.1:8484"},
                             {"Host", "127.0.0.1:8484"}})));
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
  // As it stands in a URL: crew:a%2Fb
  access_policy other{{secret{"a/b"}}};
  CHECK(other.has_token(with({{"Authorization", "Basic Y3JldzphJTJGYg=="}})));
}

TEST_CASE("pages of this machine may use what is open to them") {
  access_policy gate{{}};
  auto local
    = with({{"Origin", "http://localhost:3001"}, {"Host", "127.0.0.1:8484"}});
  CHECK(objects(gate, local));
  CHECK(!objects(gate, local, true));
  CHECK(objects(gate, with({{"Origin", "https://evil.example"}}), true));
}

TEST_CASE("what a page embeds of an API without a token is its site's") {
  access_policy gate{{}};
  CHECK(objects(gate, with({{"Sec-Fetch-Site", "cross-site"}})));
  CHECK(objects(gate, with({{"Sec-Fetch-Site", "same-site"}}), true));
  CHECK(!objects(gate, with({{"Sec-Fetch-Site", "same-origin"}})));
  CHECK(!objects(gate, with({{"Sec-Fetch-Site", "none"}})));
  // A page of this machine that may use it says who it is.
  auto local = with({{"Origin", "http://localhost:3001"},
                     {"Host", "127.0.0.1:8484"},
                     {"Sec-Fetch-Site", "cross-site"}});
  CHECK(!objects(gate, local, true));
  access_policy closed{{secret{"t"}}};
  CHECK(!objects(closed, with({{"Sec-Fetch-Site", "cross-site"}})));
}

TEST_CASE("an API without a token answers only to names of this machine") {
  access_policy gate{{}};
  for (const auto* host : {"localhost", "LocalHost:1", "127.0.0.1:8484",
                           "127.9.9.9", "[::1]", "[::1]:8484"})
    CHECK(answers_to(gate, host));
  for (const auto* host : {"evil.example", "evil.example:8484", "10.0.0.8",
                           "127.0.0.1.evil.example", "localhost.evil.example",
                           "[::2]:8484", "a b", "127.0.0.1:8484@evil.example"})
    CHECK(!answers_to(gate, host));
  CHECK(!objects(gate, with({})));
  CHECK(answers_to(access_policy{{secret{"t"}}}, "crew:8484"));
}
