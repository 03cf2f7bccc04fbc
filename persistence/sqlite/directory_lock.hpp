#pragma once

#include <caf/expected.hpp>

#include <filesystem>
#include <utility>

namespace orc::sqlite {

/// Keeps a data directory for one process. The lock goes with the process,
/// however it ends; the file stays and tells the pid of its last holder.
class directory_lock {
public:
  /// Makes the directory if there is none.
  /// @returns the lock, `ec::store_locked` with the holder's pid, or
  ///          `ec::store_failed`.
  static caf::expected<directory_lock>
  acquire(const std::filesystem::path& directory);

  directory_lock(directory_lock&& other) noexcept
    : fd_{std::exchange(other.fd_, -1)} {
    // nop
  }

  directory_lock& operator=(directory_lock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  ~directory_lock();

private:
  explicit directory_lock(int fd) : fd_{fd} {
    // nop
  }

  int fd_;
};

} // namespace orc::sqlite
