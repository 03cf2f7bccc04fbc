#include "persistence/sqlite/journal.hpp"

#include "persistence/sqlite/file_copy.hpp"
#include "persistence/sqlite/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <tuple>
#include <unistd.h>
#include <utility>
#include <zlib.h>

namespace orc::sqlite {

namespace {

/// Written in full when the file is made: a write into space that is there
/// changes nothing else on the disk.
constexpr std::size_t capacity = 8 << 20;

/// What others need of the disk is theirs: where less is free, the file is not
/// made.
constexpr std::uintmax_t room_for_others = 64 << 20;

/// More at once goes to the database directly.
constexpr std::size_t largest_flush = 256 << 10;

/// "ApOrJrn1"
constexpr std::uint64_t magic = 0x4170'4f72'4a72'6e31;

struct file_head {
  std::uint64_t magic;
  journal_mark mark;
};

/// Where the first record begins: a sector of its own for the head.
constexpr std::size_t first_record = 4096;

struct record_head {
  std::uint64_t epoch;
  std::uint64_t number;
  std::uint32_t size;
  /// Of all that comes before it, and of the bytes.
  std::uint32_t checksum;
};

std::uint32_t checksum_of(const record_head& head, std::string_view bytes) {
  auto sum = ::crc32(0, reinterpret_cast<const Bytef*>(&head),
                     offsetof(record_head, checksum));
  return static_cast<std::uint32_t>(
    ::crc32(sum, reinterpret_cast<const Bytef*>(bytes.data()),
            static_cast<uInt>(bytes.size())));
}

std::uint64_t random_epoch() {
  std::random_device source;
  return (std::uint64_t{source()} << 32) | source();
}

template <class T>
bool read_at(int handle, std::size_t at, T& x) {
  return ::pread(handle, &x, sizeof x, static_cast<off_t>(at))
         == static_cast<ssize_t>(sizeof x);
}

/// To fill the disk and give it back would refuse what others write meanwhile.
bool has_room(const std::filesystem::path& folder) {
  std::error_code unknown;
  auto disk = std::filesystem::space(folder, unknown);
  return unknown || disk.available >= capacity + room_for_others;
}

/// Goes through a file, record by record.
class reader {
public:
  explicit reader(int handle) : handle_{handle} {
    // nop
  }

  /// @returns whether there is a whole record that follows the one before.
  bool next() {
    record_head head{};
    if (!read_at(handle_, end_, head) || head.size > capacity - end_)
      return false;
    if (end_ != first_record
        && (head.epoch != head_.epoch || head.number != head_.number + 1))
      return false;
    bytes_.resize(head.size);
    auto got = ::pread(handle_, bytes_.data(), bytes_.size(),
                       static_cast<off_t>(end_ + sizeof head));
    if (got != static_cast<ssize_t>(head.size)
        || checksum_of(head, bytes_) != head.checksum)
      return false;
    head_ = head;
    end_ += sizeof head + head.size;
    return true;
  }

  std::uint64_t number() const {
    return head_.number;
  }

