#pragma once

#include "persistence/sqlite/database.hpp"
#include "persistence/sqlite/journal.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace orc::sqlite {

/// Lets many writes share one wait for the disk, as `group_commit` does, where
/// steps are small and come without end: they are durable in a journal, and the
/// database commits many groups at once.
///
///     write, write -> journal -> answer, answer
///     write, write -> journal -> answer, answer      … settle: COMMIT
///
/// What is read on this connection sees all writes. After a crash the writes
/// that the database does not have are done again, in their order.
class journaled_group {
public:
  using answer = std::function<void(const caf::error&)>;

  /// Does the write of a record again.
  using redo = std::function<void(std::string_view record)>;

  /// Does again what a process before left in the journal.
  /// @param file of the journal; empty for a database in memory, which has
  ///        none.
  /// @param layout differs where records are written in another way.
  journaled_group(database& db, const std::filesystem::path& file,
                  std::uint64_t layout, redo again);

  /// Settles.
  ~journaled_group();

  bool is_open() const {
    return open_;
  }

  /// @returns whether the database lacks writes that it had, because SQLite
  ///          ended the transaction by itself or could not begin one.
  bool is_broken() const {
    return !ready_ || (begun_ && !db_.in_transaction());
  }

  std::size_t size() const {
    return size_;
  }

  /// @returns whether the database has to commit what is durable already.
  bool is_unsettled() const {
    return begun_;
  }

  /// Sees to it that the database has all writes, after it failed.
  void prepare();

  void join(std::size_t writes);

  /// Adds what a write was asked to do.
  void record(std::string_view x);

  /// In place of `record`, for so much that the journal would not take it: the
  /// group goes to the database alone.
  void pass_by();

  void defer(answer x);

  /// Makes all of it durable and gives the answers. If that fails nothing of it
  /// is, and they are told so.
  void commit() noexcept;

  /// Takes all of it back, because a write failed in the middle.
  void abandon(const caf::error& reason) noexcept;

  /// Has the database commit what is durable; a failure shows when it is
  /// written to the next time.
  void settle() noexcept;

private:
  void recover();
  void begin();
  void store();
  void end(const caf::error& outcome);

  database& db_;
  redo again_;
  statement begin_;
  statement commit_;
  statement note_;
  std::optional<journal> journal_;
  std::vector<answer> answers_;
  std::size_t size_ = 0;
  bool open_ = false;
  bool passes_by_ = false;
  /// Whether there is a transaction, and it is to be committed.
  bool begun_ = false;
  /// Whether the database has all writes that are durable.
  bool ready_ = true;
};

} // namespace orc::sqlite
