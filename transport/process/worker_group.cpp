#include "transport/process/worker_group.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <unistd.h>

namespace orc {

namespace {

/// The period in which processor time is shared out, in microseconds.
constexpr double period = 100'000;

} // namespace

worker_group::worker_group(const worker_limits& limits, const std::string& name,
                           const cgroup_world& where) {
  if (limits.memory) {
    auto bytes = std::to_string(limits.memory->count << 20);
    limits_memory_
      = set({"memory", "memory.max", bytes},
            {"memory", "memory.limit_in_bytes", bytes}, name, where);
  }
  if (limits.cpu) {
    auto quota
      = std::to_string(static_cast<std::int64_t>(*limits.cpu * period));
    auto length = std::to_string(static_cast<std::int64_t>(period));
    limits_cpu_ = set({"cpu", "cpu.max", quota + " " + length},
                      {"cpu", "cpu.cfs_quota_us", quota}, name, where);
  }
}

bool worker_group::set(const limit& second, const limit& first,
                       const std::string& name, const cgroup_world& where) {
  return set_below(cgroup2_with(where, second.controller), second, name)
         || set_below(cgroup1_with(where, first.controller), first, name);
}

bool worker_group::set_below(const std::filesystem::path& above, const limit& x,
                             const std::string& name) {
  if (above.empty())
    return false;
  auto folder = above / name;
  std::error_code problem;
  auto is_new = std::filesystem::create_directory(folder, problem);
  // One that shares out what threads use lets nobody in.
  if (problem || is_invalid_cgroup(folder)
      || !write_cgroup(folder / x.file, x.text)) {
    // What limits something else stays.
    if (is_new)
      ::rmdir(folder.c_str());
    return false;
  }
  // Of version 2 the same group has all limits.
  if (std::find(folders_.begin(), folders_.end(), folder) == folders_.end())
    folders_.push_back(folder);
  return true;
}

std::vector<std::string> worker_group::files() const {
  std::vector<std::string> result;
  for (const auto& x : folders_)
    result.push_back((x / "cgroup.procs").string());
  return result;
}

std::uint64_t worker_group::memory_kills() const {
  // Of version 2 and of version 1; words and numbers in turn.
  for (const auto& x : folders_)
    for (const auto* file : {"memory.events", "memory.oom_control"}) {
      std::ifstream in{x / file};
      std::uint64_t count = 0;
      for (std::string word; in >> word >> count;)
        if (word == "oom_kill")
          return count;
    }
  return 0;
}

void worker_group::remove() {
  for (const auto& x : folders_)
    ::rmdir(x.c_str());
  folders_.clear();
}

} // namespace orc
