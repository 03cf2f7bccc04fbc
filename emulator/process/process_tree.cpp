#include "emulator/process/process_tree.hpp"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace orc::emulator {

namespace {

/// @returns what there is to read: a process may end between the opening of its
///          file and the reading, which fails then. Iterators would throw.
std::string read_text(const std::string& path) {
  std::ifstream in{path};
  std::ostringstream result;
  result << in.rdbuf();
  return std::move(result).str();
}

/// Reads /proc/PID/stat, see proc_pid_stat(5).
process_usage usage_of(const std::string& directory) {
  auto text = read_text(directory + "/stat");
  // The name in parentheses may hold anything, spaces and `)` included.
  auto name_end = text.rfind(')');
  if (name_end == std::string::npos)
    return {};
  std::istringstream in{text.substr(name_end + 1)};
  std::vector<std::string> fields;
  for (std::string field; in >> field;)
    fields.push_back(field);
  // Field 3, the state, comes first.
  constexpr std::size_t utime = 14 - 3;
  constexpr std::size_t stime = 15 - 3;
  constexpr std::size_t rss = 24 - 3;
  if (fields.size() <= rss)
    return {};
  auto number = [&fields](std::size_t i) { return std::stoull(fields[i]); };
  auto tick_ms = 1000 / static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
  auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  auto cpu = (number(utime) + number(stime)) * tick_ms;
  return {number(rss) * page,
          std::chrono::milliseconds{static_cast<std::int64_t>(cpu)}};
}

} // namespace

process_usage tree_usage(int pid) {
  auto directory = "/proc/" + std::to_string(pid);
  auto result = usage_of(directory);
  std::istringstream children{
    read_text(directory + "/task/" + std::to_string(pid) + "/children")};
  for (int child = 0; children >> child;) {
    auto more = tree_usage(child);
    result.memory_bytes += more.memory_bytes;
    result.cpu_time += more.cpu_time;
  }
  return result;
}

} // namespace orc::emulator
