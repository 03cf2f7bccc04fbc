#include "transport/process/pid_file.hpp"

#include "messages/base/error.hpp"
#include "transport/process/process_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>

namespace orc {

namespace {

constexpr std::string_view middle = "_worker_";
constexpr std::string_view ending = ".pid";

template <class T>
bool parse(std::string_view text, T& x) {
  auto last = text.data() + text.size();
  auto [end, err] = std::from_chars(text.data(), last, x);
  return err == std::errc{} && end == last;
}

std::optional<worker_file> parse_name(const std::filesystem::path& path) {
  auto name = path.filename().string();
  auto place = name.rfind(middle);
  if (place == std::string::npos || place == 0 || !name.ends_with(ending))
    return std::nullopt;
  auto digits = std::string_view{name}.substr(place + middle.size());
  digits.remove_suffix(ending.size());
  worker_file result{path, name.substr(0, place), 0};
  if (!parse(digits, result.number))
    return std::nullopt;
  return result;
}

} // namespace

std::filesystem::path worker_folder(const std::filesystem::path& data) {
  return data / "tmp" / "workers";
}

std::optional<pid_entry> read_pid_file(const std::filesystem::path& file) {
  std::ifstream in{file};
  std::string pid;
  std::string began;
  pid_entry result;
  if (!std::getline(in, pid) || !std::getline(in, result.type)
      || !std::getline(in, result.filter) || !std::getline(in, began))
    return std::nullopt;
  auto when = parse_timestamp(began);
  if (!parse(pid, result.pid) || result.pid <= 0 || !when)
    return std::nullopt;
  result.began = *when;
  return result;
}

caf::error
write_pid_file(const std::filesystem::path& file, const pid_entry& x) {
  auto draft = file;
  draft += ".new";
  std::ofstream out{draft, std::ios::trunc};
  out << fmt::format("{}\n{}\n{}\n{}\n", x.pid, x.type, x.filter,
                     to_string(x.began));
  out.close();
  std::error_code problem;
  if (out)
    std::filesystem::rename(draft, file, problem);
  if (!out || problem)
    return make_error(ec::store_failed,
                      fmt::format("cannot write {}: is there room, and may we "
                                  "write there?",
                                  file.string()));
  return {};
}

std::vector<worker_file> worker_files(const std::filesystem::path& folder) {
  std::vector<worker_file> result;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator{folder, problem})
    if (auto file = parse_name(entry.path()))
      result.push_back(std::move(*file));
  std::sort(result.begin(), result.end(),
            [](const auto& x, const auto& y) { return x.path < y.path; });
  return result;
}

std::filesystem::path
worker_path(const std::filesystem::path& folder, const std::string& type,
            std::uint32_t number) {
  return folder / fmt::format("{}{}{}{}", type, middle, number, ending);
}

std::uint32_t free_worker_number(const std::filesystem::path& folder,
                                 const std::string& type) {
  std::set<std::uint32_t> taken;
  for (const auto& x : worker_files(folder))
    if (x.type == type)
      taken.insert(x.number);
  std::uint32_t result = 0;
  while (taken.contains(result))
    ++result;
  return result;
}

std::vector<live_worker>
live_workers(const std::filesystem::path& folder, const std::string& type) {
  std::vector<live_worker> result;
  for (auto& file : worker_files(folder)) {
    if (!type.empty() && file.type != type)
      continue;
    if (auto is = read_pid_file(file.path);
        is && is_process(is->pid, is->began))
      result.push_back({std::move(file), std::move(*is)});
  }
  return result;
}

} // namespace orc
