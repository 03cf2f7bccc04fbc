#pragma once

#include "transport/process/pid_file.hpp"
#include "transport/process/spawn.hpp"

#include <caf/expected.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orc {

/// Keeps the pools of a data directory for one process, and says so in
/// `orchestrator.pid`. What counts is the lock, which goes with the process,
/// however it ends; the file is for people and for `pool stop`.
class orchestrator_lock {
public:
  /// Makes the folder if there is none.
  /// @param filter what kind of process has it: the file's third line.
  /// @returns nothing if another process has it; `ec::store_failed` if the
  ///          folder cannot be used.
  static caf::expected<std::optional<orchestrator_lock>>
  acquire(const std::filesystem::path& data, const std::string& filter);

  orchestrator_lock(orchestrator_lock&&) noexcept = default;
  orchestrator_lock& operator=(orchestrator_lock&&) noexcept = default;

  /// Removes the file.
  ~orchestrator_lock();

  /// What `filter` may be until `say_ready`.
  static constexpr auto starting = "starting";

  /// The pools are open: the file has no filter from now on.
  [[nodiscard]] caf::error say_ready() const;

  /// @returns who has it; nothing if nobody does.
  static std::optional<pid_entry> holder(const std::filesystem::path& data);

private:
  orchestrator_lock(owned_fd fd, std::filesystem::path file)
    : fd_{std::move(fd)}, file_{std::move(file)}, began_{now()} {
    // nop
  }

  owned_fd fd_;
  std::filesystem::path file_;
  timestamp began_;
};

} // namespace orc
