#include "emulator/emulator.hpp"
#include "transport/apify/apify_api.hpp"
#include "transport/asio/runtime.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <optional>

using namespace orc;
using namespace orc::literals;
using namespace std::chrono_literals;

namespace {

/// An APIFY API that talks to an emulated platform.
struct fixture {
  fixture() {
    REQUIRE(!platform.start());
    account_settings account;
    account.token = secret{platform.token()};
    account.base_url = platform.base_url();
    api = system.spawn(apify_api, client, account);
  }

  ~fixture() {
    caf::anon_send_exit(api, caf::exit_reason::user_shutdown);
    client->stop();
  }

  template <class Response, class Request>
  Response ask(Request request) {
    caf::scoped_actor self{system};
    std::optional<Response> result;
    self->request(api, 20s, std::move(request))
      .receive([&](Response& x) { result.emplace(std::move(x)); },
               [&](caf::error& x) { FAIL(message_of(x)); });
    return std::move(*result);
  }

  remote_run start(const char* input) {
    run_options options;
    options.memory = 256_MiB;
    return ask<remote_run>(start_remote_run{
      {"emulator/scripted"}, json_text{input}, options, "k7.1"});
  }

  emulator::emulator platform{{}};
  io_runtime runtime;
  std::shared_ptr<http::client> client
    = std::make_shared<http::client>(runtime, http::client_options{});
  caf::actor_system_config config;
  caf::actor_system system{config};
  apify_api_actor api;
};

} // namespace

TEST_CASE_METHOD(fixture, "a run is led from its start to its items") {
  auto started = start(R"({"durationMs":50,"items":3})");
  CHECK(started.memory == 256_MiB);
  CHECK_THAT(started.user_agent, Catch::EndsWith(" run/k7.1"));
  auto ended = ask<remote_run>(get_remote_run{started.id, 20});
  CHECK(ended.status == remote_status::succeeded);
  auto input = ask<json_text>(get_input{ended.key_value_store_id});
  CHECK_THAT(std::string{input.view()}, Catch::Contains("durationMs"));
  auto page = ask<items_page>(get_items{ended.dataset_id, 0, 10, "jsonl", ""});
  CHECK(page.count == 3);
  auto counts = ask<item_counts>(count_items{ended.dataset_id});
  CHECK(counts.counts.count(ended.dataset_id) == 1);
}

TEST_CASE_METHOD(fixture, "a live run is listed, then aborted") {
  auto started = start(R"({"durationMs":60000})");
  list_remote_runs question;
  question.statuses = {remote_status::ready, remote_status::running};
  auto listed = ask<remote_runs>(question);
  REQUIRE(listed.runs.size() == 1);
  CHECK(listed.runs.at(0).id == started.id);
  CHECK_THAT(listed.runs.at(0).user_agent, Catch::EndsWith(" run/k7.1"));
  ask<remote_run>(abort_remote_run{started.id, false});
  auto ended = ask<remote_run>(get_remote_run{started.id, 20});
  CHECK(ended.status == remote_status::aborted);
}

TEST_CASE_METHOD(fixture, "limits tell what is in use") {
  start(R"({"durationMs":60000})");
  auto limits = ask<account_limits>(get_limits{});
  CHECK(limits.max_memory == 16384_MiB);
  CHECK(limits.used_memory == 256_MiB);
  CHECK(limits.max_runs == 25);
  CHECK(limits.active_runs == 1);
}

TEST_CASE_METHOD(fixture, "a target tells what its runs get") {
  auto found = ask<target_defaults>(get_target{{"emulator/scripted"}});
  CHECK(found.memory == 1024_MiB);
  CHECK(!found.actor_id.empty());
}
