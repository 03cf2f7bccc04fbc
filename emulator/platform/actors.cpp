#include "emulator/platform/actors.hpp"

#include "emulator/api/ids.hpp"

#include <algorithm>

namespace orc::emulator {

app& actor_catalog::add(std::string_view username, std::string_view user_id,
                        std::string_view name) {
  auto key = std::string{username} + "/" + std::string{name};
  auto& entry = by_name_[key];
  if (entry)
    return *entry;
  entry = std::make_unique<app>();
  entry->id = stable_id("actor " + key);
  entry->user_id = user_id;
  entry->username = username;
  entry->name = name;
  entry->title = name;
  entry->created_at = entry->modified_at = entry->build.created_at = now();
  entry->build.id = stable_id("build " + key);
  by_id_[entry->id] = entry.get();
  return *entry;
}

app& actor_catalog::add_program(const user& owner, actor_folder folder) {
  auto& result = add(owner.name, owner.id, folder.name);
  result.title = folder.title.empty() ? folder.name : folder.title;
  result.description = folder.description;
  result.min_memory_mbytes = folder.min_memory_mbytes.value_or(128);
  result.max_memory_mbytes = folder.max_memory_mbytes.value_or(32768);
  result.default_memory_mbytes = folder.default_memory_mbytes.value_or(1024);
  result.build.number = folder.version + ".1";
  result.build.tag = folder.build_tag;
  result.build.definition = folder.definition;
  set_input_schema(result.build, folder.input_schema);
  result.program = std::move(folder);
  return result;
}

app* actor_catalog::find(std::string_view id, const user* caller) {
  if (const auto i = by_id_.find(id); i != by_id_.end())
    return i->second;
  auto name = std::string{id};
  std::replace(name.begin(), name.end(), '~', '/');
  if (name.starts_with('/') && caller != nullptr)
    name.insert(0, caller->name);
  // More than the platform understands: a plan may name a local folder.
  if (caller != nullptr && by_name_.count(caller->name + "/" + name) > 0)
    name.insert(0, caller->name + "/");
  if (const auto i = by_name_.find(name); i != by_name_.end())
    return i->second.get();
  return any_ && !name.empty() ? find_any(name) : nullptr;
}

app* actor_catalog::find_any(std::string_view name) {
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) {
    // An id: the actor must be found by the same id ever after.
    auto& result = add("any", stable_id("user any"), name);
    by_id_.erase(result.id);
    result.id = name;
    by_id_[result.id] = &result;
    return &result;
  }
  const auto username = name.substr(0, slash);
  return &add(username, stable_id("user " + std::string{username}),
              name.substr(slash + 1));
}

void actor_catalog::remove(const app& which) {
  by_id_.erase(which.id);
  const auto i = by_name_.find(which.username + "/" + which.name);
  if (i != by_name_.end())
    by_name_.erase(i);
}

bool set_input_schema(actor_build& build, std::string schema) {
  if (schema.empty())
    return true;
  auto parsed = std::make_shared<json_document>();
  if (!parse_json(schema, *parsed))
    return false;
  build.input_schema = std::move(schema);
  build.schema = std::move(parsed);
  return true;
}

namespace {

void write_names(json_writer& out, const app& x) {
  out.member("id", x.id)
    .member("userId", x.user_id)
    .member("name", x.name)
    .member("username", x.username)
    .member("title", x.title)
    .member("description", x.description)
    .member("createdAt", to_iso(x.created_at))
    .member("modifiedAt", to_iso(x.modified_at));
  out.key("stats")
    .object()
    .member("totalBuilds", 1)
    .member("totalRuns", x.total_runs)
    .member("totalUsers", 1);
  if (x.last_run_started_at)
    out.member("lastRunStartedAt", to_iso(*x.last_run_started_at));
  out.end_object();
}

void write_run_options(json_writer& out, const app& x) {
  out.key("defaultRunOptions")
    .object()
    .member("build", x.build.tag)
    .member("timeoutSecs", x.default_timeout_secs)
    .member("memoryMbytes", x.default_memory_mbytes)
    .member("restartOnError", x.restart_on_error)
    .end_object();
}

std::string definition_of(const app& x) {
  auto document = json_document{};
  if (x.build.definition.empty() || !parse_json(x.build.definition, document)
      || !document.IsObject())
    document.SetObject();
  auto& alloc = document.GetAllocator();
  if (x.build.schema) {
    document.RemoveMember("input");
    document.AddMember("input", json_value{*x.build.schema, alloc}, alloc);
  }
  return to_text(document);
}

} // namespace

std::string to_json(const app& x) {
  auto out = json_writer{};
  out.object();
  write_names(out, x);
  out.member("isPublic", false)
    .member("isDeprecated", false)
    .member("restartOnError", x.restart_on_error)
    .member("actorPermissionLevel", "FULL_PERMISSIONS")
    .key("versions")
    .array()
    .end_array()
    .key("pricingInfos")
    .array()
    .end_array();
  write_run_options(out, x);
  out.key("taggedBuilds").object().key(x.build.tag).object();
  out.member("buildId", x.build.id)
    .member("buildNumber", x.build.number)
    .member("finishedAt", to_iso(x.build.created_at));
  out.end_object().end_object().end_object();
  return out.take();
}

void write_short(json_writer& out, const app& x) {
  out.object();
  write_names(out, x);
  out.end_object();
}

namespace {

void write_build_names(json_writer& out, const app& x) {
  out.member("id", x.build.id)
    .member("actId", x.id)
    .member("userId", x.user_id)
    .member("status", "SUCCEEDED")
    .member("startedAt", to_iso(x.build.created_at))
    .member("finishedAt", to_iso(x.build.created_at))
    .member("usageTotalUsd", 0)
    .member("buildNumber", x.build.number)
    .key("meta")
    .object()
    .member("origin", "CLI")
    .end_object();
}

} // namespace

std::string build_to_json(const app& x) {
  auto out = json_writer{};
  out.object();
  write_build_names(out, x);
  if (!x.build.input_schema.empty())
    out.member("inputSchema", x.build.input_schema);
  out.raw_member("actorDefinition", definition_of(x)).end_object();
  return out.take();
}

void write_build_short(json_writer& out, const app& x) {
  out.object();
  write_build_names(out, x);
  out.end_object();
}

void change_actor(app& x, const json_value& body) {
  x.title = string_member(body, "title", x.title);
  x.description = string_member(body, "description", x.description);
  x.modified_at = now();
  const auto* options = find_member(body, "defaultRunOptions");
  if (options == nullptr)
    return;
  x.default_memory_mbytes = static_cast<std::int64_t>(number_member(
    *options, "memoryMbytes", static_cast<double>(x.default_memory_mbytes)));
  x.default_timeout_secs = static_cast<std::int64_t>(number_member(
    *options, "timeoutSecs", static_cast<double>(x.default_timeout_secs)));
  x.restart_on_error
    = bool_member(*options, "restartOnError", x.restart_on_error);
}

} // namespace orc::emulator
