#include "transport/process/cgroups.hpp"

#include "transport/process/process_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <unistd.h>
#include <vector>

namespace orc {

namespace {

constexpr std::string_view prefix = "orchestrator-";

/// Where we are ourselves.
constexpr std::string_view own_rest = "self";

/// How often those are looked for that were started while others moved.
constexpr int most_moves = 3;

bool has_word(const std::filesystem::path& file, std::string_view word) {
  std::ifstream in{file};
  return std::find(std::istream_iterator<std::string>{in}, {}, word)
         != std::istream_iterator<std::string>{};
}

/// @param controller "": of version 2.
/// @returns our group as it is seen below the root of its hierarchy; nothing if
///          there is none, or if it lies outside of what we can see.
std::optional<std::filesystem::path>
membership(const cgroup_world& where, std::string_view controller) {
  std::ifstream in{where.membership};
  for (std::string line; std::getline(in, line);) {
    auto first = line.find(':');
    auto second = line.find(':', first + 1);
    if (second == std::string::npos)
      continue;
    auto names = line.substr(first + 1, second - first - 1);
    std::replace(names.begin(), names.end(), ',', ' ');
    std::istringstream words{names};
    auto is_it
      = controller.empty()
          ? line.starts_with("0::")
          : std::find(std::istream_iterator<std::string>{words}, {}, controller)
              != std::istream_iterator<std::string>{};
    if (is_it)
      return line.find("/..", second) == std::string::npos
               ? std::optional{std::filesystem::path{line.substr(second + 1)}
                                 .relative_path()}
               : std::nullopt;
  }
  return std::nullopt;
}

/// @returns the processes of a group; 0 for those that we cannot see.
std::vector<int> processes_of(const std::filesystem::path& group) {
  std::ifstream in{group / "cgroup.procs"};
  return {std::istream_iterator<int>{in}, {}};
}

/// The root of all groups may give controllers away and have processes. That of
/// a container is none, though it looks so from inside.
bool is_root(const std::filesystem::path& group) {
  return !std::filesystem::exists(group / "cgroup.type");
}

/// Moves us, and what we have started, out of a group into one below it.
/// @returns false if others are in it, too.
bool move_out(const std::filesystem::path& group) {
  auto below = group / cgroup_name(::getpid(), own_rest);
  for (int i = 0; i < most_moves; ++i) {
    auto there = processes_of(group);
    if (there.empty())
      return true;
    auto ours = find_tree(::getpid());
    auto is_ours = [&](int pid) {
      return std::find(ours.begin(), ours.end(), pid) != ours.end();
    };
    // One that has ended meanwhile is nobody's.
    std::erase_if(there, [&](int pid) {
      return pid != 0 && !is_ours(pid) && !find_process(pid);
    });
    if (!std::all_of(there.begin(), there.end(), is_ours))
      return false;
    std::error_code problem;
    std::filesystem::create_directory(below, problem);
    // The kernel takes one at a time.
    for (auto pid : there)
      if (!write_cgroup(below / "cgroup.procs", std::to_string(pid))
          && find_process(pid))
        return false;
  }
  return true;
}

/// @returns the process by which a group was made; nothing if none of ours did.
std::optional<int> maker_of(const std::string& name) {
  if (!name.starts_with(prefix))
    return std::nullopt;
  int pid = 0;
  const auto* last = name.data() + name.size();
  auto [end, err] = std::from_chars(name.data() + prefix.size(), last, pid);
  return err == std::errc{} && end != last && *end == '-' ? std::optional{pid}
                                                          : std::nullopt;
}

/// @returns our group of version 2, as it was before we moved.
std::filesystem::path own_cgroup2(const cgroup_world& where) {
  auto own = membership(where, "");
  if (!own || !std::filesystem::exists(where.root / "cgroup.controllers"))
    return {};
  auto group = where.root / *own;
  if (group.filename() == cgroup_name(::getpid(), own_rest))
    return group.parent_path();
  return group;
}

} // namespace

std::filesystem::path
cgroup2_with(const cgroup_world& where, const std::string& controller) {
  auto group = own_cgroup2(where);
  if (group.empty() || !has_word(group / "cgroup.controllers", controller))
    return {};
  if (has_word(group / "cgroup.subtree_control", controller))
    return group;
  if (!is_root(group) && !move_out(group))
    return {};
  return write_cgroup(group / "cgroup.subtree_control", "+" + controller)
           ? group
           : std::filesystem::path{};
}

std::filesystem::path
cgroup1_with(const cgroup_world& where, const std::string& controller) {
  auto own = membership(where, controller);
  return own ? where.root / controller / *own : std::filesystem::path{};
}

bool write_cgroup(const std::filesystem::path& file, std::string_view text) {
  // As a shell would, but that it makes no file where there is none.
  auto fd = ::open(file.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC);
  if (fd < 0)
    return false;
  auto written = ::write(fd, text.data(), text.size());
  ::close(fd);
  return written == static_cast<ssize_t>(text.size());
}

bool is_invalid_cgroup(const std::filesystem::path& group) {
  return has_word(group / "cgroup.type", "invalid");
}

std::string cgroup_name(int pid, std::string_view rest) {
  return fmt::format("{}{}-{}", prefix, pid, rest);
}

void remove_dead_cgroups(const cgroup_world& where) {
  for (const auto& above : {own_cgroup2(where), cgroup1_with(where, "memory"),
                            cgroup1_with(where, "cpu")}) {
    if (above.empty())
      continue;
    std::error_code problem;
    std::vector<std::filesystem::path> dead;
    for (const auto& x : std::filesystem::directory_iterator{above, problem})
      if (auto pid = maker_of(x.path().filename().string());
          pid && !find_process(*pid))
        dead.push_back(x.path());
    // One with processes in it stays: the kernel says so.
    for (const auto& x : dead)
      ::rmdir(x.c_str());
  }
}

} // namespace orc
