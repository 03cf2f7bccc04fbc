#include "actors/reader/reader.hpp"
#include "tests/actors/reader/dataset.hpp"
#include "tests/support/actor_fixture.hpp"

#include <map>

using namespace orc;
using namespace std::chrono_literals;

namespace {

struct origin {
  test::dataset items;
  std::string dataset_id = "d1";
  bool may_grow = false;
  caf::error failure;
};

/// Runs and their datasets.
using world = std::map<std::string, origin>;

page_source_actor::behavior_type
fake_source(page_source_actor::pointer, std::shared_ptr<world> all) {
  return {
    [=](const find_origin& x) -> caf::result<origin_state> {
      auto i = all->find(x.origin.run);
      if (i == all->end())
        return make_error(ec::unknown_run, "no such run");
      return origin_state{i->second.dataset_id, i->second.may_grow};
    },
    [=](const get_origin_page& x) -> caf::result<items_page> {
      auto& from = x.origin.run.empty() ? (*all)[x.origin.dataset_id]
                                        : all->at(x.origin.run);
      if (from.failure)
        return from.failure;
      return from.items.page(x.page);
    },
  };
}

struct fixture : test::actor_fixture {
  ~fixture() {
    kill(source);
    if (current)
      kill(current);
  }

  void open(read_request request) {
    if (current)
      kill(current);
    current = system().spawn(reader, std::move(request), source);
  }

  /// @returns a request for runs.
  static read_request of(const std::vector<std::string>& runs) {
    read_request result;
    for (const auto& x : runs)
      result.from.push_back({"default", x, {}});
    return result;
  }

  auto ask_next() {
    return ask<item_piece>(current, read_next{});
  }

  /// Reads until a piece does not come at once, or no more.
  std::string read_on() {
    std::string result;
    for (;;) {
      auto answer = ask_next();
      if (answer.waits()) {
        waiting.emplace(answer);
        return result;
      }
      const auto& piece = answer.response();
      cursor = piece.cursor;
      result += piece.body.view();
      items += piece.items;
      ended = piece.is_last;
      if (ended)
        return result;
    }
  }

  std::string read(read_request request) {
    open(std::move(request));
    return read_on();
  }

  std::shared_ptr<world> all = std::make_shared<world>();
  page_source_actor source = system().spawn(fake_source, all);
  reader_inbox current;
  std::optional<test::client<item_piece>> waiting;
  std::string cursor;
  std::uint64_t items = 0;
  bool ended = false;
};

/// @returns `prefixM` to `prefixN-1`, each on its line.
std::string lines(const std::string& prefix, int from, int to) {
  std::string result;
  for (int i = from; i < to; ++i)
    result += prefix + std::to_string(i) + "\n";
  return result;
}

} // namespace

TEST_CASE_METHOD(fixture, "the rows of a table are counted") {
  (*all)["a"].items.items = {"title", "1", "2", "3"};
  auto request = of({"a"});
  request.format = output_format::csv;
  read(request);
  CHECK(ended);
  CHECK(items == 3);
}

TEST_CASE_METHOD(fixture, "datasets come one after the other") {
  (*all)["a"].items.add("a", 250);
  (*all)["b"];
  (*all)["c"].items.add("c", 120);
  CHECK(read(of({"c", "b", "a"})) == lines("c", 0, 120) + lines("a", 0, 250));
  CHECK(ended);
}

TEST_CASE_METHOD(fixture, "in no order, each dataset is in its own") {
  (*all)["a"].items.add("a", 250);
  (*all)["b"].items.add("b", 120);
  auto request = of({"a", "b"});
  request.ordered = false;
  auto text = read(request);
  CHECK(ended);
  std::string a, b;
  for (std::string_view rest = text; !rest.empty();) {
    auto line = rest.substr(0, rest.find('\n') + 1);
    (line[0] == 'a' ? a : b) += line;
    rest.remove_prefix(line.size());
  }
  CHECK(a == lines("a", 0, 250));
  CHECK(b == lines("b", 0, 120));
}

