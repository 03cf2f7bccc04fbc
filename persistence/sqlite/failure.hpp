#pragma once

#include "messages/base/error.hpp"

#include <exception>
#include <string>

struct sqlite3;

namespace orc::sqlite {

/// Thrown where SQLite fails. It never leaves the store: `open_sqlite_store`
/// and the handlers of the PERSISTENCE turn it into their answer.
class failure : public std::exception {
public:
  /// What the last call on `db` failed with.
  explicit failure(sqlite3* db);

  failure(ec code, std::string message);

  /// `store_corrupt`, `store_locked` or `store_failed`, with what to do.
  caf::error error() const {
    return make_error(code_, message_);
  }

  const char* what() const noexcept override {
    return message_.c_str();
  }

private:
  ec code_;
  std::string message_;
};

} // namespace orc::sqlite
