#pragma once

#include "persistence/sqlite/failure.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace orc::sqlite {

/// Which records a journal may have: those of one database, by one version of
/// this program.
struct journal_mark {
  /// Tells databases apart.
  std::uint64_t owner = 0;
  /// Differs where records are written in another way.
  std::uint64_t layout = 0;

  bool operator==(const journal_mark&) const = default;
};

/// A file of records in front of a database: a record is durable after one
/// write into space that is there and one wait for the disk, long before the
/// database would have it.
///
///     | mark | record 41 | record 42 | record 43 | what was there before …
///
/// Records are numbered without a gap. Once the database has all of them the
/// file is begun again in place; it never grows. It is made for its first
/// record: who has none needs none. For one thread at a time.
/// Throws `failure`.
class journal {
public:
  /// Opens the file if it is there.
  /// @param last number of the last record that the database has.
  journal(std::filesystem::path file, const journal_mark& mark,
          std::uint64_t last);

  ~journal();

  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;

  /// Calls `f` with each durable record that the database does not have.
  void read(const std::function<void(std::string_view)>& f);

  /// Adds a record, which is durable after `flush`.
  void add(std::string_view record);

  /// Makes the file unless that was done.
  /// @returns whether there is room for what was added: not for a lot at once,
  ///          which is not worth writing twice, and never if there was none for
  ///          the file.
  bool make_room();

  /// Makes durable what was added.
  /// @pre `make_room()`
  void flush();

  /// Forgets what was added and not flushed. Its numbers are not used again, so
  /// `restart` has to come next.
  void discard();

  /// The database has all records, so the next one is written over the first.
  void restart();

  /// @returns the number of the last record, be it flushed or not.
  std::uint64_t last() const {
    return last_;
  }

private:
  /// Looks at what is there; fails where it must not be overwritten.
  void take(std::uint64_t last);
  void make_or_do_without();
  void make();
  bool follows(std::uint64_t last) const;
  void write(std::string_view bytes, std::size_t at);
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path file_;
  journal_mark mark_;
  int handle_ = -1;
  /// Differs each time the file is begun again: what was there before is none
  /// of ours.
  std::uint64_t epoch_ = 0;
  /// Of the database, of what is flushed, and of what was added.
  std::uint64_t stored_ = 0;
  std::uint64_t flushed_ = 0;
  std::uint64_t last_ = 0;
  /// Whether the file is there, and ours.
  bool is_made_ = false;
  /// Not where the disk had no room for the file.
  bool has_space_ = true;
  /// Where the next record is written.
  std::size_t end_ = 0;
  std::vector<char> added_;
};

} // namespace orc::sqlite
