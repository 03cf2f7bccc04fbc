#include "persistence/sqlite/group_commit.hpp"

#include "persistence/sqlite/log.hpp"

#include <utility>

namespace orc::sqlite {

group_commit::group_commit(database& db, companions with)
  : db_{db}, with_{std::move(with)}, begin_{db.prepare("BEGIN IMMEDIATE")},
    commit_{db.prepare("COMMIT")} {
  // nop
}

void group_commit::join(std::size_t writes) {
  if (!open_) {
    // One that could not be rolled back would be in the way for ever.
    if (db_.in_transaction())
      db_.execute("ROLLBACK");
    begin_.run();
  }
  open_ = true;
  size_ += writes;
}

void group_commit::defer(answer x) {
  answers_.push_back(std::move(x));
}

void group_commit::commit() noexcept {
  if (!open_)
    return;
  try {
    if (with_.before_commit)
      with_.before_commit();
    commit_.run();
    log.debug("committed", "writes={} answers={}", size_, answers_.size());
    end({});
  } catch (const failure& problem) {
    abandon(problem.error());
  }
}

void group_commit::abandon(const caf::error& reason) noexcept {
  if (!open_)
    return;
  log.debug("not-committed", "writes={} reason={}", size_, message_of(reason));
  if (with_.after_rollback)
    with_.after_rollback();
  try {
    // A full disk may have made SQLite roll back by itself.
    if (db_.in_transaction())
      db_.execute("ROLLBACK");
  } catch (const failure& problem) {
    log.error("not-rolled-back", "reason={}", problem.what());
  }
  end(reason);
}

void group_commit::end(const caf::error& outcome) {
  open_ = false;
  size_ = 0;
  for (const auto& give : std::exchange(answers_, {}))
    give(outcome);
}

} // namespace orc::sqlite
