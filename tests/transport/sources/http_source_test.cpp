#include "tests/support/pages.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/server.hpp"
#include "transport/sources/http_source.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <atomic>

using namespace orc;
using namespace orc::test;

namespace {

/// An API of the numbers from 0 on, and a source over it.
class fixture {
public:
  fixture() : server_{runtime_, {}, [this](const auto& x) { handle(x); }} {
    REQUIRE(!server_.listen());
    walk_source source;
    source.kind = source_kind::http;
    source.url
      = secret{fmt::format("http://127.0.0.1:{}/numbers", server_.port())};
    source_ = system_.spawn(http_source, *page_api::make(source), client_);
  }

  ~fixture() {
    // It has the client, which needs the runtime.
    caf::anon_send_exit(source_, caf::exit_reason::user_shutdown);
    caf::scoped_actor self{system_};
    self->wait_for(source_);
    client_->stop();
    server_.stop();
  }

  caf::expected<walk_page> read(std::string cursor, std::uint64_t size) {
    caf::scoped_actor self{system_};
    std::optional<caf::expected<walk_page>> result;
    self->request(source_, caf::infinite, read_walk_page{cursor, size})
      .receive([&](walk_page& x) { result.emplace(std::move(x)); },
               [&](caf::error& x) { result.emplace(std::move(x)); });
    return std::move(*result);
  }

  /// @returns the sizes of all pages.
  std::vector<std::uint64_t> walk(std::uint64_t size) {
    std::vector<std::uint64_t> sizes;
    std::uint64_t seen = 0;
    std::string cursor;
    do {
      auto page = read(cursor, size);
      if (!page)
        FAIL(message_of(page.error()));
      for (const auto& item : items_of(*page))
        CHECK(item == std::to_string(seen++));
      sizes.push_back(page->count);
      cursor = page->next.value_or("");
    } while (!cursor.empty());
    CHECK(seen == count);
    return sizes;
  }

  std::uint64_t count = 10;
  /// Items of a page at most, and at least.
  std::uint64_t most = 1'000;
  std::uint64_t least = 0;
  bool links = false;
  /// Answers this instead, so many times.
  std::atomic<int> failures = 0;
  http::response failure;
  std::atomic<int> calls = 0;

private:
  void handle(const http::exchange_ptr& x) {
    ++calls;
    if (failures > 0) {
      --failures;
      return x->reply(failure);
    }
    auto [path, text] = http::split_target(x->request().target);
    http::query query{text};
    auto number = [&](std::string_view name) -> std::uint64_t {
      return std::stoull(std::string{query.get(name).value_or("0")});
    };
    auto at = number("cursor");
    auto size = std::max(least, std::min(most, number("limit")));
    auto end = std::min<std::uint64_t>(count, at + size);
    std::string items;
    for (auto i = at; i < end; ++i)
      items += fmt::format("{}{}", i == at ? "" : ",", i);
    auto next = end == count ? std::string{"null"}
                : links ? fmt::format(R"("{}?cursor={}&limit=3")", path, end)
                        : std::to_string(end);
    x->reply(
      {200, {}, fmt::format(R"({{"items":[{}],"next":{}}})", items, next)});
  }

  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  io_runtime runtime_;
  http::server server_;
  std::shared_ptr<http::client> client_
    = std::make_shared<http::client>(runtime_, http::client_options{});
  walk_source_actor source_;
};

using sizes = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("an API is walked by its cursors, a call a page") {
  fixture api;

  CHECK(api.walk(4) == sizes{4, 4, 2});
  CHECK(api.calls == 3);
  CHECK(api.walk(5) == sizes{5, 5});
  CHECK(api.walk(100) == sizes{10});
}

TEST_CASE("pages keep their size where an API gives less, or more") {
  fixture api;
  api.most = 3;
  CHECK(api.walk(4) == sizes{4, 4, 2});
  CHECK(api.walk(7) == sizes{7, 3});

  api.most = 1'000;
  api.least = 6;
  auto before = api.calls.load();
  CHECK(api.walk(4) == sizes{4, 4, 2});
  // What was left of a page is not asked for again.
  CHECK(api.calls - before == 2);
  CHECK(items_of(*api.read("+4:", 3)) == strings{"4", "5", "6"});
}

TEST_CASE("an API may link to its next page") {
  fixture api;
  api.links = true;

  CHECK(api.walk(4) == sizes{4, 4, 2});
}

TEST_CASE("an API without items is one empty page") {
  fixture api;
  api.count = 0;

  CHECK(api.walk(4) == sizes{0});
}

TEST_CASE("a page that failed can be asked for again") {
  fixture api;
  api.failure = {429, {{"Retry-After", "1"}}, ""};
  api.failures = 1;

  auto page = api.read("4", 4);

  REQUIRE(!page);
  CHECK(is_passing(page.error()));
  CHECK(wait_of(page.error()) == std::chrono::seconds{1});
  CHECK(items_of(*api.read("4", 4)) == strings{"4", "5", "6", "7"});
}

TEST_CASE("an API that answers the cursor it was asked for leads nowhere") {
  fixture api;
  api.failure = {200, {}, R"({"items":[1],"next":"7"})"};
  api.failures = 1'000;

  auto page = api.read("", 4);

  REQUIRE(!page);
  CHECK_FALSE(is_passing(page.error()));
  CHECK(message_of(page.error()).find("source.nextPath: the API leads nowhere")
        == 0);
}

TEST_CASE("a page without size is refused") {
  fixture api;

  CHECK(!api.read("", 0));
}
