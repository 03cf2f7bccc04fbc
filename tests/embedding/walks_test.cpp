// Batches that walk data sets in a host program, with classes of its own.

#include "embedding/ask.hpp"
#include "embedding/client.hpp"
#include "embedding/logging.hpp"
#include "embedding/message_types.hpp"
#include "embedding/orchestrator.hpp"
#include "tests/support/quiet_config.hpp"
#include "tests/support/temp_folder.hpp"

#include <caf/actor_system.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <filesystem>
#include <fstream>

using namespace orc;
using namespace std::chrono_literals;

namespace {

struct silent_host_config : test::quiet_config {
  silent_host_config() {
    orc::add_message_types(*this);
    log_to(host_log_level::off, {});
  }
};

/// Adds up how many items it got.
class adding : public page_class {
public:
  explicit adding(std::atomic<std::uint64_t>& sum) : sum_{sum} {
    // nop
  }

  page_outcome process(const page_call& page) override {
    sum_ += page.count;
    return {};
  }

private:
  std::atomic<std::uint64_t>& sum_;
};

struct walks_fixture {
  walks_fixture() {
    home.write("rows.ndjson", "1\n2\n3\n4\n5\n");
  }

  std::string rows() const {
    return home.path() / "rows.ndjson";
  }

  page_classes classes() {
    return {{"adding", [this] { return std::make_unique<adding>(sum); }}};
  }

  std::string
  spec(const std::string& more = "", const std::string& by = "adding") const {
    return R"({"name":"b","pageSize":2,"source":{"kind":"ndjson","path":")"
           + rows() + R"("},"processor":{"kind":"class","name":")" + by + "\"}"
           + more + "}";
  }

  orchestrator_options options(const std::string& data) {
    orchestrator_options result;
    result.store = in_directory{home.path() / data};
    result.walks.emplace();
    result.walks->classes = classes();
    return result;
  }

  client_options for_client() {
    client_options result;
    result.base_url = "http://127.0.0.1:9";
    result.data_directory = home.path() / "data";
    result.batches = true;
    result.classes = classes();
    return result;
  }

  std::atomic<std::uint64_t> sum{0};
  test::temp_folder home;
};

template <class T>
T within(std::future<T> x) {
  if (x.wait_for(30s) != std::future_status::ready)
    FAIL("no answer");
  return x.get();
}

} // namespace

TEST_CASE_METHOD(walks_fixture, "a host's class does the pages of a batch") {
  silent_host_config config;
  caf::actor_system system{config};
  auto host = embedded_orchestrator::open(system, options("data"));
  REQUIRE(host);

  auto begun
    = ask<walk_view>(system, host->walks(), start_walk{secret{spec()}});
  REQUIRE(begun);
  auto ended = ask<walk_view>(system, host->walks(), wait_walk{"b", 20s});

  REQUIRE(ended);
  CHECK(ended->state == walk_state::finished);
  CHECK(ended->items == 5);
  CHECK(sum == 5);
}

TEST_CASE_METHOD(walks_fixture,
                 "orchestrators in one system have batches of their own") {
  silent_host_config config;
  caf::actor_system system{config};
  auto one = embedded_orchestrator::open(system, options("one"));
  auto two = embedded_orchestrator::open(system, options("two"));
  REQUIRE(one);
  REQUIRE(two);

  REQUIRE(ask<walk_view>(system, one->walks(), start_walk{secret{spec()}}));

  CHECK(ask<walk_view>(system, one->walks(), wait_walk{"b", 20s})->is_finished);
  auto others = ask<walk_views>(system, two->walks(), list_walks{});
  REQUIRE(others);
  CHECK(others->items.empty());
}

TEST_CASE_METHOD(walks_fixture, "who walks no data sets pays for none") {
  silent_host_config config;
  caf::actor_system system{config};
  auto wishes = options("data");
  wishes.walks.reset();
  auto host = embedded_orchestrator::open(system, wishes);
  REQUIRE(host);
  CHECK_FALSE(host->walks());
  CHECK_FALSE(std::filesystem::exists(home.path() / "data" / "batches.db"));
}

TEST_CASE_METHOD(walks_fixture, "BO-27 a class that there is not is refused, "
                                "and those that there are are named") {
  auto with = for_client();
  auto host = client::start(with);
  REQUIRE(host);
  auto refused = within(host->start_batch(spec("", "other")));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().type == "bad-field");
  CHECK(refused.error().message
        == "processor.name: there is no class other; there are adding");
  CHECK(within(host->list_batches())->empty());
}

TEST_CASE_METHOD(walks_fixture,
                 "what a program leaves running with its output open ends") {
  auto host = client::start(for_client());
  REQUIRE(host);
  auto note = home.path() / "stray";
  auto by = fmt::format(
    R"({{"kind":"command","command":"setsid sleep 1000 & echo $! > {}"}})",
    note.string());
  REQUIRE(within(host->start_batch(fmt::format(
    R"({{"name":"b","source":{{"kind":"ndjson","path":"{}"}},"processor":{}}})",
    rows(), by))));

  auto ended = within(host->wait_batch("b", 20s));

  REQUIRE(ended);
  CHECK(ended->completed == 1);
  std::string pid;
  std::ifstream{note} >> pid;
  REQUIRE(!pid.empty());
  // One that is gone has no words, also while nobody has asked how it ended.
  std::string words;
  std::ifstream{"/proc/" + pid + "/cmdline"} >> words;
  CHECK(words.empty());
}

TEST_CASE_METHOD(walks_fixture, "a client starts, steers and lists batches") {
  auto host = client::start(for_client());
  REQUIRE(host);
  auto begun = within(host->start_batch(spec(R"(,"maxParallelism":0)")));
  REQUIRE(begun);
  CHECK(begun->name == "b");
  CHECK(begun->max_parallelism == 0);

  auto paused = within(host->change_batch("b", batch_verb::pause));
  REQUIRE(paused);
  CHECK(paused->is_paused);
  CHECK(within(host->limit_batch("b", 3))->max_parallelism == 3);
  CHECK_FALSE(within(host->wait_batch("b", 0ms))->is_finished);
  CHECK(within(host->change_batch("b", batch_verb::resume)));

  auto ended = within(host->wait_batch("b", 20s));
  REQUIRE(ended);
  CHECK(ended->state == "finished");
  CHECK(ended->completed == 3);
  CHECK(ended->json.find(R"("items":5)") != std::string::npos);
  auto all = within(host->list_batches());
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  CHECK(all->front().name == "b");
  auto unknown = within(host->wait_batch("none", 0ms));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().type == "not-found");
}

TEST_CASE_METHOD(walks_fixture,
                 "a client without batches says how to get them") {
  auto with = for_client();
  with.batches = false;
  auto host = client::start(with);
  REQUIRE(host);
  auto refused = within(host->start_batch(spec()));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().type == "bad-config");
  CHECK(refused.error().message.find("client_options::batches")
        != std::string::npos);
}
