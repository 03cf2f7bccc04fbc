#include "tests/transport/http/client_fixture.hpp"
#include "tests/transport/http/test_authority.hpp"

#include <catch2/catch.hpp>

#include <atomic>

using namespace orc::http;
using namespace orc::http::test;
using Catch::Contains;

namespace {

/// A TLS server whose certificate is for `subject`.
struct tls_server {
  explicit tls_server(
    const std::string& subject,
    std::function<std::string(std::string)> answer
    = [](const std::string&) { return plain_answer("safe"); })
    : authority{subject}, server{[this, answer](raw_socket& peer, int) {
        ++connections;
        authority.serve(peer.fd(), answer);
      }} {
    // nop
  }

  outgoing request_to(const std::string& host) const {
    auto result = client_fixture::to(server.port());
    result.url.scheme = "https";
    result.url.host = host;
    return result;
  }

  test_authority authority;
  std::atomic<int> connections = 0;
  scripted_server server;
};

client_options trusting(const tls_server& other) {
  client_options result;
  result.ca_file = other.authority.file();
  return result;
}

} // namespace

TEST_CASE("a server with a trusted certificate of that name is talked to") {
  auto [subject, host] = GENERATE(table<std::string, std::string>(
    {{"DNS:localhost", "localhost"}, {"IP:127.0.0.1", "127.0.0.1"}}));
  tls_server other{subject};
  client_fixture fixture{trusting(other)};
  for (int i = 0; i < 5; ++i)
    CHECK(answer_of(fixture.ask(other.request_to(host))).body == "safe");
  CHECK(other.connections == 1);
  fixture.sender.reset();
}

TEST_CASE("a certificate that nobody we trust signed is refused, with advice") {
  tls_server other{"DNS:localhost"};
  client_fixture fixture;
  auto error = error_of(fixture.ask(other.request_to("localhost")));
  CHECK(error.kind == failure::not_sent);
  CHECK_THAT(error.message, Contains("the certificate is not trusted")
                              && Contains("ca-certificates"));
}

TEST_CASE("a certificate for another host is refused") {
  auto [subject, host] = GENERATE(table<std::string, std::string>(
    {{"DNS:elsewhere.test", "localhost"}, {"DNS:localhost", "127.0.0.1"}}));
  tls_server other{subject};
  client_fixture fixture{trusting(other)};
  auto error = error_of(fixture.ask(other.request_to(host)));
  CHECK(error.kind == failure::not_sent);
  CHECK_THAT(error.message, Contains("the certificate is for another host"));
}

TEST_CASE("a server without TLS is named as such") {
  scripted_server other{[](raw_socket& peer, int) {
    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    peer.wait_closed();
  }};
  client_fixture fixture;
  auto what = client_fixture::to(other.port());
  what.url.scheme = "https";
  auto error = error_of(fixture.ask(what));
  CHECK(error.kind == failure::not_sent);
  CHECK_THAT(error.message, Contains("does not speak TLS"));
}

TEST_CASE("a file of authorities that is none is named") {
  client_fixture fixture{client_options{.ca_file = "/no/such/file.pem"}};
  auto what = client_fixture::to(443);
  what.url.scheme = "https";
  auto error = error_of(fixture.ask(what));
  CHECK(error.kind == failure::not_sent);
  CHECK_THAT(error.message, Contains("/no/such/file.pem"));
}

TEST_CASE("a body that ends with the connection may not be cut off under TLS") {
  std::atomic<bool> answered = false;
  tls_server other{"DNS:localhost", [&](const std::string&) {
                     return answered.exchange(true)
                              ? ""
                              : "HTTP/1.1 200 OK\r\n\r\nhalf";
                   }};
  client_fixture fixture{trusting(other)};
  auto what = other.request_to("localhost");
  what.timeout = std::chrono::milliseconds{300};
  CHECK(error_of(fixture.ask(what)).kind == failure::answer_lost);
  fixture.sender.reset();
}
