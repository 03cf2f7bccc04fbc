#include "emulator/process/actor_command.hpp"

#include "emulator/api/json.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

namespace orc::emulator {

namespace {

std::vector<std::string> npm_start(const std::filesystem::path& folder) {
  json_document package;
  if (!parse_json(read_file(folder / "package.json"), package))
    return {};
  if (const auto* scripts = find_member(package, "scripts"))
    return shell_command(string_member(*scripts, "start"));
  return {};
}

std::vector<std::string> python_main(const std::filesystem::path& folder) {
  if (exists(folder / "main.py"))
    return {"python3", "-u", "main.py"};
  if (exists(folder / "src" / "__main__.py"))
    return {"python3", "-u", "-m", "src"};
  return {};
}

/// The one that actor.json names, as seen from there, comes first.
std::vector<std::string> docker_cmd(const std::filesystem::path& folder) {
  auto inner = folder / ".actor";
  json_document spec;
  if (parse_json(read_file(inner / "actor.json"), spec))
    if (auto named = string_member(spec, "dockerfile"); !named.empty())
      return dockerfile_command(read_file(inner / named));
  auto text = read_file(inner / "Dockerfile");
  return dockerfile_command(text.empty() ? read_file(folder / "Dockerfile")
                                         : text);
}

/// Reads `["program", "argument"]`.
std::vector<std::string> exec_form(std::string_view text) {
  json_document words;
  if (!parse_json(text, words) || !words.IsArray())
    return {};
  std::vector<std::string> result;
  for (const auto& word : words.GetArray())
    if (word.IsString())
      result.emplace_back(word.GetString(), word.GetStringLength());
  return result;
}

} // namespace

std::vector<std::string> guess_command(const std::filesystem::path& folder) {
  for (auto* guess : {npm_start, python_main, docker_cmd})
    if (auto command = guess(folder); !command.empty())
      return command;
  return {};
}

std::vector<std::string> shell_command(std::string_view line) {
  std::istringstream in{std::string{line}};
  std::vector<std::string> words{std::istream_iterator<std::string>{in}, {}};
  auto needs_shell
    = line.find_first_of("\"'`\\$&|;<>()*?[]{}~#=") != std::string_view::npos;
  if (!words.empty() && needs_shell)
    return {"/bin/sh", "-c", std::string{line}};
  return words;
}

std::vector<std::string> dockerfile_command(std::string_view dockerfile) {
  std::istringstream in{std::string{dockerfile}};
  std::vector<std::string> result;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("CMD "))
      continue;
    auto rest = line.substr(line.find_first_not_of(' ', 3));
    result = rest.starts_with('[') ? exec_form(rest) : shell_command(rest);
  }
  return result;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace orc::emulator
