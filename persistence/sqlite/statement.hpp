#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace orc::sqlite {

/// Bytes that are no text.
struct blob {
  std::string_view bytes;
};

class statement;

/// The rows of a statement that runs. The statement is free for its next use
/// when the cursor is gone.
class cursor {
public:
  explicit cursor(statement& owner) : owner_{&owner} {
    // nop
  }

  cursor(const cursor&) = delete;

  cursor& operator=(const cursor&) = delete;

  ~cursor();

  /// Goes to the next row.
  /// @returns whether there is one.
  bool next();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;

  /// Valid until `next`.
  std::string_view text(int column) const;
  std::string_view bytes(int column) const;

  std::optional<std::int64_t> optional_integer(int column) const;

private:
  sqlite3_stmt* handle() const;

  statement* owner_;
};

/// A prepared SQL statement. Throws `failure`.
class statement {
public:
  statement(sqlite3* db, std::string_view sql);

  statement(statement&& other) noexcept;

  statement& operator=(statement&&) = delete;

  ~statement();

  /// Starts it with values for its parameters, in order.
  template <class... Ts>
  cursor start(const Ts&... xs) {
    bind_all(true, xs...);
    return cursor{*this};
  }

  /// Runs it to its end with values for its parameters, which are not copied.
  template <class... Ts>
  void run(const Ts&... xs) {
    bind_all(false, xs...);
    cursor rows{*this};
    while (rows.next()) {
      // Nobody asked for rows.
    }
  }

private:
  friend class cursor;

  template <class... Ts>
  void bind_all([[maybe_unused]] bool copy, const Ts&... xs) {
    [[maybe_unused]] int index = 0;
    (bind(++index, xs, copy), ...);
  }

  void bind(int index, std::int64_t x, bool copy);
  void bind(int index, double x, bool copy);
  void bind(int index, std::string_view x, bool copy);
  void bind(int index, blob x, bool copy);
  void bind(int index, std::nullopt_t, bool copy);

  template <class T>
  void bind(int index, const std::optional<T>& x, bool copy) {
    x ? bind(index, *x, copy) : bind(index, std::nullopt, copy);
  }

  void check(int code) const;

  sqlite3* db_;
  sqlite3_stmt* handle_ = nullptr;
};

} // namespace orc::sqlite
