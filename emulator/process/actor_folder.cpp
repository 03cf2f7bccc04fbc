#include "emulator/process/actor_folder.hpp"

#include "emulator/api/json.hpp"
#include "emulator/process/actor_command.hpp"

#include <algorithm>
#include <system_error>

namespace orc::emulator {

namespace {

namespace fs = std::filesystem;

std::optional<std::uint32_t>
mbytes_member(const json_value& object, std::string_view name) {
  const auto* value = find_member(object, name);
  if (value == nullptr || !value->IsUint())
    return std::nullopt;
  return value->GetUint();
}

/// Finds the input schema: `input` is the schema itself or the path of one,
/// beside actor.json.
std::string read_input_schema(const fs::path& folder, const json_value& spec) {
  const auto* input = find_member(spec, "input");
  if (input != nullptr && input->IsObject())
    return to_text(*input);
  if (input != nullptr && input->IsString())
    return read_file(folder / ".actor" / input->GetString());
  auto inner = read_file(folder / ".actor" / "INPUT_SCHEMA.json");
  return inner.empty() ? read_file(folder / "INPUT_SCHEMA.json") : inner;
}

/// The command of our own extension, `"orchestrator": {"command": [...]}`.
std::vector<std::string> own_command(const json_value& spec) {
  std::vector<std::string> result;
  const auto* extension = find_member(spec, "orchestrator");
  if (extension == nullptr)
    return result;
  const auto* words = find_member(*extension, "command");
  if (words == nullptr || !words->IsArray())
    return result;
  for (const auto& word : words->GetArray())
    if (word.IsString())
      result.emplace_back(word.GetString(), word.GetStringLength());
  return result;
}

/// Values that name a secret of the platform (`@name`) are left out.
std::map<std::string, std::string> read_environment(const json_value& spec) {
  std::map<std::string, std::string> result;
  const auto* variables = find_member(spec, "environmentVariables");
  if (variables == nullptr || !variables->IsObject())
    return result;
  for (const auto& [name, value] : variables->GetObject())
    if (value.IsString() && *value.GetString() != '@')
      result.emplace(name.GetString(), value.GetString());
  return result;
}

/// The `actorDefinition` of a build: actor.json with the schema in its place.
std::string definition_of(json_document& spec, const std::string& schema) {
  json_document parsed;
  if (!schema.empty() && parse_json(schema, parsed)) {
    auto& allocator = spec.GetAllocator();
    spec.RemoveMember("input");
    spec.AddMember("input", json_value{parsed, allocator}, allocator);
  }
  return to_text(spec);
}

void read_texts(actor_folder& actor, const json_value& spec) {
  actor.name = string_member(spec, "name", actor.path.filename().string());
  actor.title = string_member(spec, "title", actor.name);
  actor.description = string_member(spec, "description");
  actor.version = string_member(spec, "version", actor.version);
  actor.build_tag = string_member(spec, "buildTag", actor.build_tag);
}

/// @returns what is wrong with the folder, or "".
std::string complain(const actor_folder& actor) {
  json_document schema;
  std::string error;
  if (actor.command.empty())
    return actor.path.string()
           + ": no command; add \"orchestrator\": {\"command\": [...]} to "
             ".actor/actor.json";
  if (!actor.input_schema.empty()
      && !parse_json(actor.input_schema, schema, &error))
    return actor.path.string() + ": the input schema is no JSON: " + error;
  return {};
}

} // namespace

std::variant<actor_folder, folder_error>
read_actor_folder(const fs::path& path) {
  std::error_code ignored;
  actor_folder actor;
  actor.path = fs::canonical(path, ignored);
  auto file = path / ".actor" / "actor.json";
  json_document spec;
  std::string error;
  if (!parse_json(read_file(file), spec, &error))
    return folder_error{file.string() + ": " + error};
  if (!spec.IsObject())
    return folder_error{file.string() + ": not a JSON object"};
  read_texts(actor, spec);
  actor.command = own_command(spec);
  if (actor.command.empty())
    actor.command = guess_command(actor.path);
  actor.input_schema = read_input_schema(actor.path, spec);
  actor.default_memory_mbytes = mbytes_member(spec, "defaultMemoryMbytes");
  actor.min_memory_mbytes = mbytes_member(spec, "minMemoryMbytes");
  actor.max_memory_mbytes = mbytes_member(spec, "maxMemoryMbytes");
  actor.environment = read_environment(spec);
  actor.definition = definition_of(spec, actor.input_schema);
  if (auto complaint = complain(actor); !complaint.empty())
    return folder_error{std::move(complaint)};
  return actor;
}

std::string missing_packages(const actor_folder& actor) {
  if (!exists(actor.path / "package-lock.json")
      || exists(actor.path / "node_modules"))
    return {};
  return "its npm packages are not installed; run `npm ci` in "
         + actor.path.string();
}

std::vector<fs::path> find_actor_folders(const fs::path& root) {
  std::vector<fs::path> result;
  auto consider = [&result](const fs::path& path) {
    if (exists(path / ".actor" / "actor.json"))
      result.push_back(path);
  };
  std::error_code error;
  consider(root);
  for (const auto& entry : fs::directory_iterator{root, error})
    consider(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

} // namespace orc::emulator
