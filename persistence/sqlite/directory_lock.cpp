#include "persistence/sqlite/directory_lock.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace orc::sqlite {

namespace {

caf::error cannot(const char* what, const std::filesystem::path& where,
                  const std::string& why) {
  return make_error(ec::store_failed,
                    fmt::format("cannot {} {}: {}; check its rights, or choose "
                                "another data directory",
                                what, where.string(), why));
}

/// Inputs and sealed tokens are nobody else's business: mode 0700 if it is new.
caf::error ensure_directory(const std::filesystem::path& directory) {
  std::error_code problem;
  if (std::filesystem::is_directory(directory, problem))
    return {};
  auto parent = std::filesystem::absolute(directory).parent_path();
  if (!parent.empty())
    std::filesystem::create_directories(parent, problem);
  if (problem)
    return cannot("make the directory", parent, problem.message());
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
    return cannot("make the directory", directory, std::strerror(errno));
  return {};
}

std::string holder_of(int fd) {
  std::array<char, 32> text{};
  auto size = ::pread(fd, text.data(), text.size() - 1, 0);
  auto pid = std::string{text.data(), size > 0 ? std::size_t(size) : 0};
  while (!pid.empty() && pid.back() == '\n')
    pid.pop_back();
  return pid.empty() ? "another process" : "process " + pid;
}

caf::error write_holder(int fd, const std::filesystem::path& file) {
  auto text = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) != 0
      || ::pwrite(fd, text.data(), text.size(), 0)
           != static_cast<::ssize_t>(text.size()))
    return cannot("write", file, std::strerror(errno));
  return {};
}

} // namespace

caf::expected<directory_lock>
directory_lock::acquire(const std::filesystem::path& directory) {
  if (auto problem = ensure_directory(directory))
    return problem;
  auto file = directory / "lock";
  // Not inherited: a child must not keep the store locked after our end.
  auto fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return cannot("write", file, std::strerror(errno));
  directory_lock result{fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return cannot("lock", file, std::strerror(errno));
    return make_error(ec::store_locked,
                      fmt::format("the data directory {} is in use by {}: stop "
                                  "that, or choose another data directory",
                                  directory.string(), holder_of(fd)));
  }
  if (auto problem = write_holder(fd, file))
    return problem;
  return result;
}

directory_lock::~directory_lock() {
  if (fd_ >= 0)
    ::close(fd_);
}

} // namespace orc::sqlite
