#pragma once

#include "emulator/api/json.hpp"
#include "emulator/emulator.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>

namespace orc::emulator {

/// An answer of the emulator.
struct answer {
  /// 0 if the connection broke instead.
  int status = 0;
  http::fields headers;
  std::string body;
  json_document json;

  /// The text, or the JSON of what is no text, at a path such as `data.id`.
  std::string at(std::string_view path) const {
    const json_value* x = &json;
    while (x != nullptr && !path.empty()) {
      const auto dot = std::min(path.find('.'), path.size());
      x = find_member(*x, path.substr(0, dot));
      path.remove_prefix(std::min(dot + 1, path.size()));
    }
    if (x == nullptr)
      return "(missing)";
    return x->IsString() ? x->GetString() : to_text(*x);
  }

  /// The elements of `data.items`.
  std::size_t items() const {
    const auto* data = find_member(json, "data");
    const auto* list = data == nullptr ? nullptr : find_member(*data, "items");
    return list == nullptr ? 0 : list->Size();
  }
};

/// An emulator on a free port, and a client of it.
class emulator_fixture {
public:
  explicit emulator_fixture(options opts = {})
    : emulator_(std::move(opts)), client_(runtime_, {}) {
    const auto error = emulator_.start();
    INFO(emulator_.problem());
    REQUIRE(!error);
  }

  ~emulator_fixture() {
    client_.stop();
    runtime_.stop();
  }

  answer call(std::string method, const std::string& path,
              std::string body = {}, std::string token = "emulator-token") {
    auto request = http::outgoing{};
    request.method = std::move(method);
    request.url = *http::parse_url(emulator_.base_url() + path);
    if (!token.empty())
      request.headers.set("Authorization", "Bearer " + token);
    if (!body.empty()) {
      request.headers.set("Content-Type", "application/json");
      request.body = std::make_shared<std::string>(std::move(body));
    }
    auto result = std::promise<http::client::result>{};
    client_.send(std::move(request), [&result](http::client::result x) {
      result.set_value(std::move(x));
    });
    return read(result.get_future().get());
  }

  answer get(const std::string& path) {
    return call("GET", path);
  }

  answer post(const std::string& path, std::string body = {}) {
    return call("POST", path, std::move(body));
  }

  /// Starts a scripted run.
  answer start(std::string input, const std::string& query = {}) {
    return post("/v2/actors/emulator~scripted/runs" + query, std::move(input));
  }

  /// Starts a scripted run. @returns its id
  std::string started(std::string input, const std::string& query = {}) {
    const auto result = start(std::move(input), query);
    REQUIRE(result.status == 201);
    return result.at("data.id");
  }

  /// @returns the run once it has finished.
  answer finished(const std::string& id) {
    return get("/v2/actor-runs/" + id + "?waitForFinish=10");
  }

  /// @returns the run once it has a status.
  answer wait_for_status(const std::string& id, const std::string& status) {
    for (;;) {
      auto result = get("/v2/actor-runs/" + id);
      if (result.at("data.status") == status || result.status != 200)
        return result;
      std::this_thread::yield();
    }
  }

  std::string url() const {
    return emulator_.base_url();
  }

private:
  static answer read(http::client::result result) {
    auto x = answer{};
    if (auto* response = std::get_if<http::response>(&result)) {
      x.status = response->status;
      x.headers = std::move(response->headers);
      x.body = std::move(response->body);
      parse_json(x.body, x.json);
    }
    return x;
  }

  emulator emulator_;
  io_runtime runtime_;
  http::client client_;
};

} // namespace orc::emulator
