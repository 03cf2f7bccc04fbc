#include "actors/reader/reader.hpp"
#include "actors/reader/reader_pages.hpp"
#include "tests/actors/reader/dataset.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_record_store.hpp"
#include "tests/support/pages.hpp"

using namespace orc;
using namespace orc::test;
using namespace std::chrono_literals;

namespace {

/// One run and its dataset.
struct world {
  test::dataset items;
  bool may_grow = false;
  caf::error failure;
  std::string query;
};

page_source_actor::behavior_type
fake_platform(page_source_actor::pointer, std::shared_ptr<world> all) {
  return {
    [=](const find_origin&) -> caf::result<origin_state> {
      return origin_state{"d1", all->may_grow};
    },
    [=](const get_origin_page& x) -> caf::result<items_page> {
      if (all->failure)
        return all->failure;
      all->query = x.page.query;
      return all->items.page(x.page);
    },
  };
}

readings_actor::behavior_type
fake_readings(readings_actor::pointer self, page_source_actor from) {
  return {[=](const read_request& x) {
    return reader_actor{self->spawn(reader, x, from)};
  }};
}

struct fixture : actor_fixture {
  fixture() {
    source.kind = source_kind::dataset;
    source.run = "shop";
    reopen();
  }

  ~fixture() {
    close();
    kill(readings);
    kill(platform);
  }

  void reopen() {
    close();
    pages
      = system().spawn(reader_pages, source, reader_pages_parts{readings, {}});
  }

  void close() {
    if (!pages)
      return;
    caf::anon_send_exit(pages, caf::exit_reason::user_shutdown);
    run();
  }

  auto read(std::string cursor, std::uint64_t size) {
    return ask<walk_page>(pages, read_walk_page{std::move(cursor), size});
  }

  /// @returns all pages.
  std::vector<walk_page> walk(std::uint64_t size, bool reopens = false) {
    std::vector<walk_page> result;
    std::string cursor;
    do {
      if (reopens)
        reopen();
      auto answer = read(cursor, size);
      if (answer.waits())
        advance(1s);
      result.push_back(answer.response());
      cursor = result.back().next.value_or("");
    } while (!cursor.empty());
    return result;
  }

  strings items(const std::string& prefix, int from, int to) const {
    strings result;
    for (int i = from; i < to; ++i)
      result.push_back(prefix + std::to_string(i));
    return result;
  }

  std::shared_ptr<world> all = std::make_shared<world>();
  page_source_actor platform = system().spawn(fake_platform, all);
  readings_actor readings = system().spawn(fake_readings, platform);
  walk_source source;
  walk_source_actor pages;
};

} // namespace

TEST_CASE_METHOD(fixture, "a dataset is cut into pages of the size asked for") {
  all->items.add("a", 1'234);

  auto whole = walk(100);

  CHECK(whole.size() == 13);
  CHECK(whole.back().count == 34);
  CHECK(items_of(whole) == items("a", 0, 1'234));
  CHECK(all->items.given == 1'234);
}

TEST_CASE_METHOD(fixture, "a dataset that ends with a full page has no more") {
  all->items.add("a", 400);

  CHECK(walk(200).size() == 2);
  CHECK(walk(400).size() == 1);
}

TEST_CASE_METHOD(fixture, "an empty dataset is one empty page") {
  auto whole = walk(10);

  REQUIRE(whole.size() == 1);
  CHECK(whole.front().count == 0);
}

TEST_CASE_METHOD(fixture, "cursors hold for a source that is opened again") {
  all->items.add("a", 700);
  all->items.add("-", 5);
  all->items.add("b", 300);
  source.clean = true;

  auto whole = walk(70, true);

  CHECK(items_of(whole).size() == 1'000);
  auto expected = items("a", 0, 700);
  for (auto& x : items("b", 705, 1'005))
    expected.push_back(std::move(x));
  CHECK(items_of(whole) == expected);
  CHECK(whole.size() == 15);
}

TEST_CASE_METHOD(fixture, "a page of a run that works comes when it is full") {
  all->may_grow = true;
  all->items.add("a", 3);
  auto first = read("", 5);
  CHECK(first.waits());

  all->items.add("a", 4);
  advance(10s);

  REQUIRE_FALSE(first.waits());
  CHECK(items_of(first.response()) == items("a", 0, 5));
  auto second = read(*first.response().next, 5);
  CHECK(second.waits());
  all->may_grow = false;
  for (int i = 0; i < 5; ++i)
    advance(10s);
  CHECK(items_of(second.response()) == items("a", 5, 7));
  CHECK_FALSE(second.response().next);
}

TEST_CASE_METHOD(fixture, "a full page of a run that works waits for no news") {
  all->may_grow = true;
  all->items.add("a", 5);
  auto first = read("", 5);

  advance(1s);

  CHECK(items_of(first.response()) == items("a", 0, 5));
  REQUIRE(first.response().next);
  auto second = read(*first.response().next, 5);
  all->items.add("a", 5);
  for (int i = 0; i < 5; ++i)
    advance(10s);
  CHECK(items_of(second.response()) == items("a", 5, 10));
}

TEST_CASE_METHOD(fixture, "a page that failed can be asked for again") {
  all->items.add("a", 10);
  all->failure = make_error(ec::not_sent, "no network");
  auto failed = read("", 4);
  CHECK(is_passing(failed.error()));

  all->failure = {};

  CHECK(items_of(read("", 4).response()) == items("a", 0, 4));
}

TEST_CASE_METHOD(fixture, "the platform's options go along") {
  all->items.add("a", 1);
  source.clean = true;
  source.fields_wanted = json_text{R"(["a","b c"])"};
  source.omit = json_text{R"("d,e")"};
  reopen();

  walk(10);

  CHECK(all->query == "clean=1&fields=a%2Cb%20c&omit=d%2Ce");
}

TEST_CASE_METHOD(fixture, "what is still owed when a source ends fails") {
  all->may_grow = true;
  auto page = read("", 5);

  close();

  CHECK(code_of(page.error()) == ec::stopping);
  pages = walk_source_actor{};
}

TEST_CASE_METHOD(fixture, "a dataset needs an account") {
  source.run.clear();
  source.dataset_id = "d1";
  reopen();

  CHECK(code_of(read("", 5).error()) == ec::unknown_account);
}

TEST_CASE_METHOD(fixture, "a dataset that no run writes ends where it ends") {
  all->may_grow = true;
  all->items.add("a", 5);
  source.run.clear();
  source.dataset_id = "d1";
  auto storage
    = system().spawn(fake_storage, std::make_shared<fake_record_store>());
  pages = system().spawn(reader_pages, source,
                         reader_pages_parts{readings, storage});

  auto page = read("", 9);

  CHECK(items_of(page.response()) == items("a", 0, 5));
  CHECK_FALSE(page.response().next);
  kill(storage);
}
