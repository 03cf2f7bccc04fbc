#include "persistence/sqlite/backup.hpp"

#include "persistence/sqlite/directory_lock.hpp"
#include "persistence/sqlite/failure.hpp"
#include "persistence/sqlite/file_copy.hpp"
#include "persistence/sqlite/integrity.hpp"
#include "persistence/sqlite/schema.hpp"
#include "persistence/sqlite/task_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <sqlite3.h>
#include <sstream>
#include <utility>

namespace orc {

namespace {

namespace fs = std::filesystem;

constexpr auto runs_file = "orchestrator.db";
constexpr auto sums_file = "SHA256SUMS";

/// Where a restore keeps what it checks.
constexpr auto beside_name = "restoring";

/// What belongs to a data directory besides its databases.
constexpr auto key_file = "seal.key";

struct closer {
  void operator()(sqlite3* x) const {
    sqlite3_close_v2(x);
  }
};

using connection = std::unique_ptr<sqlite3, closer>;

connection open(const fs::path& file, int flags) {
  sqlite3* db = nullptr;
  auto code = sqlite3_open_v2(file.c_str(), &db, flags, nullptr);
  connection result{db};
  if (code != SQLITE_OK)
    throw sqlite::failure{db};
  sqlite3_busy_timeout(db, 5'000);
  return result;
}

/// One file that is complete: no log beside it.
void close_for_good(sqlite3* db) {
  sqlite3_exec(db, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr);
}

/// In one step: a copy in several begins anew whenever somebody writes.
void copy_database(const fs::path& from, const fs::path& to) {
  auto source = open(from, SQLITE_OPEN_READWRITE);
  auto target = open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  auto* work = sqlite3_backup_init(target.get(), "main", source.get(), "main");
  if (!work)
    throw sqlite::failure{target.get()};
  auto code = SQLITE_OK;
  do {
    code = sqlite3_backup_step(work, -1);
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
      sqlite3_sleep(20);
  } while (code == SQLITE_BUSY || code == SQLITE_LOCKED);
  if (sqlite3_backup_finish(work) != SQLITE_OK)
    throw sqlite::failure{target.get()};
  close_for_good(target.get());
}

/// @returns names, those of databases in the order of their copies.
std::vector<std::string> databases_in(const fs::path& folder) {
  std::vector<std::string> result;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator{folder, problem})
    if (entry.path().extension() == ".db")
      result.push_back(entry.path().filename().string());
  std::sort(result.begin(), result.end());
  std::stable_partition(result.begin(), result.end(),
                        [](const auto& x) { return x != runs_file; });
  return result;
}

/// Where steps may be that a database does not have yet.
fs::path journal_of(const fs::path& database) {
  return fs::path{database}.replace_extension(".journal");
}

/// Copies tasks that were not settled, too.
void copy_with_journal(const fs::path& from, const fs::path& to) {
  // First the journal: what the database takes over meanwhile is passed over.
  auto has_journal = fs::exists(journal_of(from));
  if (has_journal)
    fs::copy_file(journal_of(from), journal_of(to));
  copy_database(from, to);
  if (!has_journal)
    return;
  sqlite::settle_task_copy(to);
  close_for_good(open(to, SQLITE_OPEN_READWRITE).get());
  fs::remove(journal_of(to));
}

std::uint64_t count_unfinished(const fs::path& database) {
  sqlite::database db{database};
  return static_cast<std::uint64_t>(
    db.number("SELECT count(*) FROM runs WHERE state IN "
              "('queued','starting','running')"));
}

caf::error failed(std::string why) {
  return make_error(ec::store_failed, std::move(why));
}

/// Removes what was begun, unless it was finished.
class scratch {
public:
  explicit scratch(fs::path folder) : folder_{std::move(folder)} {
    // nop
  }

