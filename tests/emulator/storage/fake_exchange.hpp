#pragma once

#include "emulator/api/router.hpp"
#include "emulator/storage/storage.hpp"

#include <memory>
#include <string>
#include <utility>

namespace orc::emulator {

/// Keeps what a handler answers.
class fake_exchange : public http::exchange {
public:
  explicit fake_exchange(http::request request) : request_(std::move(request)) {
    // nop
  }

  const http::request& request() const noexcept override {
    return request_;
  }

  std::string take_body() override {
    return std::move(request_.body);
  }

  void reply(http::response response) override {
    answer = std::move(response);
  }

  void start(http::response head) override {
    answer = std::move(head);
  }

  void write(std::string piece, std::function<void(bool)> done) override {
    ++pieces;
    answer.body += piece;
    if (done)
      done(true);
  }

  void finish() override {
    // nop
  }

  void drop() override {
    answer.status = 0;
  }

  void upgrade(http::websocket_callbacks) override {
    // nop
  }

  bool is_upgrade() const noexcept override {
    return false;
  }

  void on_gone(std::function<void()>) override {
    // nop
  }

  http::response answer;
  int pieces = 0;

private:
  http::request request_;
};

/// The storages behind their routes, used by two accounts.
struct routes_fixture {
  routes_fixture() {
    register_storage_routes(routes, data);
  }

  /// @param target path and query below `/v2`
  http::response
  call(std::string method, std::string target, std::string body = {},
       http::fields headers = {}, std::string_view token = "mine") {
    if (!token.empty())
      headers.set("Authorization", "Bearer " + std::string{token});
    headers.set("Host", "emulator");
    last = std::make_shared<fake_exchange>(
      http::request{std::move(method), "/v2" + std::move(target),
                    std::move(headers), std::move(body), "", 0});
    routes.dispatch(last);
    return last->answer;
  }

  /// @returns the id of a new storage.
  std::string make(const std::string& collection) {
    auto answer = json_document{};
    parse_json(call("POST", collection).body, answer);
    return string_member(*find_member(answer, "data"), "id");
  }

  user me{"u1", "jane", "mine"};
  user other{"u2", "joe", "theirs"};
  storage data;
  router routes{[this](std::string_view token) -> const user* {
    if (token == me.token)
      return &me;
    return token == other.token ? &other : nullptr;
  }};
  std::shared_ptr<fake_exchange> last;
};

} // namespace orc::emulator
