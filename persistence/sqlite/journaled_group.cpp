#include "persistence/sqlite/journaled_group.hpp"

#include "persistence/sqlite/log.hpp"

#include <utility>

namespace orc::sqlite {

namespace {

/// A number that tells this database apart from all others.
std::uint64_t owner_of(database& db) {
  db.execute("INSERT OR IGNORE INTO meta VALUES ('journal-owner', random())");
  return static_cast<std::uint64_t>(
    db.number("SELECT value FROM meta WHERE name='journal-owner'"));
}

std::uint64_t last_of(database& db) {
  return static_cast<std::uint64_t>(
    db.number("SELECT value FROM meta WHERE name='journal'"));
}

} // namespace

journaled_group::journaled_group(database& db,
                                 const std::filesystem::path& file,
                                 std::uint64_t layout, redo again)
  : db_{db}, again_{std::move(again)}, begin_{db.prepare("BEGIN IMMEDIATE")},
    commit_{db.prepare("COMMIT")},
    note_{db.prepare("INSERT OR REPLACE INTO meta VALUES ('journal', ?1)")} {
  if (file.empty())
    return;
  auto last = last_of(db);
  journal_.emplace(file, journal_mark{owner_of(db), layout}, last);
  if (journal_->last() == last)
    return;
  log.info("journal-replayed", "file={} steps={}", file.string(),
           journal_->last() - last);
  recover();
}

journaled_group::~journaled_group() {
  settle();
}

void journaled_group::prepare() {
  // A group that is open is taken back as a whole, by `commit` or `abandon`.
  if (is_broken() && !open_)
    recover();
}

void journaled_group::join(std::size_t writes) {
  prepare();
  if (is_broken())
    throw failure{ec::store_failed, "SQLite took the step back"};
  if (!begun_)
    begin();
  open_ = true;
  size_ += writes;
}

void journaled_group::record(std::string_view x) {
  if (journal_)
    journal_->add(x);
}

void journaled_group::pass_by() {
  passes_by_ = true;
}

void journaled_group::defer(answer x) {
  answers_.push_back(std::move(x));
}

void journaled_group::commit() noexcept {
  if (!open_)
    return;
  if (is_broken())
    return abandon(make_error(ec::store_failed, "SQLite took the step back"));
  try {
    if (journal_ && !passes_by_ && journal_->make_room())
      journal_->flush();
    else
      store();
    log.debug("committed", "writes={} answers={}", size_, answers_.size());
    end({});
  } catch (const failure& problem) {
    abandon(problem.error());
  }
}

void journaled_group::abandon(const caf::error& reason) noexcept {
  log.debug("not-committed", "writes={} reason={}", size_, message_of(reason));
  ready_ = false;
  if (journal_)
    journal_->discard();
  try {
    // A full disk may have made SQLite roll back by itself. What is durable
    // goes with it, and is done again.
    if (db_.in_transaction())
      db_.execute("ROLLBACK");
    recover();
  } catch (const failure& problem) {
    log.error("not-rolled-back", "reason={}", problem.what());
  }
  end(reason);
}

void journaled_group::settle() noexcept {
  commit();
  if (!begun_)
    return;
  try {
    if (is_broken())
      recover();
    else
      store();
  } catch (const failure& problem) {
    abandon(problem.error());
  }
}

/// The database is as it was when it committed last: what is durable since is
/// done again.
void journaled_group::recover() {
  ready_ = false;
  if (db_.in_transaction())
    db_.execute("ROLLBACK");
  begin();
  if (journal_)
    journal_->read(again_);
  store();
  ready_ = true;
}

void journaled_group::begin() {
  begun_ = false;
  begin_.run();
  begun_ = true;
}

void journaled_group::store() {
  if (journal_)
    note_.run(static_cast<std::int64_t>(journal_->last()));
  commit_.run();
  begun_ = false;
  if (journal_)
    journal_->restart();
}

void journaled_group::end(const caf::error& outcome) {
  open_ = false;
  passes_by_ = false;
  size_ = 0;
  for (const auto& give : std::exchange(answers_, {}))
    give(outcome);
}

} // namespace orc::sqlite
