#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace orc {

/// Where the cgroups of this machine are. Tests have others.
struct cgroup_world {
  std::filesystem::path root = "/sys/fs/cgroup";
  /// In which groups we are, a line for each hierarchy.
  std::filesystem::path membership = "/proc/self/cgroup";
};

/// @returns the group of version 2 in which groups with a controller can be
///          made, "" if there is none.
///
/// That is the group in which we are, and which must be ours alone: one that
/// has processes of its own gives no controller to those in it, unless it is
/// the root of all. So we, and what we have started, move into one below it,
/// see the section on "no internal processes" of the kernel's
/// admin-guide/cgroup-v2. Where others are in it, such as a shell, we do not.
std::filesystem::path
cgroup2_with(const cgroup_world& where, const std::string& controller);

/// @returns our group of version 1 of a controller, "" if there is none.
std::filesystem::path
cgroup1_with(const cgroup_world& where, const std::string& controller);

/// @returns whether a file of a group has taken a text.
bool write_cgroup(const std::filesystem::path& file, std::string_view text);

/// @returns whether no process may be in a group, since the one above shares
/// out
///          what threads use.
bool is_invalid_cgroup(const std::filesystem::path& group);

/// @returns how a group of ours is called.
/// @param rest unique in this process.
std::string cgroup_name(int pid, std::string_view rest);

/// Removes groups of processes like this one that have died.
void remove_dead_cgroups(const cgroup_world& where = {});

} // namespace orc
