#include "transport/process/worker_group.hpp"

#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>

namespace orc {

namespace {

using path = std::filesystem::path;

const path root = "/sys/fs/cgroup";

/// The period in which processor time is shared out, in microseconds.
constexpr double period = 100'000;

/// @returns our group of a controller, "" for version 2; nothing if there is
///          none.
std::string own_group(std::string_view controller) {
  std::ifstream in{"/proc/self/cgroup"};
  for (std::string line; std::getline(in, line);) {
    auto first = line.find(':');
    auto second = line.find(':', first + 1);
    if (second == std::string::npos)
      continue;
    std::istringstream names{line.substr(first + 1, second - first - 1)};
    if (controller.empty() && line.starts_with("0::"))
      return line.substr(second + 1);
    for (std::string name; std::getline(names, name, ',');)
      if (name == controller)
        return line.substr(second + 1);
  }
  return {};
}

bool write_text(const path& file, const std::string& text) {
  std::ofstream out{file};
  out << text;
  out.close();
  return static_cast<bool>(out);
}

bool has_text(const path& file, std::string_view word) {
  std::ifstream in{file};
  for (std::string x; in >> x;)
    if (x == word)
      return true;
  return false;
}

/// Makes a group in which a file holds a limit.
/// @returns nothing if that cannot be had.
path make_group(const path& above, const std::string& name,
                const std::string& file, const std::string& limit) {
  auto folder = above / ("orchestrator-" + name);
  std::error_code problem;
  std::filesystem::create_directory(folder, problem);
  if (problem || !std::filesystem::exists(folder / file)
      || !write_text(folder / file, limit)) {
    std::filesystem::remove(folder, problem);
    return {};
  }
  return folder;
}

/// @returns where groups of version 2 with a controller can be made below us.
path second_version(const std::string& controller) {
  auto own = own_group("");
  if (own.empty() || !std::filesystem::exists(root / "cgroup.controllers"))
    return {};
  auto above = root / path{own}.relative_path();
  if (!has_text(above / "cgroup.subtree_control", controller)
      && !write_text(above / "cgroup.subtree_control", "+" + controller))
    return {};
  return above;
}

path first_version(const std::string& controller) {
  auto own = own_group(controller);
  return own.empty() ? path{} : root / controller / path{own}.relative_path();
}

} // namespace

worker_group::worker_group(const worker_limits& limits,
                           const std::string& name) {
  if (limits.memory)
    limit_memory(limits.memory->count << 20, name);
  if (limits.cpu)
    limit_cpu(*limits.cpu, name);
}

void worker_group::limit_memory(std::uint64_t bytes, const std::string& name) {
  auto limit = std::to_string(bytes);
  path made;
  if (auto above = second_version("memory"); !above.empty())
    made = make_group(above, name, "memory.max", limit);
  if (made.empty())
    if (auto above = first_version("memory"); !above.empty())
      made = make_group(above, name, "memory.limit_in_bytes", limit);
  limits_memory_ = !made.empty();
  if (limits_memory_)
    folders_.push_back(made);
}

void worker_group::limit_cpu(double cores, const std::string& name) {
  auto quota = std::to_string(static_cast<std::int64_t>(cores * period));
  auto length = std::to_string(static_cast<std::int64_t>(period));
  path made;
  if (auto above = second_version("cpu"); !above.empty())
    made = make_group(above, name, "cpu.max", quota + " " + length);
  if (made.empty())
    if (auto above = first_version("cpu"); !above.empty())
      made = make_group(above, name, "cpu.cfs_quota_us", quota);
  limits_cpu_ = !made.empty();
  // Of version 2 the same group may have both limits.
  if (limits_cpu_ && (folders_.empty() || folders_.back() != made))
    folders_.push_back(made);
}

std::vector<std::string> worker_group::files() const {
  std::vector<std::string> result;
  for (const auto& x : folders_)
    result.push_back((x / "cgroup.procs").string());
  return result;
}

void worker_group::remove() {
  std::error_code problem;
  for (const auto& x : folders_)
    std::filesystem::remove(x, problem);
  folders_.clear();
}

} // namespace orc
