#pragma once

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"
#include "emulator/api/user.hpp"
#include "emulator/process/actor_folder.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

/// An executable version of an Apify actor.
struct actor_build {
  std::string id;
  std::string number = "0.0.1";
  std::string tag = "latest";
  /// JSON of the `actorDefinition`, or empty.
  std::string definition;
  /// JSON of the input schema, or empty.
  std::string input_schema;
  /// The same, parsed; null if there is none.
  std::shared_ptr<const json_document> schema;
  moment created_at;
};

/// An Apify actor of the emulated platform.
struct app {
  std::string id;
  std::string user_id;
  std::string username;
  std::string name;
  std::string title;
  std::string description;
  moment created_at;
  moment modified_at;
  std::int64_t default_memory_mbytes = 1024;
  std::int64_t default_timeout_secs = 3600;
  bool restart_on_error = false;
  std::int64_t min_memory_mbytes = 128;
  std::int64_t max_memory_mbytes = 32768;
  actor_build build;
  /// What is started for a run; scripted if there is none.
  std::optional<actor_folder> program;
  std::uint64_t total_runs = 0;
  std::optional<moment> last_run_started_at;
};

/// The Apify actors that the platform knows.
class actor_catalog {
public:
  /// @param any whether unknown names are made scripted actors as they come
  explicit actor_catalog(bool any) : any_(any) {
    // nop
  }

  /// Adds a scripted actor.
  app& add(std::string_view username, std::string_view user_id,
           std::string_view name);

  /// Adds a program, owned by `owner`.
  app& add_program(const user& owner, actor_folder folder);

  /// @param id an id, `username~name`, or `~name` or `name` of `caller`
  app* find(std::string_view id, const user* caller);

  void remove(const app& which);

  const std::map<std::string, std::unique_ptr<app>, std::less<>>&
  all() const noexcept {
    return by_name_;
  }

private:
  app* find_any(std::string_view name);

  bool any_;
  /// By `username/name`.
  std::map<std::string, std::unique_ptr<app>, std::less<>> by_name_;
  std::map<std::string, app*, std::less<>> by_id_;
};

/// Gives a build its input schema.
/// @returns false if the text is no JSON
bool set_input_schema(actor_build& build, std::string schema);

/// Takes over what the body of a `POST` or `PUT` holds.
void change_actor(app& x, const json_value& body);

/// Writes an actor as `GET /v2/actors/{actorId}` shows it.
std::string to_json(const app& x);

/// Writes an actor as lists show it.
void write_short(json_writer& out, const app& x);

/// Writes the build of an actor.
std::string build_to_json(const app& x);

void write_build_short(json_writer& out, const app& x);

} // namespace orc::emulator
