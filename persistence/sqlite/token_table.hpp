#pragma once

#include "messages/task/task_store.hpp"
#include "persistence/sqlite/database.hpp"

#include <optional>
#include <string_view>

namespace orc::sqlite {

/// What was made under a token, so that it is made once. Each write runs in a
/// transaction that somebody else began.
class token_table {
public:
  struct row {
    /// Of tasks: the key of their group.
    std::uint64_t group = 0;
    /// The key of the first task, or another number.
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    timestamp at;
  };

  explicit token_table(database& db);

  void note(std::string_view token, const row& x);
  std::optional<row> made(std::string_view token);
  found_token find(const find_token& request);

private:
  statement note_;
  statement forget_;
  statement find_;
};

} // namespace orc::sqlite
