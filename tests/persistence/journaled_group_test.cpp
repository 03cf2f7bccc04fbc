#include "persistence/sqlite/journaled_group.hpp"
#include "persistence/sqlite/record_codec.hpp"
#include "tests/persistence/data_directory.hpp"
#include "tests/persistence/noted.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>

#include <csignal>
#include <string>

using namespace orc;
using namespace orc::sqlite;

namespace {

namespace fs = std::filesystem;

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
