#include "emulator/platform/run_record.hpp"

namespace orc::emulator {

namespace {

std::int64_t to_number(moment x) {
  return x.time_since_epoch().count();
}

std::int64_t integer(const json_value& x, std::string_view name) {
  const auto* member = find_member(x, name);
  return member != nullptr && member->IsInt64() ? member->GetInt64() : 0;
}

moment read_moment(const json_value& x, std::string_view name) {
  return moment{std::chrono::milliseconds{integer(x, name)}};
}

template <class T>
void write_optional(json_writer& out, std::string_view name,
                    const std::optional<T>& x) {
  if (x)
    out.member(name, *x);
}

template <class T>
void read_optional(const json_value& x, std::string_view name,
                   std::optional<T>& result) {
  const auto* member = find_member(x, name);
  if (member != nullptr && member->IsNumber())
    result = static_cast<T>(member->GetDouble());
}

void write_identity(json_writer& out, const run& x) {
  out.member("id", x.id)
    .member("owner", x.owner->name)
    .member("actor", x.actor->id)
    .member("actorName", x.actor->username + "~" + x.actor->name)
    .member("actorId", x.actor_id)
    .member("buildId", x.build_id)
    .member("buildNumber", x.build_number)
    .member("taskId", x.task_id)
    .member("datasetId", x.storages.dataset_id)
    .member("storeId", x.storages.key_value_store_id)
    .member("queueId", x.storages.request_queue_id)
    .member("inputKey", x.input_key)
    .member("origin", x.meta.origin)
    .member("clientIp", x.meta.client_ip)
    .member("userAgent", x.meta.user_agent);
}

void write_options(json_writer& out, const run& x) {
  out.member("build", x.options.build)
    .member("timeoutSecs", x.options.timeout_secs)
    .member("memoryMbytes", x.options.memory_mbytes)
    .member("restartOnError", x.options.restart_on_error);
  write_optional(out, "maxItems", x.options.max_items);
  write_optional(out, "maxTotalChargeUsd", x.options.max_total_charge_usd);
}

void write_state(json_writer& out, const run& x) {
  out.member("status", to_string(x.status))
    .member("statusMessage", x.status_message)
    .member("isTerminal", x.is_status_message_terminal)
    .member("startedAt", to_number(x.started_at))
    .member("scriptItems", x.script_items)
    .member("inputBytes", x.stats.input_bytes)
    .member("migrations", x.stats.migrations)
    .member("reboots", x.stats.reboots)
    .member("restarts", x.stats.restarts)
    .member("resurrections", x.stats.resurrections)
    .member("ranBefore", x.stats.ran_before.count())
    .member("usageUsd", x.usage_usd)
    .member("billedUsd", x.billed_usd);
  if (x.finished_at)
    out.member("finishedAt", to_number(*x.finished_at));
  write_optional(out, "exitCode", x.exit_code);
  write_optional(out, "scriptedUsd", x.scripted_usd);
}

void write_lists(json_writer& out, const run& x) {
  out.key("chargedEvents").object();
  for (const auto& [name, count] : x.charged_events)
    out.member(name, count);
  out.end_object().key("chargeKeys").array();
  for (const auto& key : x.charge_keys)
    out.value(key);
  out.end_array().key("metamorphs").array();
  for (const auto& m : x.metamorphs)
    out.object()
      .member("createdAt", to_number(m.created_at))
      .member("actorId", m.actor_id)
      .member("buildId", m.build_id)
      .member("inputKey", m.input_key)
      .end_object();
  out.end_array();
}

void read_identity(const json_value& record, run& x) {
  x.id = string_member(record, "id");
  x.actor_id = string_member(record, "actorId");
  x.build_id = string_member(record, "buildId");
  x.build_number = string_member(record, "buildNumber");
  x.task_id = string_member(record, "taskId");
  x.storages
    = {string_member(record, "datasetId"), string_member(record, "storeId"),
       string_member(record, "queueId")};
  x.input_key = string_member(record, "inputKey", "INPUT");
  x.meta = {string_member(record, "origin"), string_member(record, "clientIp"),
            string_member(record, "userAgent")};
}

void read_options(const json_value& record, run_options& x) {
  x.build = string_member(record, "build");
  x.timeout_secs = integer(record, "timeoutSecs");
  x.memory_mbytes = integer(record, "memoryMbytes");
  x.restart_on_error = bool_member(record, "restartOnError");
  read_optional(record, "maxItems", x.max_items);
  read_optional(record, "maxTotalChargeUsd", x.max_total_charge_usd);
}

void read_state(const json_value& record, run& x) {
  const auto count = [&record](std::string_view name) {
    return static_cast<std::int32_t>(integer(record, name));
  };
  x.status = parse_run_status(string_member(record, "status"))
               .value_or(run_status::failed);
  x.status_message = string_member(record, "statusMessage");
  x.is_status_message_terminal = bool_member(record, "isTerminal");
  x.started_at = read_moment(record, "startedAt");
  x.script_items = integer(record, "scriptItems");
  x.stats = {integer(record, "inputBytes"),
             count("migrations"),
             count("reboots"),
             count("restarts"),
             count("resurrections"),
             std::chrono::milliseconds{integer(record, "ranBefore")}};
  x.usage_usd = number_member(record, "usageUsd");
  x.billed_usd = number_member(record, "billedUsd");
  if (find_member(record, "finishedAt") != nullptr)
    x.finished_at = read_moment(record, "finishedAt");
  read_optional(record, "exitCode", x.exit_code);
  read_optional(record, "scriptedUsd", x.scripted_usd);
}

void read_lists(const json_value& record, run& x) {
  if (const auto* events = find_member(record, "chargedEvents"))
    for (const auto& member : events->GetObject())
      x.charged_events[member.name.GetString()] = member.value.GetInt64();
  if (const auto* keys = find_member(record, "chargeKeys"))
    for (const auto& key : keys->GetArray())
      x.charge_keys.emplace_back(key.GetString());
  if (const auto* list = find_member(record, "metamorphs"))
    for (const auto& m : list->GetArray())
      x.metamorphs.push_back(
        {read_moment(m, "createdAt"), string_member(m, "actorId"),
         string_member(m, "buildId"), string_member(m, "inputKey")});
}

} // namespace

std::string to_record(const run& x) {
  auto out = json_writer{};
  out.object();
  write_identity(out, x);
  write_options(out, x);
  write_state(out, x);
  write_lists(out, x);
  out.end_object();
  return out.take();
}

std::unique_ptr<run>
read_record(const json_value& record, const account_book& accounts,
            actor_catalog& actors) {
  auto x = std::make_unique<run>();
  x->owner = accounts.find(string_member(record, "owner"));
  // By name first: that is how an actor that is made on demand comes back.
  x->actor = actors.find(string_member(record, "actorName"), nullptr);
  if (x->actor == nullptr)
    x->actor = actors.find(string_member(record, "actor"), nullptr);
  if (x->owner == nullptr || x->actor == nullptr)
    return nullptr;
  read_identity(record, *x);
  read_options(record, x->options);
  read_state(record, *x);
  read_lists(record, *x);
  return x;
}

} // namespace orc::emulator
