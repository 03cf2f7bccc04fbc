#include "embedding/client.hpp"
#include "tests/transport/http/server_fixture.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <future>
#include <string>

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// A service that knows what a client asks when it connects, and whose stream
/// of events ends at once.
struct bare_service : http::test::server_fixture {
  bare_service() {
    serve([this](const http::exchange_ptr& x) {
      const auto& target = x->request().target;
      if (target == "/api/v1/events" && ++streams == 2)
        again.set_value();
      auto known = target == "/api/v1/accounts";
      x->reply(http::test::text_response("[]", known ? 200 : 404));
    });
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(running->port());
  }

  std::atomic<int> streams = 0;
  std::promise<void> again;
};

} // namespace

TEST_CASE_METHOD(bare_service,
                 "a client hears of its service's end, whether or "
                 "not it listens to facts") {
  auto guest = client::connect({url()});
  REQUIRE(guest);
  std::atomic<bool> ended = false;
  std::promise<bool> told;
  guest->on_death([&] { told.set_value(ended); });

  // A stream that ends is no end of the service: it is asked for again.
  REQUIRE(again.get_future().wait_for(30s) == std::future_status::ready);
  ended = true;
  running.reset();

  auto death = told.get_future();
  REQUIRE(death.wait_for(30s) == std::future_status::ready);
  CHECK(death.get());
}
