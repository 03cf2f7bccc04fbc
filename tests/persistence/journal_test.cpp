#include "persistence/sqlite/journal.hpp"
#include "tests/persistence/data_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <vector>

using namespace orc;
using namespace orc::sqlite;

namespace {

namespace fs = std::filesystem;

namespace fs = std::filesystem;

constexpr journal_mark mine{7, 1};

std::vector<std::string> records_in(journal& x) {
  std::vector<std::string> result;
  x.read([&](std::string_view record) { result.emplace_back(record); });
  return result;
}

void flush(journal& x) {
  REQUIRE(x.make_room());
  x.flush();
}

/// Changes one byte of a file.
void spoil(const fs::path& file, std::streamoff at) {
  std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
  stream.seekp(at);
  stream.put('#');
}
} // namespace

TEST_CASE("what was flushed is there again, what was only added is not") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  {
    journal x{file, mine, 4};
    x.add("five");
    x.add("six");
    flush(x);
    x.add("seven");
  }
  journal x{file, mine, 4};
  CHECK(records_in(x) == std::vector<std::string>{"five", "six"});
  CHECK(x.last() == 6);
}

TEST_CASE("what the database has is passed over") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  {
    journal x{file, mine, 0};
    x.add("one");
    x.add("two");
    x.add("three");
    flush(x);
  }
  journal x{file, mine, 2};
  CHECK(records_in(x) == std::vector<std::string>{"three"});
}

TEST_CASE("a record that was cut off ends a journal") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  {
    journal x{file, mine, 0};
    x.add("one");
    x.add("two");
    flush(x);
  }
  // Behind the head of the file, the first record and the head of the second.
  spoil(file, 4096 + 24 + 3 + 24);
  journal x{file, mine, 0};
  CHECK(records_in(x) == std::vector<std::string>{"one"});
}

TEST_CASE("a journal that was begun again does not go on with old records") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  {
    journal x{file, mine, 0};
    for (auto word : {"one", "two", "six"})
      x.add(word);
    flush(x);
    x.restart();
    x.add("for");
    flush(x);
  }
  journal x{file, mine, 3};
  CHECK(records_in(x) == std::vector<std::string>{"for"});
  CHECK(x.last() == 4);
}

TEST_CASE("a journal never grows") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  journal x{file, mine, 0};
  const std::string record(100'000, 'x');
  x.add(record);
  CHECK_FALSE(fs::exists(file));
  REQUIRE(x.make_room());
  auto size = fs::file_size(file);
  auto flushed = 0;
  for (; x.make_room(); x.add(record), ++flushed)
    flush(x);
  CHECK(flushed > 50);
  CHECK(fs::file_size(file) == size);
  x.restart();
  x.add(std::string(300'000, 'x'));
  // It is written once, to the database.
  CHECK_FALSE(x.make_room());
}

TEST_CASE("a journal of another database is begun anew") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  {
    journal x{file, {8, 1}, 0};
    x.add("one");
    flush(x);
  }
  journal x{file, mine, 0};
  CHECK(records_in(x).empty());
  CHECK(x.last() == 0);
}

TEST_CASE("a journal of another version is read by that version") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  {
    journal x{file, mine, 0};
    x.add("one");
    flush(x);
  }
  try {
    journal x{file, {7, 2}, 0};
    FAIL("it was opened");
  } catch (const failure& problem) {
    CHECK(code_of(problem.error()) == ec::store_newer);
  }
  // The database has all of it: nothing is lost.
  journal x{file, {7, 2}, 1};
  CHECK(records_in(x).empty());
}

TEST_CASE("a journal that is ahead of its database is refused") {
  test::data_directory data;
  auto file = data.path() / "x.journal";
  {
    journal x{file, mine, 40};
    x.add("41");
    flush(x);
  }
  CHECK_THROWS_AS((journal{file, mine, 30}), failure);
}
