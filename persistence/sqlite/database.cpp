#include "persistence/sqlite/database.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace orc::sqlite {

namespace {

/// Makes an empty file, which SQLite takes for a new database. The files
/// beside it, `-wal` and `-shm`, get the same rights.
void ensure_private_file(const std::filesystem::path& file) {
  auto fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    throw failure{ec::store_failed,
                  fmt::format("cannot write {}: {}; check its rights, or "
                              "choose another data directory",
                              file.string(), std::strerror(errno))};
  ::close(fd);
}

std::string file_of(sqlite3* db) {
  auto name = db ? sqlite3_db_filename(db, "main") : nullptr;
  return name ? name : "the store";
}

ec code_for(int problem) {
  switch (problem & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ec::store_corrupt;
    default:
      return ec::store_failed;
  }
}

std::string_view remedy_for(int problem) {
  switch (problem & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged: restore it from a backup, or move it away to "
             "start with an empty store";
    case SQLITE_FULL:
      return "the disk is full: make room, then try again";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return "check its rights and whether the disk is read-only";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program has it open: close that program";
    default:
      return "check the disk and the room on it";
  }
}

} // namespace

failure::failure(sqlite3* db)
  : code_{code_for(sqlite3_extended_errcode(db))},
    message_{fmt::format("{}: {}; {}", file_of(db), sqlite3_errmsg(db),
                         remedy_for(sqlite3_extended_errcode(db)))} {
  // nop
}

failure::failure(ec code, std::string message)
  : code_{code}, message_{std::move(message)} {
  // nop
}

database::database(const std::filesystem::path& file) {
  if (!file.empty())
    ensure_private_file(file);
  auto name = file.empty() ? ":memory:" : file.c_str();
  sqlite3* db = nullptr;
  // One thread uses it at a time, so SQLite need not lock by itself.
  auto code = sqlite3_open_v2(
    name, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(db);
  if (code != SQLITE_OK)
    throw failure{db};
  sqlite3_extended_result_codes(db, 1);
  sqlite3_busy_timeout(db, 5'000);
}

statement database::prepare(std::string_view sql) {
  return statement{handle_.get(), sql};
}

void database::execute(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr)
      != SQLITE_OK)
    throw failure{handle_.get()};
}

std::int64_t database::number(std::string_view sql) {
  auto question = prepare(sql);
  auto row = question.start();
  return row.next() ? row.integer(0) : 0;
}

std::string database::text(std::string_view sql) {
  auto question = prepare(sql);
  auto row = question.start();
  return row.next() ? std::string{row.text(0)} : std::string{};
}

bool database::in_transaction() const {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

std::int64_t database::last_id() const {
  return sqlite3_last_insert_rowid(handle_.get());
}

std::int64_t database::changes() const {
  return sqlite3_changes64(handle_.get());
}

void database::closer::operator()(sqlite3* x) const {
  sqlite3_close_v2(x);
}

} // namespace orc::sqlite
