#include "transport/process/worker_sweep.hpp"

#include "transport/process/cgroups.hpp"
#include "transport/process/pid_file.hpp"
#include "transport/process/process_table.hpp"
#include "transport/process/process_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unistd.h>
#include <vector>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// What orphans have between SIGTERM and SIGKILL.
constexpr auto orphan_grace = 1s;

/// @returns what tells workers of a data directory from all others.
std::string mark_of(const std::filesystem::path& data) {
  std::error_code problem;
  auto where = std::filesystem::weakly_canonical(data, problem).string();
  std::string host(256, '\0');
  ::gethostname(host.data(), host.size() - 1);
  // FNV-1a.
  std::uint64_t hash = 14695981039346656037ULL;
  for (auto c : host + where) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return fmt::format("{:08x}", hash >> 32);
}

} // namespace

std::string
worker_id(const std::filesystem::path& data, const std::string& type,
          std::uint32_t number, timestamp began) {
  return fmt::format("{}_worker_{}@{}-{}", type, number, mark_of(data),
                     began.millis);
}

swept_workers sweep_away(const std::filesystem::path& data) {
  swept_workers result;
  std::vector<int> orphans;
  for (const auto& file : worker_files(worker_folder(data))) {
    if (auto is = read_pid_file(file.path)) {
      result.workers.push_back(
        worker_id(data, file.type, file.number, is->began));
      if (is_process(is->pid, is->began))
        for (auto pid : find_tree(is->pid))
          orphans.push_back(pid);
    }
    std::error_code problem;
    std::filesystem::remove(file.path, problem);
    ++result.files;
  }
  // Also those whose worker is dead.
  auto mark = fmt::format("@{}-", mark_of(data));
  for (auto pid : find_worker_processes(mark))
    orphans.push_back(pid);
  std::sort(orphans.begin(), orphans.end());
  orphans.erase(std::unique(orphans.begin(), orphans.end()), orphans.end());
  result.orphans = orphans.size();
  end_processes(orphans, orphan_grace);
  remove_dead_cgroups();
  return result;
}

} // namespace orc
