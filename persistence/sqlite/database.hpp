#pragma once

#include "persistence/sqlite/failure.hpp"
#include "persistence/sqlite/statement.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace orc::sqlite {

/// A connection to a database file, for one thread at a time. Throws
/// `failure`.
class database {
public:
  /// Opens the file, or makes it readable by its owner alone. An empty name
  /// stands for a database in memory.
  explicit database(const std::filesystem::path& file);

  statement prepare(std::string_view sql);

  /// Runs statements that answer nothing.
  void execute(const std::string& sql);

  /// @returns the number that a statement answers, such as
  ///          `PRAGMA user_version`.
  std::int64_t number(std::string_view sql);

  std::string text(std::string_view sql);

  /// @returns whether a transaction is open. SQLite ends it by itself after
  ///          some failures.
  bool in_transaction() const;

  std::int64_t last_id() const;

  /// @returns how many rows the last statement changed.
  std::int64_t changes() const;

private:
  struct closer {
    void operator()(sqlite3* x) const;
  };

  std::unique_ptr<sqlite3, closer> handle_;
};

} // namespace orc::sqlite
