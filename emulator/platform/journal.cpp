#include "emulator/platform/journal.hpp"

#include "emulator/platform/run.hpp"

#include <array>
#include <filesystem>
#include <unordered_map>
#include <vector>

namespace orc::emulator {

namespace {

std::string file_of(std::string_view kind) {
  return std::string{kind} + ".jsonl";
}

std::filesystem::path log_of(std::string_view run_id) {
  return std::filesystem::path{"logs"} / (std::string{run_id} + ".log");
}

/// @returns the last line of each id, in the order of the first ones.
std::vector<std::string_view> last_lines(std::string_view text) {
  auto result = std::vector<std::string_view>{};
  auto places = std::unordered_map<std::string, std::size_t>{};
  each_line(text, [&](std::string_view line) {
    auto document = json_document{};
    if (!parse_json(line, document))
      return;
    const auto [i, is_new]
      = places.emplace(string_member(document, "id"), result.size());
    if (is_new)
      result.push_back(line);
    else
      result[i->second] = line;
  });
  return result;
}

} // namespace

void journal::save(std::string_view kind, std::string_view json) const {
  if (enabled())
    disk_.append(file_of(kind), std::string{json} + "\n");
}

void journal::remove(std::string_view kind, std::string_view id) const {
  if (!enabled())
    return;
  auto out = json_writer{};
  out.object().member("id", id).member("removed", true).end_object();
  save(kind, out.str());
  if (kind == "runs")
    disk_.remove(log_of(id));
}

void journal::save_log(const run& x) const {
  if (enabled())
    disk_.replace(log_of(x.id), x.log);
}

std::string journal::load_log(std::string_view run_id) const {
  return enabled() ? disk_.read(log_of(run_id)).value_or("") : "";
}

void journal::load(std::string_view kind,
                   const std::function<void(const json_value&)>& f) const {
  if (!enabled())
    return;
  const auto text = disk_.read_lines(file_of(kind));
  auto kept = std::string{};
  for (const auto line : last_lines(text)) {
    auto document = json_document{};
    if (!parse_json(line, document) || bool_member(document, "removed"))
      continue;
    kept.append(line).push_back('\n');
    f(document);
  }
  if (kept.size() < text.size())
    disk_.replace(file_of(kind), kept);
}

void journal::clear() const {
  if (!enabled())
    return;
  for (const auto* kind : {"runs", "tasks", "webhooks", "actors"})
    disk_.remove(file_of(kind));
  disk_.remove("logs");
}

} // namespace orc::emulator
