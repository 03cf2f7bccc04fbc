#include "emulator/process/environment.hpp"

#include "emulator/api/json.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>
#include <initializer_list>
#include <map>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace orc::emulator {

namespace {

/// The variables of a program, each once: what is set later wins.
class variables {
public:
  void set(std::string_view name, std::string_view value) {
    if (!value.empty())
      values_.insert_or_assign(std::string{name}, value);
  }

  /// Sets the same under all its names, the older ones included.
  void
  set(std::initializer_list<std::string_view> names, std::string_view value) {
    for (auto name : names)
      set(name, value);
  }

  std::vector<std::string> list() const {
    std::vector<std::string> result;
    for (const auto& [name, value] : values_)
      result.emplace_back(name).append("=").append(value);
    return result;
  }

private:
  std::map<std::string, std::string> values_;
};

/// A program gets no more of the emulator's own environment than it needs to
/// run at all: there may be secrets in it.
void add_inherited(variables& vars, const actor_folder& actor) {
  for (const auto* name : {"HOME", "USER", "LANG", "LC_ALL", "TMPDIR", "TZ"})
    if (auto* value = std::getenv(name); value != nullptr)
      vars.set(name, value);
  auto* path = std::getenv("PATH");
  auto modules = (actor.path / "node_modules" / ".bin").string();
  vars.set("PATH",
           modules + ':'
             + (path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin"));
}

std::string storages_json(const run_environment& run) {
  json_writer out;
  auto one = [&out](std::string_view kind, const std::string& id) {
    out.key(kind).object().member("default", id).end_object();
  };
  out.object();
  one("datasets", run.default_dataset_id);
  one("keyValueStores", run.default_key_value_store_id);
  one("requestQueues", run.default_request_queue_id);
  return out.end_object().take();
}

std::string number_text(double x) {
  json_writer out;
  return out.value(x).take();
}

void add_actor(variables& vars, const run_environment& run) {
  vars.set({"ACTOR_ID", "APIFY_ACTOR_ID", "APIFY_ACT_ID"}, run.actor_id);
  vars.set("ACTOR_FULL_NAME", run.actor_name);
  vars.set({"ACTOR_TASK_ID", "APIFY_ACTOR_TASK_ID"}, run.task_id);
  vars.set({"ACTOR_BUILD_ID", "APIFY_ACTOR_BUILD_ID"}, run.build_id);
  vars.set({"ACTOR_BUILD_NUMBER", "APIFY_ACTOR_BUILD_NUMBER"},
           run.build_number);
  vars.set("ACTOR_BUILD_TAGS", run.build_tag);
}

void add_run(variables& vars, const run_environment& run) {
  vars.set({"ACTOR_RUN_ID", "APIFY_ACTOR_RUN_ID", "APIFY_ACT_RUN_ID"},
           run.run_id);
  vars.set({"ACTOR_INPUT_KEY", "APIFY_INPUT_KEY"}, run.input_key);
  vars.set({"ACTOR_MEMORY_MBYTES", "APIFY_MEMORY_MBYTES"},
           std::to_string(run.memory_mbytes));
  vars.set("APIFY_DEDICATED_CPUS", number_text(run.memory_mbytes / 4096.0));
  vars.set({"ACTOR_STARTED_AT", "APIFY_STARTED_AT"}, run.started_at);
  vars.set({"ACTOR_TIMEOUT_AT", "APIFY_TIMEOUT_AT"}, run.timeout_at);
  vars.set("ACTOR_RESTART_ON_ERROR", run.restart_on_error ? "1" : "0");
  vars.set("ACTOR_PERMISSION_LEVEL", "FULL_PERMISSIONS");
  vars.set("APIFY_META_ORIGIN", run.meta_origin);
  if (run.max_total_charge_usd)
    vars.set("ACTOR_MAX_TOTAL_CHARGE_USD",
             number_text(*run.max_total_charge_usd));
  if (run.max_items)
    vars.set("ACTOR_MAX_PAID_DATASET_ITEMS", std::to_string(*run.max_items));
}

void add_storages(variables& vars, const run_environment& run) {
  vars.set({"ACTOR_DEFAULT_DATASET_ID", "APIFY_DEFAULT_DATASET_ID"},
           run.default_dataset_id);
  vars.set({"ACTOR_DEFAULT_KEY_VALUE_STORE_ID",
            "APIFY_DEFAULT_KEY_VALUE_STORE_ID"},
           run.default_key_value_store_id);
  vars.set({"ACTOR_DEFAULT_REQUEST_QUEUE_ID", "APIFY_DEFAULT_REQUEST_QUEUE_ID"},
           run.default_request_queue_id);
  vars.set("ACTOR_STORAGES_JSON", storages_json(run));
}

/// @returns the WebSocket URL for an HTTP URL.
std::string websocket_url(const std::string& url) {
  return url.starts_with("http") ? "ws" + url.substr(4) : url;
}

void add_platform(variables& vars, const run_environment& run) {
  auto port = std::to_string(run.web_server_port);
  auto web_server = "http://127.0.0.1:" + port;
  vars.set({"ACTOR_EVENTS_WEBSOCKET_URL", "APIFY_ACTOR_EVENTS_WS_URL"},
           websocket_url(run.api_url) + events_path(run.run_id));
  vars.set({"ACTOR_WEB_SERVER_PORT", "ACTOR_STANDBY_PORT",
            "APIFY_CONTAINER_PORT"},
           port);
  vars.set({"ACTOR_WEB_SERVER_URL", "APIFY_CONTAINER_URL"}, web_server);
  vars.set({"APIFY_API_BASE_URL", "APIFY_API_PUBLIC_BASE_URL"}, run.api_url);
  vars.set("APIFY_TOKEN", run.token);
  vars.set("APIFY_USER_ID", run.user_id);
  vars.set({"APIFY_IS_AT_HOME", "APIFY_USER_IS_PAYING", "APIFY_HEADLESS"}, "1");
  vars.set("APIFY_PERSIST_STATE_INTERVAL_MILLIS", "60000");
  vars.set("APIFY_METAMORPH_AFTER_SLEEP_MILLIS", "300000");
}

} // namespace

std::string events_path(const std::string& run_id) {
  return "/emulator/events/" + run_id;
}

std::vector<std::string>
platform_environment(const run_environment& run, const actor_folder& actor) {
  variables vars;
  add_inherited(vars, actor);
  for (const auto& [name, value] : actor.environment)
    vars.set(name, value);
  add_actor(vars, run);
  add_run(vars, run);
  add_storages(vars, run);
  add_platform(vars, run);
  return vars.list();
}

std::uint16_t free_port() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  auto fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::uint16_t result = 0;
  if (bind(fd, raw, size) == 0 && getsockname(fd, raw, &size) == 0)
    result = ntohs(address.sin_port);
  close(fd);
  return result;
}

} // namespace orc::emulator
