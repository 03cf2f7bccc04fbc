#include "persistence/sources/sqlite_pages.hpp"

#include "persistence/sources/row_key.hpp"
#include "persistence/sources/sql_text.hpp"
#include "persistence/sources/sqlite_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <sqlite3.h>
#include <string>
#include <utility>
#include <vector>

namespace orc {

namespace {

using clock = std::chrono::steady_clock;

/// A page that takes longer has no index to go by.
constexpr std::chrono::seconds patience{100};
constexpr int lock_patience_ms = 1'000;

class sqlite_pages : public page_reader {
public:
  sqlite_pages(walk_source source, sqlite_ptr db)
    : source_{std::move(source)}, db_{std::move(db)} {
    // nop
  }

  caf::error prepare() {
    auto sql = source_.table.empty()
                 ? table_queries{source_.query, source_.query}
                 : make_table_queries(source_);
    if (auto err = prepare(sql.first, first_))
      return err;
    if (!source_.table.empty())
      if (auto err = prepare(sql.next, next_))
        return err;
    return find_columns();
  }

  caf::expected<walk_page> read(const read_walk_page& wanted) override {
    auto is_first = wanted.cursor.empty();
    auto* query = is_first || !next_ ? first_.get() : next_.get();
    auto err = is_first ? bind_first(query) : bind_cursor(query, wanted.cursor);
    if (err)
      return err;
    auto limit = static_cast<sqlite3_int64>(
      std::min<std::uint64_t>(wanted.size, std::numeric_limits<int>::max()));
    // One more, to know whether there is another page.
    bind_size(query, limit + 1);
    deadline_ = clock::now() + patience;
    auto page = read_rows(query, wanted);
    sqlite3_reset(query);
    sqlite3_clear_bindings(query);
    return page;
  }

private:
  caf::error prepare(const std::string& sql, sqlite_query_ptr& to) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    if (sqlite3_prepare_v3(db_.get(), sql.c_str(), -1,
                           SQLITE_PREPARE_PERSISTENT, &made, &rest)
        != SQLITE_OK)
      return failure();
    to.reset(made);
    auto is_alone = std::string_view{rest}.find_first_not_of("; \t\r\n")
                    == std::string_view::npos;
    if (!made || !is_alone || sqlite3_stmt_readonly(made) == 0)
      return wrong("query", "must be one SELECT");
    return {};
  }

  caf::error find_columns() {
    auto* query = first_.get();
    auto count = sqlite3_column_count(query);
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i)
      names.emplace_back(sqlite3_column_name(query, i));
    if (!source_.table.empty()) {
      key_ = count - 1;
      names.pop_back();
    } else {
      auto found = source_.key.empty()
                     ? names.begin()
                     : std::find(names.begin(), names.end(), source_.key);
      if (found == names.end())
        return wrong("key",
                     fmt::format("the query has no column `{}`", source_.key));
      key_ = static_cast<int>(found - names.begin());
      if (sqlite3_bind_parameter_index(query, ":cursor") == 0)
        return wrong("query", "`:cursor` stands in quotes or a comment there");
      if (sqlite3_bind_parameter_index(query, ":size") == 0)
        return wrong("query", "must have `:size`, not in quotes or a comment, "
                              "as in `ORDER BY id LIMIT :size`");
    }
    key_name_ = sqlite3_column_name(query, key_);
    width_ = static_cast<int>(names.size());
    auto made = row_text::make(names);
    if (!made)
      return wrong("query", message_of(made.error()));
    row_ = std::move(*made);
    return {};
  }

  caf::error bind_first(sqlite3_stmt* query) {
    if (sqlite3_bind_parameter_index(query, ":cursor") == 0)
      return {};
    if (!source_.first.empty())
      return bind_cursor(query, source_.first.view());
    bind_lowest(query, key_);
    return {};
  }

