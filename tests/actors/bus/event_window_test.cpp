#include "actors/bus/event_window.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace orc;

namespace {

hook_delivery delivery(std::uint64_t id, const std::string& subject) {
  hook_delivery result;
  result.id = id;
  result.event_id = fmt::format("event-{}", id);
  result.event = json_text{fmt::format(
    R"({{"type":"apify-orchestrator.run.ended","subject":"{}"}})", subject)};
  return result;
}

event_window
window_with(std::vector<hook_delivery> xs, std::size_t in_flight = 10) {
  event_window result{in_flight};
  result.loading();
  CHECK(result.loaded({std::move(xs), std::nullopt}).empty());
  return result;
}

std::vector<std::uint64_t> take_all(event_window& x) {
  std::vector<std::uint64_t> result;
  while (auto event = x.next())
    result.push_back(event->id);
  return result;
}

using ids = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("facts about one entity are told one after another") {
  auto x = window_with({delivery(1, "a"), delivery(2, "a"), delivery(3, "b")});

  CHECK(take_all(x) == ids{1, 3});
  x.done(3);
  CHECK(take_all(x).empty());
  x.done(1);
  CHECK(take_all(x) == ids{2});
}

TEST_CASE("a fact that the bus does not have comes again before later ones") {
  auto x = window_with({delivery(1, "a"), delivery(2, "a")});

  CHECK(take_all(x) == ids{1});
  x.failed(1);
  CHECK(take_all(x) == ids{1});
  x.done(1);
  CHECK(take_all(x) == ids{2});
}

TEST_CASE("no more facts are on their way than allowed") {
  auto x
    = window_with({delivery(1, "a"), delivery(2, "b"), delivery(3, "c")}, 2);

  CHECK(take_all(x) == ids{1, 2});
  x.done(1);
  CHECK(take_all(x) == ids{3});
}

TEST_CASE("the window is filled again when half of it is told") {
  event_window x{10};
  CHECK(x.is_hungry());
  x.loading();
  CHECK(!x.is_hungry());
  CHECK(x.loaded({{delivery(7, "a")}, std::uint64_t{7}}).empty());

  CHECK(x.last() == 7);
  CHECK(x.is_hungry());
  x.loading();
  CHECK(x.loaded({{}, std::nullopt}).empty());
  CHECK(!x.is_hungry());
  x.grew();
  CHECK(x.is_hungry());
}

TEST_CASE("what grows while a page is loaded is not forgotten") {
  event_window x{10};
  x.loading();
  x.grew();
  CHECK(x.loaded({{}, std::nullopt}).empty());

  CHECK(x.is_hungry());
}

TEST_CASE("what is no event is told apart") {
  event_window x{10};
  x.loading();
  auto strange = delivery(5, "a");
  strange.event = json_text{"{}"};

  CHECK(x.loaded({{strange, delivery(6, "a")}, std::nullopt}) == ids{5});
  CHECK(take_all(x) == ids{6});
}
