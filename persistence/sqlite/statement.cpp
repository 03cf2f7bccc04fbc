#include "persistence/sqlite/statement.hpp"

#include "persistence/sqlite/failure.hpp"

#include <sqlite3.h>
#include <utility>

namespace orc::sqlite {

cursor::~cursor() {
  sqlite3_reset(handle());
}

bool cursor::next() {
  auto code = sqlite3_step(handle());
  if (code != SQLITE_ROW && code != SQLITE_DONE)
    throw failure{owner_->db_};
  return code == SQLITE_ROW;
}

bool cursor::is_null(int column) const {
  return sqlite3_column_type(handle(), column) == SQLITE_NULL;
}

std::int64_t cursor::integer(int column) const {
  return sqlite3_column_int64(handle(), column);
}

double cursor::real(int column) const {
  return sqlite3_column_double(handle(), column);
}

std::string_view cursor::text(int column) const {
  auto first = sqlite3_column_text(handle(), column);
  auto size = sqlite3_column_bytes(handle(), column);
  return {reinterpret_cast<const char*>(first), static_cast<std::size_t>(size)};
}

std::string_view cursor::bytes(int column) const {
  auto first = sqlite3_column_blob(handle(), column);
  auto size = sqlite3_column_bytes(handle(), column);
  return {static_cast<const char*>(first), static_cast<std::size_t>(size)};
}

std::optional<std::int64_t> cursor::optional_integer(int column) const {
  if (is_null(column))
    return std::nullopt;
  return integer(column);
}

sqlite3_stmt* cursor::handle() const {
  return owner_->handle_;
}

statement::statement(sqlite3* db, std::string_view sql) : db_{db} {
  check(sqlite3_prepare_v3(db, sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

statement::statement(statement&& other) noexcept
  : db_{other.db_}, handle_{std::exchange(other.handle_, nullptr)} {
  // nop
}

statement::~statement() {
  sqlite3_finalize(handle_);
}

void statement::bind(int index, std::int64_t x, bool) {
  check(sqlite3_bind_int64(handle_, index, x));
}

void statement::bind(int index, double x, bool) {
  check(sqlite3_bind_double(handle_, index, x));
}

void statement::bind(int index, std::string_view x, bool copy) {
  // SQLite takes a null pointer for NULL, but an empty view is empty text.
  check(sqlite3_bind_text64(handle_, index, x.data() ? x.data() : "", x.size(),
                            copy ? SQLITE_TRANSIENT : SQLITE_STATIC,
                            SQLITE_UTF8));
}

void statement::bind(int index, blob x, bool copy) {
  check(sqlite3_bind_blob64(handle_, index, x.bytes.data(), x.bytes.size(),
                            copy ? SQLITE_TRANSIENT : SQLITE_STATIC));
}

void statement::bind(int index, std::nullopt_t, bool) {
  check(sqlite3_bind_null(handle_, index));
}

void statement::check(int code) const {
  if (code != SQLITE_OK)
    throw failure{db_};
}

} // namespace orc::sqlite