TEST_CASE_METHOD(fixture, "offset and limit go over all datasets") {
  auto lag = GENERATE(0, 1'000);
  for (auto name : {"a", "b", "c"}) {
    (*all)[name].items.add(name, 100);
    (*all)[name].items.lag = lag;
  }
  auto request = of({"a", "b", "c"});
  request.offset = 150;
  request.limit = 70;
  CHECK(read(request) == lines("b", 50, 100) + lines("c", 0, 20));
  CHECK(ended);
  request.offset = 1'000;
  CHECK(read(request).empty());
  CHECK(ended);
}

TEST_CASE_METHOD(fixture, "a run is followed from its start to its end") {
  auto& a = (*all)["a"];
  a.may_grow = true;
  a.dataset_id = "";
  auto request = of({"a"});
  request.follow = true;
  CHECK(read(request).empty());
  CHECK(!ended);
  a.dataset_id = "d1";
  a.items.add("a", 3);
  advance(track::longest_rest);
  CHECK(waiting->response().body.view() == lines("a", 0, 3));
  CHECK(read_on().empty());
  a.items.add("a", 2);
  a.may_grow = false;
  advance(track::longest_rest);
  CHECK(waiting->response().body.view() == lines("a", 3, 5));
  CHECK(read_on().empty());
  CHECK(ended);
}

TEST_CASE_METHOD(fixture, "in no order, a run that works holds up no other") {
  (*all)["a"].may_grow = true;
  (*all)["b"].items.add("b", 3);
  auto request = of({"a", "b"});
  request.follow = true;
  request.ordered = false;
  CHECK(read(request) == lines("b", 0, 3));
  CHECK(!ended);
}

TEST_CASE_METHOD(fixture, "a run that is started again is read on from there") {
  auto& a = (*all)["a"];
  a.may_grow = true;
  a.items.add("a", 3);
  auto request = of({"a"});
  request.follow = true;
  CHECK(read(request) == lines("a", 0, 3));
  a = {};
  a.dataset_id = "d2";
  a.items.add("b", 2);
  advance(track::longest_rest);
  CHECK(waiting->response().body.view() == lines("b", 0, 2));
  CHECK(read_on().empty());
  CHECK(ended);
}

TEST_CASE_METHOD(fixture, "trouble that passes is waited for while following") {
  auto& a = (*all)["a"];
  a.items.add("a", 3);
  a.may_grow = true;
  auto request = of({"a"});
  request.follow = true;
  CHECK(read(request) == lines("a", 0, 3));
  a.failure = make_error(ec::not_sent, "no network");
  advance(track::longest_rest);
  CHECK(waiting->waits());
  a.failure = {};
  a.items.add("a", 1);
  advance(track::longest_rest);
  CHECK(waiting->response().body.view() == lines("a", 3, 4));
}

TEST_CASE_METHOD(fixture, "trouble from the first call on is told at once") {
  (*all)["a"].failure = make_error(ec::not_sent, "no network");
  auto request = of({"a"});
  request.follow = true;
  open(request);
  CHECK(code_of(ask_next().error()) == ec::not_sent);
}

TEST_CASE_METHOD(fixture, "a dataset that cannot be read is named") {
  (*all)["a"].failure = make_error(ec::not_found, "it was deleted");
  open(of({"a"}));
  auto answer = ask_next();
  CHECK(code_of(answer.error()) == ec::not_found);
  CHECK(message_of(answer.error()) == "items of a: it was deleted");
}

TEST_CASE_METHOD(fixture, "a cursor goes on behind the piece it came with") {
  (*all)["a"].items.add("a", 350);
  (*all)["b"].items.add("b", 350);
  auto request = of({"a", "b"});
  request.ordered = GENERATE(true, false);
  auto whole = read(request);
  // As if whoever reads died after each number of pieces.
  for (int pieces = 1; pieces < 6; ++pieces) {
    request.cursor.clear();
    open(request);
    std::string text;
    for (int i = 0; i < pieces; ++i) {
      auto piece = ask_next().response();
      text += piece.body.view();
      request.cursor = piece.cursor;
      if (piece.is_last)
        break;
    }
    text += read(request);
    CHECK(text.size() == whole.size());
    if (request.ordered)
      CHECK(text == whole);
  }
}

TEST_CASE_METHOD(fixture, "a cursor of a run that still works goes on later") {
  auto& a = (*all)["a"];
  a.may_grow = true;
  a.items.add("a", 3);
  auto request = of({"a"});
  CHECK(read(request) == lines("a", 0, 3));
  request.cursor = cursor;
  a.items.add("a", 2);
  CHECK(read(request) == lines("a", 3, 5));
  request.cursor = cursor;
  CHECK(read(request).empty());
}

TEST_CASE_METHOD(fixture, "what was seen before a cursor is still known") {
  auto& a = (*all)["a"];
  a.items.items = {R"({"k":1})", R"({"k":2})"};
  a.may_grow = true;
  auto request = of({"a"});
  request.dedupe_by = {"k"};
  CHECK(read(request) == "{\"k\":1}\n{\"k\":2}\n");
  request.cursor = cursor;
  a.items.items.insert(a.items.items.end(), {R"({"k":1})", R"({"k":3})"});
  CHECK(read(request) == "{\"k\":3}\n");
  request.cursor = cursor;
  CHECK(read(request).empty());
}

TEST_CASE_METHOD(fixture, "a request that makes no sense names the field") {
  auto code = [this](read_request request) {
    open(std::move(request));
    return message_of(ask_next().error());
  };
  CHECK(code(of({})).starts_with("runs: "));
  auto unordered = of({"a", "b"});
  unordered.ordered = false;
  unordered.offset = 1;
  CHECK(code(unordered).starts_with("offset: "));
  auto followed = of({"a"});
  followed.follow = true;
  followed.query = "desc=1";
  CHECK(code(followed).starts_with("desc: "));
  auto resumed = of({"a"});
  resumed.cursor = "nonsense";
  CHECK(code(resumed).starts_with("cursor: "));
}

TEST_CASE_METHOD(fixture, "no more is fetched ahead than memory is meant for") {
  auto size = std::size_t{50'000};
  (*all)["a"].items.items.assign(2'000, std::string(size, 'x'));
  open(of({"a"}));
  // Nobody asks for the second piece.
  ask_next();
  auto asked = (*all)["a"].items.given * size;
  CHECK(asked > 5'000'000);
  CHECK(asked < 40'000'000);
}
