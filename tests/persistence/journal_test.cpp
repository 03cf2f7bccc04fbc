#include "persistence/sqlite/journaled_group.hpp"
#include "persistence/sqlite/record_codec.hpp"
#include "persistence/sqlite/schema.hpp"
#include "tests/persistence/data_directory.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

// Where their `inspect` is looked for.
namespace orc {

struct noted {
  std::string text;

  static constexpr auto fields
    = describe("noted", "A word.", field("text", &noted::text, "It."));
};

struct noted_otherwise {
  std::string words;

  static constexpr auto fields = describe(
    "noted", "A word.", field("words", &noted_otherwise::words, "."));
};

} // namespace orc

using namespace orc;
using namespace orc::sqlite;

namespace {

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

/// Words in a database behind a journal.
struct word_store {
  explicit word_store(const fs::path& folder)
    : db{fresh(folder / "words.db")}, insert{db.prepare(
                                        "INSERT INTO words VALUES (?1)")},
      group{db, folder / "words.journal", record_codec<noted>::layout(),
            [this](std::string_view x) {
              record_codec<noted>::read(x, [this](const noted& y) {
                insert.run(std::string_view{y.text});
              });
            }} {
    // nop
  }

  static database fresh(const fs::path& file) {
    database result{file};
    result.execute("PRAGMA journal_mode=WAL;"
                   "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, "
                   "value); CREATE TABLE IF NOT EXISTS words (word UNIQUE)");
    return result;
  }

  void write(const std::string& word) {
    group.join(1);
    insert.run(std::string_view{word});
    group.record(records.write(noted{word}));
  }

  /// @returns how it went.
  caf::error commit() {
    caf::error result = make_error(ec::timed_out, "");
    group.defer([&](const caf::error& x) { result = x; });
    group.commit();
    return result;
  }

  std::string words() {
    return db.text("SELECT group_concat(word) FROM words");
  }

  database db;
  statement insert;
  record_codec<noted> records;
  journaled_group group;
};

/// What a crash would leave behind.
struct image {
  explicit image(const fs::path& of) {
    for (const auto& x : fs::directory_iterator{of})
      if (x.path().extension() != ".db-shm")
        fs::copy_file(x.path(), data.path() / x.path().filename());
  }

  test::data_directory data;
};

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

TEST_CASE("where there is no room for a journal the database does without") {
  test::data_directory data;
  // Writes that a full disk would refuse.
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  auto* handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit tight{100'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  word_store store{data.path()};
  store.write("a");
  auto failed = store.commit();
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  REQUIRE(!failed);
  CHECK(fs::file_size(data.path() / "words.journal") == 0);
  CHECK_FALSE(store.group.is_unsettled());
  image crash{data.path()};
  CHECK(word_store{crash.data.path()}.words() == "a");
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

TEST_CASE("another way to write records has another layout") {
  CHECK(record_codec<noted>::layout() == record_codec<noted>::layout());
  CHECK(record_codec<noted>::layout()
        != record_codec<noted_otherwise>::layout());
  CHECK(record_codec<noted>::layout() != record_codec<noted, noted>::layout());
}

TEST_CASE("a record is read as what it was written") {
  record_codec<noted_otherwise, noted> codec;
  std::string found;
  auto read = [&](const auto& x) {
    if constexpr (std::is_same_v<std::decay_t<decltype(x)>, noted>)
      found = x.text;
  };
  record_codec<noted_otherwise, noted>::read(codec.write(noted{"word"}), read);
  CHECK(found == "word");
  CHECK_THROWS_AS((record_codec<noted_otherwise, noted>::read("\7", read)),
                  failure);
  CHECK_THROWS_AS((record_codec<noted_otherwise, noted>::read("", read)),
                  failure);
}

TEST_CASE("what was answered is done again after a crash") {
  test::data_directory data;
  word_store store{data.path()};
  store.write("a");
  REQUIRE(!store.commit());
  store.write("b");
  REQUIRE(!store.commit());
  store.write("never answered");
  CHECK(store.group.is_unsettled());
  image crash{data.path()};
  word_store again{crash.data.path()};
  CHECK(again.words() == "a,b");
  CHECK_FALSE(again.group.is_unsettled());
  again.write("c");
  REQUIRE(!again.commit());
  image second{crash.data.path()};
  CHECK(word_store{second.data.path()}.words() == "a,b,c");
}

TEST_CASE("what is settled is in the database alone") {
  test::data_directory data;
  word_store store{data.path()};
  store.write("a");
  store.group.settle();
  CHECK_FALSE(store.group.is_unsettled());
  image crash{data.path()};
  fs::remove(crash.data.path() / "words.journal");
  CHECK(word_store{crash.data.path()}.words() == "a");
}

TEST_CASE("a write that fails takes back its group and nothing before it") {
  test::data_directory data;
  word_store store{data.path()};
  store.write("a");
  REQUIRE(!store.commit());
  store.write("b");
  caf::error told;
  store.group.defer([&](const caf::error& x) { told = x; });
  CHECK_THROWS_AS(store.write("a"), failure);
  store.group.abandon(make_error(ec::store_failed, "no"));
  CHECK(told);
  CHECK(store.words() == "a");
  store.write("c");
  REQUIRE(!store.commit());
  image crash{data.path()};
  CHECK(word_store{crash.data.path()}.words() == "a,c");
}

TEST_CASE("a transaction that SQLite ended is done again") {
  test::data_directory data;
  word_store store{data.path()};
  store.write("a");
  REQUIRE(!store.commit());
  store.write("b");
  store.db.execute("ROLLBACK");
  CHECK(store.group.is_broken());
  CHECK(store.commit());
  CHECK(store.words() == "a");
}

TEST_CASE("what SQLite took back after it was answered is done again") {
  test::data_directory data;
  word_store store{data.path()};
  store.write("a");
  REQUIRE(!store.commit());
  // As a read does that the disk fails.
  store.db.execute("ROLLBACK");
  SECTION("before the next write") {
    store.write("b");
    REQUIRE(!store.commit());
    CHECK(store.words() == "a,b");
    store.group.settle();
    image crash{data.path()};
    CHECK(word_store{crash.data.path()}.words() == "a,b");
  }
  SECTION("before the next read") {
    store.group.prepare();
    CHECK(store.words() == "a");
  }
  SECTION("when it is settled") {
    store.group.settle();
    image crash{data.path()};
    CHECK(word_store{crash.data.path()}.words() == "a");
  }
}

TEST_CASE("a lot at once goes to the database directly") {
  test::data_directory data;
  word_store store{data.path()};
  store.write(std::string(300'000, 'x'));
  REQUIRE(!store.commit());
  CHECK_FALSE(store.group.is_unsettled());
}

TEST_CASE("what passes the journal by is durable with all before it") {
  test::data_directory data;
  word_store store{data.path()};
  store.write("a");
  store.group.join(1);
  store.insert.run(std::string_view{"b"});
  store.group.pass_by();
  REQUIRE(!store.commit());
  CHECK_FALSE(store.group.is_unsettled());
  // The next group is an ordinary one again.
  store.write("c");
  REQUIRE(!store.commit());
  CHECK(store.group.is_unsettled());
  image crash{data.path()};
  CHECK(word_store{crash.data.path()}.words() == "a,b,c");
}

TEST_CASE("an orderly end leaves nothing in the journal") {
  test::data_directory data;
  {
    word_store store{data.path()};
    store.write("a");
    REQUIRE(!store.commit());
  }
  fs::remove(data.path() / "words.journal");
  CHECK(word_store{data.path()}.words() == "a");
}
