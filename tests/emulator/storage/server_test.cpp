#include "emulator/api/router.hpp"
#include "emulator/storage/storage.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <catch2/catch.hpp>

#include <future>

using namespace orc;
using namespace orc::emulator;

namespace {

/// The storages on a port, and a client of theirs. All of the server's side
/// lives on the runtime's one thread.
struct server_fixture {
  server_fixture() {
    register_storage_routes(routes, data);
    REQUIRE_FALSE(server.listen());
  }

  ~server_fixture() {
    client.stop();
    server.stop();
    runtime.stop();
  }

  http::response
  call(std::string method, const std::string& path, std::string body = {}) {
    auto request = http::outgoing{};
    request.method = std::move(method);
    request.url = *http::parse_url(
      "http://127.0.0.1:" + std::to_string(server.port()) + "/v2" + path);
    request.headers.set("Authorization", "Bearer mine");
    request.headers.set("Content-Type", "text/plain");
    request.body = std::make_shared<const std::string>(std::move(body));
    auto answer = std::promise<http::response>{};
    client.send(std::move(request), [&](http::client::result result) {
      if (auto* response = std::get_if<http::response>(&result))
        answer.set_value(std::move(*response));
      else
        answer.set_value({0, {}, std::get<http::send_error>(result).message});
    });
    return answer.get_future().get();
  }

  user me{"u1", "jane", "mine"};
  storage data;
  router routes{[this](std::string_view token) -> const user* {
    return token == me.token ? &me : nullptr;
  }};
  io_runtime runtime;
  http::server server{runtime, {}, [this](http::exchange_ptr x) {
                        routes.dispatch(std::move(x));
                      }};
  http::client client{runtime, {}};
};

} // namespace

TEST_CASE("a page of many pieces arrives whole over HTTP") {
  auto f = server_fixture{};
  f.call("POST", "/datasets?name=big");
  auto items = std::string{"["};
  for (auto i = 0; i < 40; ++i)
    items += R"({"text":")" + std::string(200'000, 'x') + R"("},)";
  items.back() = ']';
  CHECK(f.call("POST", "/datasets/~big/items", items).status == 201);

  const auto page = f.call("GET", "/datasets/~big/items");

  CHECK(page.status == 200);
  CHECK(page.body == items);
  CHECK(page.headers.get("x-apify-pagination-total") == "40");
}

TEST_CASE("HEAD of items and records has no body over HTTP") {
  auto f = server_fixture{};
  f.call("POST", "/datasets?name=d");
  f.call("POST", "/datasets/~d/items", R"([{"a":1},{"a":2}])");
  f.call("POST", "/key-value-stores?name=s");
  f.call("PUT", "/key-value-stores/~s/records/k", "hello");

  const auto items = f.call("HEAD", "/datasets/~d/items");
  const auto record = f.call("HEAD", "/key-value-stores/~s/records/k");

  CHECK(items.headers.get("x-apify-pagination-total") == "2");
  CHECK(items.body.empty());
  CHECK(record.status == 200);
  CHECK(record.headers.get("content-type") == "text/plain");
  CHECK(record.headers.get("content-length") == "5");
  CHECK(record.body.empty());
}

TEST_CASE("a record of any bytes comes back over HTTP") {
  auto f = server_fixture{};
  f.call("POST", "/key-value-stores?name=s");
  auto bytes = std::string{};
  for (auto i = 0; i < 300'000; ++i)
    bytes.push_back(static_cast<char>(i * 7));

  f.call("PUT", "/key-value-stores/~s/records/k'(1)!", bytes);

  CHECK(f.call("GET", "/key-value-stores/~s/records/k'(1)!").body == bytes);
}
