#include "actors/item_counter/item_counter.hpp"
#include "tests/support/actor_fixture.hpp"

#include <algorithm>
#include <memory>
#include <vector>

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// The datasets of a test, and what was asked about them.
struct platform {
  std::map<std::string, std::uint64_t> listed;
  std::map<std::string, std::uint64_t> others;
  bool list_works = true;
  std::vector<std::string> asked;
  /// Questions about one dataset are not answered while this is set.
  bool slow = false;
  std::vector<caf::typed_response_promise<item_counts>> waiting;

  long lists() const {
    return std::count(asked.begin(), asked.end(), "");
  }
};

caf::result<item_counts>
count(apify_api_actor::pointer self, platform& x, const std::string& id) {
  x.asked.push_back(id);
  if (id.empty()) {
    if (!x.list_works)
      return make_error(ec::forbidden, "no lists");
    return item_counts{x.listed};
  }
  if (x.slow) {
    auto promise = self->make_response_promise<item_counts>();
    x.waiting.push_back(promise);
    return promise;
  }
  if (x.listed.contains(id))
    return item_counts{{{id, x.listed.at(id)}}};
  if (x.others.contains(id))
    return item_counts{{{id, x.others.at(id)}}};
  return make_error(ec::not_found, "no dataset");
}

apify_api_actor::behavior_type
fake_api(apify_api_actor::pointer self, std::shared_ptr<platform> x) {
  auto refuse = [] { return make_error(ec::forbidden, "refused"); };
  return {
    [=](const start_remote_run&) -> caf::result<remote_run> {
      return refuse();
    },
    [=](const get_remote_run&) -> caf::result<remote_run> { return refuse(); },
    [](const list_remote_runs&) { return remote_runs{}; },
    [=](const abort_remote_run&) -> caf::result<remote_run> {
      return refuse();
    },
    [=](const resurrect_remote_run&) -> caf::result<remote_run> {
      return refuse();
    },
    [](const get_input&) { return json_text{}; },
    [](const get_log_end&) { return log_end{}; },
    [](get_limits) { return account_limits{}; },
    [](get_user) { return remote_user{}; },
    [](const get_target&) { return target_defaults{}; },
    [=](const count_items& y) { return count(self, *x, y.dataset_id); },
    [](const get_items&) { return items_page{}; },
    [](get_server_time) { return timestamp{}; },
    [](get_api_usage) { return api_usage{}; },
  };
}

struct fixture : test::actor_fixture {
  ~fixture() {
    kill(subject);
    kill(api);
  }

  auto ask_for(const std::string& id) {
    return ask<dataset_count>(subject, count_dataset{id});
  }

  std::vector<test::client<dataset_count>> ask_for_many(int from, int to) {
    std::vector<test::client<dataset_count>> result;
    for (auto i = from; i < to; ++i)
      result.push_back(ask_for(std::to_string(i)));
    return result;
  }

  void list(int from, int to) {
    for (auto i = from; i < to; ++i)
      world->listed[std::to_string(i)] = static_cast<std::uint64_t>(i);
  }

  std::shared_ptr<platform> world = std::make_shared<platform>();
  apify_api_actor api = system().spawn(fake_api, world);
  item_counter_actor subject = system().spawn(item_counter, api);
};

} // namespace

TEST_CASE_METHOD(fixture, "a few datasets are asked for at once") {
  list(0, 3);
  auto answers = ask_for_many(0, 3);
  CHECK(answers[2].response().items == 2);
  CHECK(world->lists() == 0);
}

TEST_CASE_METHOD(fixture, "many datasets are asked for together") {
  list(0, 100);
  auto answers = ask_for_many(0, 100);
  CHECK(answers[99].waits());
  advance(200ms);
  for (auto i = 0u; i < 100; ++i)
    CHECK(answers[i].response().items == i);
  CHECK(world->asked.size() == 4);
}

TEST_CASE_METHOD(fixture, "lists are asked for every 200 ms at most") {
  list(0, 20);
  auto first = ask_for_many(0, 10);
  advance(200ms);
  auto second = ask_for_many(10, 20);
  CHECK(world->lists() == 1);
  advance(200ms);
  CHECK(world->lists() == 2);
  CHECK(second[9].response().items == 19);
}

TEST_CASE_METHOD(fixture, "what the list does not contain is asked for alone") {
  list(0, 9);
  world->others["9"] = 42;
  auto answers = ask_for_many(0, 10);
  advance(200ms);
  CHECK(answers[9].response().items == 42);
  CHECK(world->asked.back() == "9");
}

TEST_CASE_METHOD(fixture, "no more than 16 are asked for alone at a time") {
  world->list_works = false;
  world->slow = true;
  auto answers = ask_for_many(0, 100);
  advance(200ms);
  CHECK(world->waiting.size() == 16);
  world->slow = false;
  advance(10s);
  CHECK(world->asked.size() == 101);
  for (const auto& x : answers)
    CHECK(!x.response().items);
}

TEST_CASE_METHOD(fixture, "a platform that does not tell leaves no count") {
  CHECK(!ask_for("unknown").response().items);
}

TEST_CASE_METHOD(fixture, "a platform that does not answer leaves no count") {
  world->slow = true;
  auto answer = ask_for("1");
  CHECK(answer.waits());
  advance(10s);
  CHECK(!answer.response().items);
}

TEST_CASE_METHOD(fixture, "two who ask for the same dataset share a call") {
  list(1, 2);
  world->slow = true;
  auto one = ask_for("1");
  auto two = ask_for("1");
  CHECK(world->asked.size() == 1);
  advance(10s);
  CHECK(!one.response().items);
  CHECK(!two.response().items);
}
