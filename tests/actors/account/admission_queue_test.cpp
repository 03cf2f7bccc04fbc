#include "actors/account/admission_queue.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

constexpr timestamp at(std::int64_t seconds) {
  return {seconds * 1000};
}

/// Takes the first run, whatever it is.
std::uint64_t take(admission_queue& queue) {
  auto front
    = queue.find([](const line_front&) { return admission_verdict::take; });
  if (!front)
    return 0;
  queue.pop(*front);
  queue.charge(front->kind->space, 1024);
  return front->key.value;
}

std::vector<std::uint64_t> take_all(admission_queue& queue) {
  std::vector<std::uint64_t> result;
  while (auto key = take(queue))
    result.push_back(key);
  return result;
}

using keys = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("the oldest run goes first, whatever it starts") {
  admission_queue queue;
  queue.push({.target = 1}, {1});
  queue.push({.target = 2}, {2});
  queue.push({.target = 1}, {3});
  CHECK(take_all(queue) == keys{1, 2, 3});
}

TEST_CASE("higher priority goes before age") {
  admission_queue queue;
  queue.push({.priority = 0}, {1});
  queue.push({.priority = 5}, {2});
  queue.push({.priority = -5}, {3});
  CHECK(take_all(queue) == keys{2, 1, 3});
}

TEST_CASE("namespaces take turns") {
  admission_queue queue;
  for (std::uint64_t key = 1; key <= 4; ++key)
    queue.push({.space = 0}, {key});
  queue.push({.space = 1}, {5});
  queue.push({.space = 1}, {6});
  CHECK(take_all(queue) == keys{1, 5, 2, 6, 3, 4});
}

TEST_CASE("a namespace that comes later does not make up for its absence") {
  admission_queue queue;
  for (std::uint64_t key = 1; key <= 6; ++key)
    queue.push({.space = 0}, {key});
  for (auto i = 0; i < 3; ++i)
    take(queue);
  for (std::uint64_t key = 7; key <= 9; ++key)
    queue.push({.space = 1}, {key});
  CHECK(take_all(queue) == keys{4, 7, 5, 8, 6, 9});
}

TEST_CASE("a run that comes back has its old place") {
  admission_queue queue;
  for (std::uint64_t key = 1; key <= 4; ++key)
    queue.push({}, {key});
  take(queue);
  take(queue);
  queue.push({}, {2});
  queue.push({}, {1});
  CHECK(take_all(queue) == keys{1, 2, 3, 4});
}

TEST_CASE("a run waits once") {
  admission_queue queue;
  CHECK(queue.push({}, {1}));
  CHECK(!queue.push({}, {1}));
  CHECK(take_all(queue) == keys{1});
}

TEST_CASE("a run that was taken out does not start, until it comes again") {
  admission_queue queue;
  for (std::uint64_t key = 1; key <= 3; ++key)
    queue.push({}, {key});
  CHECK(queue.erase({1}));
  CHECK(queue.erase({2}));
  CHECK(!queue.erase({2}));
  CHECK(queue.size() == 1);
  queue.push({}, {2});
  CHECK(take_all(queue) == keys{2, 3});
  CHECK(queue.size() == 0);
}

TEST_CASE("a run that was taken out comes again as what it is then") {
  admission_queue queue;
  for (std::uint64_t key = 1; key <= 3; ++key)
    queue.push({.priority = 5}, {key});
  queue.push({}, {4});
  queue.erase({2});
  queue.push({.memory = mebibytes{8192}}, {2});
  CHECK(take_all(queue) == keys{1, 3, 2, 4});
}

TEST_CASE("a run that was taken out waits for its new time only") {
  admission_queue queue;
  queue.push({}, {1});
  queue.push({}, {2});
  queue.push({}, {3}, at(5));
  for (auto key : {2, 3}) {
    queue.erase({static_cast<std::uint64_t>(key)});
    queue.push({}, {static_cast<std::uint64_t>(key)}, at(10));
  }
  queue.release_due(at(5));
  CHECK(take_all(queue) == keys{1});

  queue.release_due(at(10));
  CHECK(take_all(queue) == keys{2, 3});
}

TEST_CASE("of many runs that come again each waits once") {
  admission_queue queue;
  for (std::uint64_t key = 1; key <= 1000; ++key)
    queue.push({.target = static_cast<std::uint32_t>(key % 3)}, {key});
  for (std::uint64_t key = 1; key <= 1000; key += 2)
    queue.erase({key});
  for (std::uint64_t key = 1; key <= 1000; key += 2)
    queue.push({.priority = 1}, {key});
  auto order = take_all(queue);
  REQUIRE(order.size() == 1000);
  CHECK(order[499] == 999);
  CHECK(order[500] == 2);
  CHECK(order[999] == 1000);
}

TEST_CASE("a delayed run waits for its time") {
  admission_queue queue;
  queue.push({}, {1}, at(10));
  queue.push({}, {2}, at(5));
  CHECK(queue.size() == 2);
  CHECK(take(queue) == 0);
  CHECK(queue.next_due() == at(5));

  CHECK(queue.release_due(at(5)));
  CHECK(take_all(queue) == keys{2});

  CHECK(queue.erase({1}));
  queue.release_due(at(10));
  CHECK(take_all(queue).empty());
}

TEST_CASE("nobody behind a run that must go first is looked at") {
  admission_queue queue;
  queue.push({.target = 1}, {1});
  queue.push({.target = 2}, {2});
  auto seen = 0;
  auto found = queue.find([&](const line_front&) {
    ++seen;
    return admission_verdict::stop;
  });
  CHECK(!found);
  CHECK(seen == 1);
}

TEST_CASE("the queue tells how many runs are before one") {
  admission_queue queue;
  for (std::uint64_t key = 1; key <= 10; ++key)
    queue.push({.target = static_cast<std::uint32_t>(key % 3)}, {key});
  queue.push({.priority = 1}, {11});
  CHECK(queue.count_before({}, {5}) == 5);
  CHECK(queue.count_before({.priority = 1}, {11}) == 0);
}

TEST_CASE("a line of many runs gives all of them back in order") {
  run_line line;
  for (std::uint64_t key = 1; key <= 10'000; ++key)
    line.push({key});
  for (std::uint64_t key = 1; key <= 10'000; ++key) {
    REQUIRE(line.front() == run_key{key});
    line.pop();
    if (key % 7 == 0) {
      line.push({key});
      REQUIRE(line.front() == run_key{key});
      line.pop();
    }
  }
  CHECK(line.empty());
}
