#pragma once

#include "persistence/sqlite/database.hpp"

#include <functional>
#include <vector>

namespace orc::sqlite {

/// Lets many writes share one transaction, and so one wait for the disk. Each
/// leaves an answer that is given once the transaction has ended.
///
///     write, write, read, write ... commit -> answer, answer, answer, answer
///
/// Reads in between see the writes, so their answers wait as well: nobody
/// learns of anything that a power cut could undo.
class group_commit {
public:
  /// Told how the transaction ended: no error means durable.
  using answer = std::function<void(const caf::error&)>;

  /// What else has to happen where a transaction ends.
  struct companions {
    /// The last thing in a transaction before it is committed.
    std::function<void()> before_commit;
    /// It is taken back.
    std::function<void()> after_rollback;
  };

  explicit group_commit(database& db, companions with = {{}, {}});

  /// @returns whether a transaction is open.
  bool is_open() const {
    return open_;
  }

  /// @returns whether SQLite ended the transaction by itself, as it does after
  ///          some failures.
  bool is_broken() const {
    return open_ && !db_.in_transaction();
  }

  /// @returns how many writes the transaction has.
  std::size_t size() const {
    return size_;
  }

  /// There is nothing to prepare before a read.
  void prepare() {
    // nop
  }

  /// Opens a transaction if there is none, for some more writes.
  void join(std::size_t writes);

  /// Gives the answer when the transaction ends.
  /// @pre `is_open()`
  void defer(answer x);

  /// Makes all of it durable and gives the answers. If that fails nothing of it
  /// is, and they are told so.
  void commit() noexcept;

  /// Takes all of it back, because a write failed in the middle.
  void abandon(const caf::error& reason) noexcept;

private:
  void end(const caf::error& outcome);

  database& db_;
  companions with_;
  statement begin_;
  statement commit_;
  std::vector<answer> answers_;
  std::size_t size_ = 0;
  bool open_ = false;
};

} // namespace orc::sqlite
