#include "transport/process/orchestrator_lock.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// Who only looks whether it is locked has the lock for an instant.
constexpr int tries = 10;
constexpr auto pause = 10ms;

std::filesystem::path lock_file(const std::filesystem::path& folder) {
  return folder / "orchestrator.lock";
}

std::filesystem::path own_file(const std::filesystem::path& folder) {
  return folder / "orchestrator.pid";
}

caf::error unusable(const std::filesystem::path& what, const std::string& why) {
  return make_error(ec::store_failed,
                    fmt::format("cannot use {}: {}; check its rights, or "
                                "choose another data directory",
                                what.string(), why));
}

} // namespace

caf::expected<std::optional<orchestrator_lock>>
orchestrator_lock::acquire(const std::filesystem::path& data,
                           const std::string& filter) {
  auto folder = worker_folder(data);
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    return unusable(folder, problem.message());
  owned_fd fd{
    ::open(lock_file(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (!fd)
    return unusable(lock_file(folder), std::strerror(errno));
  for (int i = 0; ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0; ++i) {
    if (errno != EWOULDBLOCK)
      return unusable(lock_file(folder), std::strerror(errno));
    if (i == tries)
      return std::optional<orchestrator_lock>{};
    std::this_thread::sleep_for(pause);
  }
  orchestrator_lock result{std::move(fd), own_file(folder)};
  if (auto err = write_pid_file(result.file_, {::getpid(), "orchestrator",
                                               filter, result.began_}))
    return err;
  return std::optional{std::move(result)};
}

orchestrator_lock::~orchestrator_lock() {
  std::error_code problem;
  if (fd_)
    std::filesystem::remove(file_, problem);
}

caf::error orchestrator_lock::say_ready() const {
  return write_pid_file(file_, {::getpid(), "orchestrator", "", began_});
}

std::optional<pid_entry>
orchestrator_lock::holder(const std::filesystem::path& data) {
  auto folder = worker_folder(data);
  owned_fd fd{::open(lock_file(folder).c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd || ::flock(fd.get(), LOCK_SH | LOCK_NB) == 0)
    return std::nullopt;
  // It may be about to write it.
  for (int i = 0; i < tries; ++i) {
    if (auto result = read_pid_file(own_file(folder)))
      return result;
    std::this_thread::sleep_for(pause);
  }
  return pid_entry{};
}

} // namespace orc