  caf::expected<walk_page>
  read_rows(sqlite3_stmt* query, const read_walk_page& wanted) {
    page_builder page;
    key_order order{wanted.cursor};
    std::string last;
    while (true) {
      auto code = sqlite3_step(query);
      if (code == SQLITE_DONE)
        return page.finish(std::nullopt);
      if (code != SQLITE_ROW)
        return failure();
      auto key = key_of(query);
      if (!key)
        return std::move(key.error());
      if (auto err = order.take(key_name_, *key))
        return err;
      if (page.count() == wanted.size) {
        if (*key == last)
          return key_is_not_unique(key_name_, last);
        if (may_be_one_key(last, *key))
          if (auto err = check_next(last, *key))
            return err;
        return page.finish(std::move(last));
      }
      last = std::move(*key);
      if (auto err = page.add(item_at(query, width_, row_)))
        return err;
    }
  }

  /// The next page begins behind what is equal to the last key in the eyes of
  /// the database.
  caf::error check_next(const std::string& last, const std::string& key) {
    auto* query = next_ ? next_.get() : first_.get();
    sqlite3_reset(query);
    if (auto err = bind_cursor(query, last))
      return err;
    bind_size(query, 1);
    auto code = sqlite3_step(query);
    auto found = code == SQLITE_ROW ? key_of(query)
                                    : caf::expected<std::string>{std::string{}};
    sqlite3_reset(query);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
      return failure();
    return found && *found == key ? caf::error{}
                                  : key_is_not_unique(key_name_, last);
  }

  caf::expected<std::string> key_of(sqlite3_stmt* row) const {
    return cursor_at(row, key_, key_name_);
  }

  caf::error wrong(std::string_view member, std::string_view what) const {
    return make_error(ec::bad_config,
                      fmt::format("source.{}: {}", member, what));
  }

  caf::error failure() const;

  static int is_late(void* self) {
    return clock::now() > static_cast<sqlite_pages*>(self)->deadline_ ? 1 : 0;
  }

  friend caf::expected<std::unique_ptr<page_reader>>
  orc::open_sqlite_pages(const walk_source& source);

  walk_source source_;
  sqlite_ptr db_;
  sqlite_query_ptr first_;
  /// Of a table.
  sqlite_query_ptr next_;
  int key_ = 0;
  std::string key_name_;
  /// Columns of an item.
  int width_ = 0;
  row_text row_;
  clock::time_point deadline_ = clock::time_point::max();
};

caf::error failure_of(sqlite3* db, const std::string& path) {
  auto code = sqlite3_errcode(db);
  auto what = fmt::format("{}: {}", path, sqlite3_errmsg(db));
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_IOERR:
    case SQLITE_NOMEM:
      return make_page_error(ec::timed_out, std::move(what));
    case SQLITE_INTERRUPT:
      return make_page_error(
        ec::timed_out,
        fmt::format("{}: a page takes longer than {} s: is there "
                    "an index on the key?",
                    path, patience.count()));
    default:
      return make_error(ec::bad_config, std::move(what));
  }
}

caf::error sqlite_pages::failure() const {
  return failure_of(db_.get(), source_.path);
}

} // namespace

caf::expected<std::unique_ptr<page_reader>>
open_sqlite_pages(const walk_source& source) {
  sqlite3* opened = nullptr;
  auto code
    = sqlite3_open_v2(source.path.c_str(), &opened,
                      SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
  auto db = sqlite_ptr{opened};
  if (code != SQLITE_OK)
    return failure_of(db.get(), source.path);
  sqlite3_busy_timeout(db.get(), lock_patience_ms);
  // Else a column that is not there, in quotes, is taken for a text.
  sqlite3_db_config(db.get(), SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  auto result = std::make_unique<sqlite_pages>(source, std::move(db));
  sqlite3_progress_handler(result->db_.get(), 100'000, sqlite_pages::is_late,
                           result.get());
  if (auto err = result->prepare())
    return err;
  return std::unique_ptr<page_reader>{std::move(result)};
}

} // namespace orc