  ~scratch() {
    std::error_code ignored;
    if (!folder_.empty())
      fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const {
    return folder_;
  }

  void keep() {
    folder_.clear();
  }

private:
  fs::path folder_;
};

void copy_all(const fs::path& data, const fs::path& to,
              const std::vector<std::string>& names, backup_summary& result) {
  std::string sums;
  auto note = [&](const std::string& name) {
    sqlite::make_durable(to / name);
    result.files.push_back({name, fs::file_size(to / name)});
    sums += fmt::format("{}  {}\n", sqlite::sha256_of(to / name), name);
  };
  for (const auto& name : names) {
    copy_with_journal(data / name, to / name);
    note(name);
  }
  if (fs::exists(data / key_file)) {
    fs::copy_file(data / key_file, to / key_file);
    note(key_file);
  }
  sqlite::write_durably(to / sums_file, sums);
  if (fs::exists(to / runs_file))
    result.unfinished = count_unfinished(to / runs_file);
}

/// @returns the names in `SHA256SUMS`, all of which are there and whole.
std::vector<std::string> verified_files(const fs::path& from) {
  auto text = sqlite::read_whole(from / sums_file);
  std::istringstream lines{text};
  std::vector<std::string> result;
  std::string sum;
  std::string name;
  while (lines >> sum >> name) {
    if (name.find('/') != std::string::npos
        || sqlite::sha256_of(from / name) != sum)
      throw sqlite::failure{
        ec::store_corrupt,
        fmt::format("{} is not what was backed up: take another backup",
                    (from / name).string())};
    result.push_back(name);
  }
  return result;
}

void check_copy(const fs::path& file) {
  sqlite::database db{file};
  if (file.filename() == runs_file)
    sqlite::check_version(db, sqlite::migrations());
  sqlite::check_integrity(db, sqlite::integrity_check::full);
}

/// A restore that was cut off has left a part of its files behind: those of a
/// backup, which is still there.
void forget_unfinished(const fs::path& data) {
  if (!is_half_restored(data))
    return;
  for (const auto& name : databases_in(data)) {
    fs::remove(data / name);
  }
  fs::remove_all(data / beside_name);
}

/// All is checked in a folder beside, then it takes its place, the runs last:
/// without them a directory is an empty one.
backup_summary put_in_place(const fs::path& from, const fs::path& data) {
  scratch beside{data / beside_name};
  fs::remove_all(beside.folder());
  fs::create_directory(beside.folder());
  fs::permissions(beside.folder(), fs::perms::owner_all);
  backup_summary result;
  auto names = verified_files(from);
  for (const auto& name : names) {
    fs::copy_file(from / name, beside.folder() / name);
    sqlite::make_durable(beside.folder() / name);
    result.files.push_back({name, fs::file_size(from / name)});
    if (name.ends_with(".db"))
      check_copy(beside.folder() / name);
    if (name == runs_file)
      result.unfinished = count_unfinished(beside.folder() / name);
  }
  std::stable_partition(names.begin(), names.end(),
                        [](const auto& x) { return x != runs_file; });
  for (const auto& name : names) {
    // One without its database is of no use.
    fs::remove(journal_of(data / name));
    fs::rename(beside.folder() / name, data / name);
  }
  sqlite::make_durable(data);
  return result;
}

} // namespace

bool is_half_restored(const fs::path& data) {
  return fs::exists(data / beside_name) && !fs::exists(data / runs_file);
}

caf::expected<backup_summary>
back_up(const fs::path& data, const fs::path& to) {
  try {
    auto names = databases_in(data);
    if (names.empty())
      return failed(fmt::format("{} holds no databases: name the data folder "
                                "of the service by --data or --config",
                                data.string()));
    if (fs::exists(to) && !fs::is_empty(to))
      return failed(fmt::format("{} is there and not empty: name a new folder",
                                to.string()));
    fs::remove(to);
    auto target = fs::absolute(to);
    scratch beside{target.string() + ".partial"};
    fs::remove_all(beside.folder());
    fs::create_directories(beside.folder());
    fs::permissions(beside.folder(), fs::perms::owner_all);
    backup_summary result;
    copy_all(data, beside.folder(), names, result);
    fs::rename(beside.folder(), target);
    beside.keep();
    sqlite::make_durable(target.parent_path());
    return result;
  } catch (const sqlite::failure& problem) {
    return problem.error();
  } catch (const fs::filesystem_error& problem) {
    return failed(fmt::format("cannot back up: {}", problem.what()));
  }
}

caf::expected<backup_summary>
restore(const fs::path& from, const fs::path& data) {
  auto lock = sqlite::directory_lock::acquire(data);
  if (!lock)
    return lock.error();
  try {
    forget_unfinished(data);
    if (!databases_in(data).empty())
      return failed(fmt::format("{} holds databases already: move them away "
                                "first, or restore to another folder by --data",
                                data.string()));
    return put_in_place(from, data);
  } catch (const sqlite::failure& problem) {
    return problem.error();
  } catch (const fs::filesystem_error& problem) {
    return failed(fmt::format("cannot restore: {}", problem.what()));
  }
}

} // namespace orc
