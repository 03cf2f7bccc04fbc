#pragma once

#include "transport/asio/runtime.hpp"
#include "transport/http/server.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace orc::test {

/// Answers each request with the next of the answers it was given; keeps what
/// it was asked.
class fake_platform {
public:
  struct seen {
    std::string line;
    http::fields headers;
    std::string body;
  };

  explicit fake_platform(io_runtime& runtime)
    : server_{runtime, {}, [this](const http::exchange_ptr& x) { handle(x); }} {
    REQUIRE(!server_.listen());
  }

  ~fake_platform() {
    server_.stop();
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }

  fake_platform&
  answer(int status, std::string body, http::fields headers = {}) {
    std::lock_guard guard{mutex_};
    answers_.push_back({status, std::move(headers), std::move(body)});
    return *this;
  }

  /// Closes the connection in place of an answer.
  fake_platform& drop() {
    return answer(0, "");
  }

  std::vector<seen> requests() {
    std::lock_guard guard{mutex_};
    return requests_;
  }

private:
  void handle(const http::exchange_ptr& x) {
    std::lock_guard guard{mutex_};
    const auto& request = x->request();
    requests_.push_back(
      {request.method + " " + request.target, request.headers, request.body});
    if (answers_.empty())
      return x->reply({500, {}, "no answer left"});
    auto next = std::move(answers_.front());
    answers_.pop_front();
    next.status == 0 ? x->drop() : x->reply(std::move(next));
  }

  std::mutex mutex_;
  std::deque<http::response> answers_;
  std::vector<seen> requests_;
  http::server server_;
};

} // namespace orc::test