  std::string_view bytes() const {
    return bytes_;
  }

private:
  int handle_;
  std::size_t end_ = first_record;
  record_head head_{};
  std::string bytes_;
};

} // namespace

journal::journal(std::filesystem::path file, const journal_mark& mark,
                 std::uint64_t last)
  : file_{std::move(file)}, mark_{mark}, stored_{last}, flushed_{last},
    last_{last} {
  end_ = first_record;
  epoch_ = random_epoch();
  handle_ = ::open(file_.c_str(), O_RDWR | O_CLOEXEC);
  if (handle_ < 0 && errno == ENOENT)
    return;
  if (handle_ < 0)
    fail("cannot be opened");
  try {
    take(last);
  } catch (const failure&) {
    ::close(handle_);
    throw;
  }
}

journal::~journal() {
  if (handle_ >= 0)
    ::close(handle_);
}

void journal::take(std::uint64_t last) {
  file_head head{};
  auto is_there = read_at(handle_, 0, head) && head.magic == magic;
  if (is_there && head.mark.owner != mark_.owner) {
    log.warn("journal-of-another-store", "file={}", file_.string());
    return;
  }
  if (is_there && head.mark == mark_) {
    for (reader in{handle_}; in.next();)
      flushed_ = std::max(flushed_, in.number());
    if (flushed_ > last && !follows(last))
      throw failure{
        ec::store_corrupt,
        fmt::format("{} does not belong to the database beside it: restore "
                    "both from one backup",
                    file_.string())};
    last_ = flushed_;
    is_made_ = true;
    return;
  }
  if (is_there && follows(last))
    throw failure{
      ec::store_newer,
      fmt::format("{} was left by another version of this program that was "
                  "killed: start that version and stop it once, then this one",
                  file_.string())};
}

/// @returns whether the file has a record right after a number.
bool journal::follows(std::uint64_t last) const {
  for (reader in{handle_}; in.next();)
    if (in.number() == last + 1)
      return true;
  return false;
}

/// A disk that is nearly full is no reason not to start.
void journal::make_or_do_without() {
  try {
    make();
  } catch (const failure& problem) {
    log.warn("no-journal", "error=\"{}\"", problem.what());
    has_space_ = false;
    if (handle_ >= 0)
      std::ignore = ::ftruncate(handle_, 0);
  }
}

void journal::make() {
  if (!has_room(file_.parent_path()))
    throw failure{ec::store_failed,
                  fmt::format("{} needs {} MiB free", file_.string(),
                              (capacity + room_for_others) >> 20)};
  if (handle_ < 0)
    handle_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (handle_ < 0)
    fail("cannot be made");
  if (::ftruncate(handle_, 0) != 0)
    fail("cannot be emptied");
  static constexpr std::size_t step = 1 << 20;
  const std::string nothing(step, '\0');
  for (std::size_t at = 0; at < capacity; at += step)
    write(nothing, at);
  if (::fsync(handle_) != 0)
    fail("cannot be made durable");
  file_head head{magic, mark_};
  write({reinterpret_cast<const char*>(&head), sizeof head}, 0);
  if (::fsync(handle_) != 0)
    fail("cannot be made durable");
  make_durable(file_.parent_path());
  is_made_ = true;
}

void journal::read(const std::function<void(std::string_view)>& f) {
  for (reader in{handle_}; in.next() && in.number() <= flushed_;)
    if (in.number() > stored_)
      f(in.bytes());
}

void journal::add(std::string_view record) {
  record_head head{epoch_, ++last_, static_cast<std::uint32_t>(record.size()),
                   0};
  head.checksum = checksum_of(head, record);
  const auto* first = reinterpret_cast<const char*>(&head);
  added_.insert(added_.end(), first, first + sizeof head);
  added_.insert(added_.end(), record.begin(), record.end());
}

bool journal::make_room() {
  if (added_.size() > largest_flush || end_ + added_.size() > capacity)
    return false;
  if (!is_made_ && has_space_)
    make_or_do_without();
  return is_made_;
}

void journal::flush() {
  write({added_.data(), added_.size()}, end_);
  if (::fdatasync(handle_) != 0)
    fail("cannot be made durable");
  end_ += added_.size();
  added_.clear();
  flushed_ = last_;
}

void journal::discard() {
  added_.clear();
}

void journal::restart() {
  added_.clear();
  stored_ = flushed_ = last_;
  epoch_ = random_epoch();
  end_ = first_record;
}

void journal::write(std::string_view bytes, std::size_t at) {
  while (!bytes.empty()) {
    auto done
      = ::pwrite(handle_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (done < 0 && errno == EINTR)
      continue;
    if (done <= 0)
      fail("cannot be written");
    bytes.remove_prefix(static_cast<std::size_t>(done));
    at += static_cast<std::size_t>(done);
  }
}

void journal::fail(const char* what) const {
  throw failure{ec::store_failed,
                fmt::format("{} {}: {}; check the disk, the room on it and "
                            "your rights",
                            file_.string(), what, std::strerror(errno))};
}

} // namespace orc::sqlite
