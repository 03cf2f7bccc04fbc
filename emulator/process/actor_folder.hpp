#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace orc::emulator {

/// A program that the emulator runs as an Apify actor: a folder that holds
/// `.actor/actor.json` and says how to start it (see README.md for the order in
/// which a command is looked for).
struct actor_folder {
  std::filesystem::path path;
  std::string name;
  std::string title;
  std::string description;
  /// `MAJOR.MINOR`, as in actor.json.
  std::string version = "0.0";
  std::string build_tag = "latest";
  /// The program and its arguments; started with `path` as working directory.
  std::vector<std::string> command;
  /// Input schema as JSON text, or "".
  std::string input_schema;
  /// All of actor.json as JSON text: the `actorDefinition` of a build.
  std::string definition;
  /// Missing if actor.json names none, or an expression.
  std::optional<std::uint32_t> default_memory_mbytes;
  std::optional<std::uint32_t> min_memory_mbytes;
  std::optional<std::uint32_t> max_memory_mbytes;
  std::map<std::string, std::string> environment;
};

/// Why a folder is no Apify actor, in one sentence that names the file.
struct folder_error {
  std::string message;
};

/// Reads one folder.
std::variant<actor_folder, folder_error>
read_actor_folder(const std::filesystem::path& path);

/// @returns what to do before the program can start, or "" if nothing.
std::string missing_packages(const actor_folder& actor);

/// Finds the folders directly below `root`, and `root` itself, that hold
/// `.actor/actor.json`, sorted by path.
std::vector<std::filesystem::path>
find_actor_folders(const std::filesystem::path& root);

} // namespace orc::emulator
