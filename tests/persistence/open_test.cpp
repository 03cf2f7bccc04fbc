#include "tests/persistence/sqlite_fixture.hpp"

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

using namespace orc;
using test::make_record;

namespace {

using fixture = test::sqlite_fixture;

bool mentions(const caf::error& x, std::string_view text) {
  return message_of(x).find(text) != std::string::npos;
}

} // namespace

TEST_CASE_METHOD(fixture, "what was stored is there after a restart") {
  auto key = open().insert(make_record("run"), "[1]").record.key;
  auto instance = open().try_check()->instance;
  auto& store = open();
  CHECK(store.try_load(key)->input.view() == "[1]");
  CHECK(store.try_check()->instance == instance);
  CHECK(store.totals().states["queued"] == 1);
}

TEST_CASE_METHOD(fixture, "only the owner may read a new store") {
  auto folder = data.path() / "new" / "deep";
  {
    auto store = open_sqlite_store(system.get(), {folder, {}});
    REQUIRE(store);
    test::store_client client{system.get(), *store};
    struct stat info {};
    REQUIRE(::stat(folder.c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0700);
    REQUIRE(::stat((folder / "orchestrator.db").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
  }
}

TEST_CASE_METHOD(fixture, "a store in use names the process that uses it") {
  open();
  auto problem = try_open().error();
  CHECK(code_of(problem) == ec::store_locked);
  CHECK(mentions(problem, "process " + std::to_string(::getpid())));
  CHECK(mentions(problem, data.path().string()));
}

TEST_CASE_METHOD(fixture, "a store that was closed can be opened again") {
  open();
  close();
  CHECK(try_open());
}

TEST_CASE_METHOD(fixture, "a newer store is refused and left alone") {
  open().insert(make_record("run"));
  close();
  data.execute("PRAGMA user_version=99");
  auto problem = refused();
  CHECK(code_of(problem) == ec::store_newer);
  CHECK(mentions(problem, "schema 99"));
  CHECK(mentions(problem, data.database().string()));
}

TEST_CASE_METHOD(fixture, "a file that is no database is refused") {
  test::write_file(data.database(), std::string(8192, 'x'));
  auto problem = refused();
  CHECK(code_of(problem) == ec::store_corrupt);
  CHECK(mentions(problem, "orchestrator.db"));
}

TEST_CASE_METHOD(fixture, "another program's database is refused") {
  data.execute("CREATE TABLE bookmarks (url TEXT)");
  CHECK(code_of(refused()) == ec::store_corrupt);
}

TEST_CASE_METHOD(fixture, "a store that was cut short is refused") {
  auto& store = open();
  for (int i = 0; i < 200; ++i)
    store.insert(make_record("run-" + std::to_string(i)));
  close();
  std::filesystem::resize_file(data.database(),
                               std::filesystem::file_size(data.database()) / 2);
  CHECK(code_of(refused()) == ec::store_corrupt);
}

TEST_CASE_METHOD(fixture, "a store with an overwritten page is refused") {
  auto& store = open();
  for (int i = 0; i < 200; ++i)
    store.insert(make_record("run-" + std::to_string(i)));
  close();
  auto bytes = test::read_file(data.database());
  bytes.replace(bytes.size() / 2 / 4096 * 4096, 4096, 4096, '\xAA');
  test::write_file(data.database(), bytes);
  CHECK(code_of(refused()) == ec::store_corrupt);
}

TEST_CASE_METHOD(fixture, "a data directory that is a file is refused") {
  auto file = data.path() / "file";
  test::write_file(file, "not a directory");
  auto store = open_sqlite_store(system.get(), {file, {}});
  REQUIRE(!store);
  CHECK(code_of(store.error()) == ec::store_failed);
  CHECK(mentions(store.error(), file.string()));
}

TEST_CASE_METHOD(fixture, "a data directory without rights is refused") {
  if (::geteuid() == 0)
    return; // Nothing is read-only to root.
  ::chmod(data.path().c_str(), 0500);
  auto store = try_open();
  ::chmod(data.path().c_str(), 0700);
  REQUIRE(!store);
  CHECK(code_of(store.error()) == ec::store_failed);
}

TEST_CASE_METHOD(fixture, "a start that broke off leaves a usable directory") {
  // As if the process died before its first migration.
  data.execute("PRAGMA journal_mode=WAL");
  test::write_file(data.path() / "lock", "12345\n");
  CHECK(try_open());
}
