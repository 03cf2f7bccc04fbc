#include "transport/process/process_table.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <unistd.h>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// Clocks are set, and /proc counts in hundredths of a second since the boot.
constexpr auto tolerance = 5s;

/// @returns what there is to read: a process may end between the opening of its
///          file and the reading, which fails then. Iterators would throw.
std::string read_text(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::ostringstream result;
  result << in.rdbuf();
  return std::move(result).str();
}

/// @returns when the machine was started, by its clock of today.
timestamp boot_time() {
  std::istringstream in{read_text("/proc/uptime")};
  double seconds = 0;
  in >> seconds;
  return now()
         - std::chrono::milliseconds{static_cast<std::int64_t>(seconds * 1000)};
}

/// Reads /proc/PID/stat, see proc_pid_stat(5).
std::optional<process_entry> read_entry(int pid, timestamp boot) {
  auto text = read_text("/proc/" + std::to_string(pid) + "/stat");
  // The name in parentheses may hold anything, spaces and `)` included.
  auto name_end = text.rfind(')');
  if (name_end == std::string::npos)
    return std::nullopt;
  std::istringstream in{text.substr(name_end + 1)};
  std::vector<std::string> fields;
  for (std::string field; in >> field;)
    fields.push_back(field);
  // Field 3, the state, comes first.
  constexpr std::size_t start_time = 22 - 3;
  if (fields.size() <= start_time || fields[0] == "Z" || fields[0] == "X")
    return std::nullopt;
  auto ticks = std::stoll(fields[start_time]);
  auto since_boot
    = std::chrono::milliseconds{ticks * 1000 / sysconf(_SC_CLK_TCK)};
  return process_entry{pid, std::stoi(fields[1]), std::stoi(fields[2]),
                       boot + since_boot};
}

} // namespace

std::optional<process_entry> find_process(int pid) {
  return read_entry(pid, boot_time());
}

void for_each_process(const std::function<void(const process_entry&)>& f) {
  auto boot = boot_time();
  std::error_code problem;
  for (const auto& entry :
       std::filesystem::directory_iterator{"/proc", problem}) {
    auto name = entry.path().filename().string();
    int pid = 0;
    auto [end, err]
      = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (err != std::errc{} || end != name.data() + name.size())
      continue;
    if (auto found = read_entry(pid, boot))
      f(*found);
  }
}

bool is_process(int pid, timestamp began) {
  auto found = find_process(pid);
  if (!found)
    return false;
  auto apart = found->began - began;
  return apart < tolerance && -apart < tolerance;
}

bool has_variable(int pid, std::string_view variable) {
  auto text = read_text("/proc/" + std::to_string(pid) + "/environ");
  return text.starts_with(variable)
         || text.find('\0' + std::string{variable}) != std::string::npos;
}

std::string variable_of_process(int pid, const std::string& name) {
  auto text = read_text("/proc/" + std::to_string(pid) + "/environ");
  text.insert(text.begin(), '\0');
  auto place = text.find('\0' + name);
  if (place == std::string::npos)
    return {};
  auto first = place + 1 + name.size();
  return text.substr(first, text.find('\0', first) - first);
}

std::vector<int> find_tree(int pid) {
  std::vector<process_entry> all;
  for_each_process([&](const process_entry& x) { all.push_back(x); });
  std::set<int> found;
  for (const auto& x : all)
    if (x.pid == pid || x.group == pid)
      found.insert(x.pid);
  // A child may stand before its parent.
  for (auto grew = true; grew;) {
    grew = false;
    for (const auto& x : all)
      if (found.contains(x.parent) && x.pid != ::getpid())
        grew = found.insert(x.pid).second || grew;
  }
  return {found.begin(), found.end()};
}

} // namespace orc
