#include "persistence/sqlite/group_commit.hpp"

#include "messages/base/log.hpp"

#include <utility>

namespace orc::sqlite {

namespace {

constexpr logger log{"store"};

} // namespace

group_commit::group_commit(database& db, totals_table& totals)
  : db_{db}, totals_{totals}, begin_{db.prepare("BEGIN IMMEDIATE")},
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
    totals_.flush();
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
  totals_.forget();
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
