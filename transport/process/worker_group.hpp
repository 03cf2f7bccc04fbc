#pragma once

#include "messages/pool/worker_host.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace orc {

/// The cgroups of a worker, which limit it and all that it starts: of version 2
/// where ours may have groups below it, else of version 1. Where neither can be
/// had there are none, and only its memory is limited, by RLIMIT_AS, for each
/// of its processes.
class worker_group {
public:
  /// None.
  worker_group() = default;

  /// Makes groups if there is something to limit.
  /// @param name unique on this machine.
  worker_group(const worker_limits& limits, const std::string& name);

  /// @returns the `cgroup.procs` that a process writes itself into.
  std::vector<std::string> files() const;

  bool limits_memory() const noexcept {
    return limits_memory_;
  }

  bool limits_cpu() const noexcept {
    return limits_cpu_;
  }

  /// @pre no process is in them any more
  void remove();

private:
  void limit_memory(std::uint64_t bytes, const std::string& name);
  void limit_cpu(double cores, const std::string& name);

  std::vector<std::filesystem::path> folders_;
  bool limits_memory_ = false;
  bool limits_cpu_ = false;
};

} // namespace orc
