#include "messages/walk/walk_store.hpp"
#include "persistence/sqlite/walk_store.hpp"
#include "tests/support/quiet_config.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <chrono>

using namespace orc;

namespace {

struct walk_store_fixture {
  walk_store_fixture() {
    auto opened = open_walk_store(system, {});
    REQUIRE(opened);
    store = *opened;
    add_walk question;
    question.walk.name = "b";
    question.walk.spec = secret{"{}"};
    walk = ask<found_walks>(question).walks.at(0);
  }

  ~walk_store_fixture() {
    caf::anon_send_exit(store, caf::exit_reason::user_shutdown);
  }

  template <class Answer, class Question>
  Answer ask(Question x) {
    caf::scoped_actor self{system};
    Answer result;
    self->request(store, std::chrono::seconds{60}, std::move(x))
      .receive([&](Answer& y) { result = std::move(y); },
               [](const caf::error& y) { FAIL(message_of(y)); });
    return result;
  }

  std::size_t pages(page_state state) {
    find_walk_pages question;
    question.walk = walk.key;
    question.state = state;
    return ask<found_pages>(question).pages.size();
  }

  test::quiet_config config;
  caf::actor_system system{config};
  walk_store_actor store;
  walk_record walk;
};

stored_page
page_of(std::uint64_t number, page_state state, timestamp due = {}) {
  stored_page result;
  result.number = number;
  result.state = state;
  result.due = due;
  return result;
}

} // namespace

TEST_CASE_METHOD(walk_store_fixture,
                 "pages that are stuck again are so in rows and counters, and "
                 "with what is saved besides") {
  revive_walk_pages question;
  question.failed = true;
  question.change.walk = walk;
  question.change.walk.counts.failed = 1;
  question.change.walk.counts.completed = 1;
  question.change.walk.timed_from = {5};
  question.change.pages
    = {page_of(1, page_state::failed), page_of(2, page_state::flawed)};

  auto revived = ask<revived_pages>(question);

  CHECK(revived.failed == 1);
  CHECK(revived.flawed == 1);
  auto stored = ask<found_walks>(find_walks{"b", false}).walks.at(0);
  CHECK(stored.counts == revived.walk.counts);
  CHECK(stored.counts.stuck == 2);
  CHECK(stored.counts.failed == 0);
  CHECK(stored.counts.completed == 0);
  CHECK(stored.timed_from == timestamp{5});
  CHECK(pages(page_state::stuck) == 2);
  CHECK(pages(page_state::failed) == 0);
}

TEST_CASE_METHOD(walk_store_fixture,
                 "stuck pages are due at once without those that failed") {
  revive_walk_pages question;
  question.now = {10};
  question.change.walk = walk;
  question.change.walk.counts.failed = 1;
  question.change.pages
    = {page_of(1, page_state::stuck, {1'000}), page_of(2, page_state::failed)};

  ask<revived_pages>(question);

  find_walk_pages due;
  due.walk = walk.key;
  due.state = page_state::stuck;
  due.due_until = timestamp{10};
  CHECK(ask<found_pages>(due).pages.size() == 1);
  CHECK(pages(page_state::failed) == 1);
  CHECK(ask<found_walks>(find_walks{"b", false}).walks.at(0).counts.failed
        == 1);
}
