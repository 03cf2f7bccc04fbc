#pragma once

#include "messages/pool/worker_host.hpp"
#include "transport/process/cgroups.hpp"

#include <cstdint>
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
  /// @param name unique on this machine, see `cgroup_name`.
  worker_group(const worker_limits& limits, const std::string& name,
               const cgroup_world& where = {});

  /// @returns the `cgroup.procs` that a process writes itself into.
  std::vector<std::string> files() const;

  bool limits_memory() const noexcept {
    return limits_memory_;
  }

  bool limits_cpu() const noexcept {
    return limits_cpu_;
  }

  /// @returns how many of its processes the kernel has killed since it had no
  ///          memory left for them within the limit.
  std::uint64_t memory_kills() const;

  /// @pre no process is in them any more
  void remove();

private:
  /// What limits one thing, in either version.
  struct limit {
    std::string controller;
    std::string file;
    std::string text;
  };

  /// @returns whether the second version does it, else the first.
  bool set(const limit& second, const limit& first, const std::string& name,
           const cgroup_world& where);

  /// Makes a group, unless it is there, in which a file holds a limit.
  bool set_below(const std::filesystem::path& above, const limit& x,
                 const std::string& name);

  std::vector<std::filesystem::path> folders_;
  bool limits_memory_ = false;
  bool limits_cpu_ = false;
};

} // namespace orc
