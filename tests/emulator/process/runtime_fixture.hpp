#pragma once

#include "transport/asio/runtime.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <utility>

/// A runtime of one thread, and ways to meet it from a test.
class runtime_fixture {
public:
  orc::io_runtime& runtime() {
    return runtime_;
  }

  /// Runs `f` on the runtime.
  /// @returns what it returns.
  template <class F>
  auto run(F f) {
    std::promise<decltype(f())> promise;
    runtime_.post([&promise, &f] {
      if constexpr (std::is_void_v<decltype(f())>) {
        f();
        promise.set_value();
      } else {
        promise.set_value(f());
      }
    });
    return promise.get_future().get();
  }

  /// Waits until `condition` holds on the runtime, for 10 seconds at most.
  void wait_for(const std::function<bool()>& condition) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!run(condition)) {
      if (std::chrono::steady_clock::now() > deadline)
        FAIL("waited too long");
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
  }

private:
  orc::io_runtime runtime_;
};
