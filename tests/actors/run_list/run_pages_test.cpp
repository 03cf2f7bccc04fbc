#include "actors/run_list/run_pages.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

/// A full page of runs that start at `from`, `from + step`, …
remote_runs full_page(std::int64_t from, std::int64_t step) {
  remote_runs result;
  for (std::int64_t i = 0; i < 1000; ++i)
    result.runs.emplace_back().started_at = timestamp{from + i * step};
  return result;
}

/// A page of runs that started at `starts`, of a list of `total`.
remote_runs
page_of(std::initializer_list<std::int64_t> starts, std::uint64_t total) {
  remote_runs result;
  for (auto at : starts)
    result.runs.emplace_back().started_at = timestamp{at};
  result.total = total;
  return result;
}

} // namespace

TEST_CASE("the first page asks for the statuses and the start it was given") {
  run_pages subject{{remote_status::running}, timestamp{7}};
  auto request = subject.request();
  CHECK(request.statuses == std::vector{remote_status::running});
  CHECK(request.started_after == timestamp{7});
  CHECK(request.offset == 0);
  CHECK(request.limit == 1000);
}

TEST_CASE("a page that is not full is the last") {
  run_pages subject{{}, timestamp{7}};
  CHECK(!subject.took({}));
  CHECK(subject.count() == 1);
}

TEST_CASE("the next page begins where the last run of a full one started") {
  run_pages subject{{}, timestamp{100}};
  CHECK(subject.took(full_page(100, 1)));
  CHECK(subject.request().started_after == timestamp{1099});
  CHECK(subject.request().offset == 0);
}

TEST_CASE("a platform with smaller pages is read to its end") {
  run_pages subject{{}, timestamp{100}};
  CHECK(subject.took(page_of({100, 101, 102}, 5)));
  CHECK(subject.request().started_after == timestamp{102});
  CHECK_FALSE(subject.took(page_of({102, 103, 104}, 3)));
}

TEST_CASE("smaller pages of runs that started together go on by offset") {
  run_pages subject{{}, timestamp{100}};
  CHECK(subject.took(page_of({100, 100}, 3)));
  CHECK(subject.request().offset == 2);
  CHECK_FALSE(subject.took(page_of({100}, 3)));
}

TEST_CASE("a total that is never reached ends with a page of nothing") {
  run_pages subject{{}, timestamp{100}};
  CHECK(subject.took(page_of({100, 101}, 99)));
  CHECK(subject.took(page_of({101}, 99)));
  CHECK_FALSE(subject.took(page_of({}, 99)));
}

TEST_CASE("runs that started together are told apart by offset") {
  run_pages subject{{}, timestamp{100}};
  CHECK(subject.took(full_page(100, 0)));
  CHECK(subject.request().started_after == timestamp{100});
  CHECK(subject.request().offset == 1000);
  CHECK(subject.took(full_page(100, 1)));
  CHECK(subject.request().offset == 0);
}

TEST_CASE("what is of no interest is passed over, never gone back to") {
  run_pages subject{{}, timestamp{100}};
  subject.skip_to(timestamp{500});
  CHECK(subject.request().started_after == timestamp{500});
  subject.skip_to(timestamp{200});
  CHECK(subject.request().started_after == timestamp{500});
}
