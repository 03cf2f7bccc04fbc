#include "emulator/platform/run_json.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orc::emulator {

namespace {

constexpr auto status_names = std::array<std::string_view, run_status_count>{
  "READY",     "RUNNING", "TIMING-OUT", "ABORTING",
  "SUCCEEDED", "FAILED",  "TIMED-OUT",  "ABORTED"};

void write_meta(json_writer& out, const run& x, bool with_user_agent) {
  out.key("meta").object().member("origin", x.meta.origin);
  if (with_user_agent)
    out.member("clientIp", x.meta.client_ip)
      .member("userAgent", x.meta.user_agent);
  out.end_object();
}

void write_names(json_writer& out, const run& x) {
  out.member("id", x.id)
    .member("actId", x.actor_id)
    .member("userId", x.owner->id);
  if (!x.task_id.empty())
    out.member("actorTaskId", x.task_id);
  out.member("status", to_string(x.status))
    .member("startedAt", to_iso(x.started_at));
  out.key("finishedAt");
  x.finished_at ? out.value(to_iso(*x.finished_at)) : out.null();
  out.member("buildId", x.build_id)
    .member("buildNumber", x.build_number)
    .member("defaultKeyValueStoreId", x.storages.key_value_store_id)
    .member("defaultDatasetId", x.storages.dataset_id)
    .member("defaultRequestQueueId", x.storages.request_queue_id);
}

void write_stats(json_writer& out, const run& x) {
  const auto spent = time_spent(x, now());
  const auto usage
    = x.live && x.live->work ? x.live->work->usage() : container_usage{};
  const auto secs = static_cast<double>(spent.count()) / 1000.0;
  const auto gigabytes = static_cast<double>(x.options.memory_mbytes) / 1024.0;
  out.key("stats")
    .object()
    .member("inputBodyLen", x.stats.input_bytes)
    .member("migrationCount", x.stats.migrations)
    .member("rebootCount", x.stats.reboots)
    .member("restartCount", x.stats.restarts)
    .member("resurrectCount", x.stats.resurrections)
    .member("metamorph", x.metamorphs.size())
    .member("memAvgBytes", usage.memory_average_bytes)
    .member("memMaxBytes", usage.memory_max_bytes)
    .member("memCurrentBytes", usage.memory_current_bytes)
    .member("cpuAvgUsage", usage.cpu_average)
    .member("cpuMaxUsage", usage.cpu_max)
    .member("cpuCurrentUsage", usage.cpu_current)
    .member("netRxBytes", 0)
    .member("netTxBytes", 0)
    .member("durationMillis", spent.count())
    .member("runTimeSecs", secs)
    .member("computeUnits", gigabytes * secs / 3600.0)
    .end_object();
}

void write_options(json_writer& out, const run& x) {
  const auto& options = x.options;
  out.key("options")
    .object()
    .member("build", options.build)
    .member("timeoutSecs", options.timeout_secs)
    .member("memoryMbytes", options.memory_mbytes)
    .member("diskMbytes", options.memory_mbytes * 2);
  if (options.max_items)
    out.member("maxItems", *options.max_items);
  if (options.max_total_charge_usd)
    out.member("maxTotalChargeUsd", *options.max_total_charge_usd);
  out.member("restartOnError", options.restart_on_error).end_object();
}

void write_outcome(json_writer& out, const run& x) {
  if (!x.status_message.empty())
    out.member("statusMessage", x.status_message)
      .member("isStatusMessageTerminal", x.is_status_message_terminal);
  out.key("exitCode");
  x.exit_code ? out.value(*x.exit_code) : out.null();
  out.member("generalAccess", "FOLLOW_USER_SETTING")
    .member("isContainerServerReady", false);
  if (x.live && x.live->work && !x.live->work->url().empty())
    out.member("containerUrl", x.live->work->url());
  out.key("chargedEventCounts").object();
  for (const auto& [name, count] : x.charged_events)
    out.member(name, count);
  out.end_object();
}

void write_storages(json_writer& out, const run& x) {
  const auto one = [&out](std::string_view kind, const std::string& id) {
    out.key(kind).object().member("default", id).end_object();
  };
  out.key("storageIds").object();
  one("datasets", x.storages.dataset_id);
  one("keyValueStores", x.storages.key_value_store_id);
  one("requestQueues", x.storages.request_queue_id);
  out.end_object();
}

void write_metamorphs(json_writer& out, const run& x) {
  if (x.metamorphs.empty())
    return;
  out.key("metamorphs").array();
  for (const auto& m : x.metamorphs)
    out.object()
      .member("createdAt", to_iso(m.created_at))
      .member("actorId", m.actor_id)
      .member("buildId", m.build_id)
      .member("inputKey", m.input_key)
      .end_object();
  out.end_array();
}

/// @returns whether the cost of the run can be told: right after the end the
/// platform does not know it yet.
bool knows_usage(const run& x) {
  return !x.usage_after || !x.finished_at
         || now() >= *x.finished_at + *x.usage_after;
}

void write_usage(json_writer& out, const run& x) {
  if (!knows_usage(x))
    return;
  const auto hours = static_cast<double>(time_spent(x, now()).count()) / 3.6e6;
  const auto units
    = hours * static_cast<double>(x.options.memory_mbytes) / 1024.0;
  out.member("usageTotalUsd", x.usage_usd);
  out.key("usage").object().member("ACTOR_COMPUTE_UNITS", units).end_object();
  out.key("usageUsd")
    .object()
    .member("ACTOR_COMPUTE_UNITS", x.usage_usd)
    .end_object();
  out.member("platformUsageBillingModel", "USER");
}

} // namespace

std::string_view to_string(run_status x) noexcept {
  return status_names[static_cast<std::size_t>(x)];
}

std::optional<run_status> parse_run_status(std::string_view text) noexcept {
  const auto i = std::find(status_names.begin(), status_names.end(), text);
  if (i == status_names.end())
    return std::nullopt;
  return static_cast<run_status>(i - status_names.begin());
}

std::chrono::milliseconds time_spent(const run& x, moment when) {
  auto result = x.stats.ran_before;
  if (x.live && x.live->work)
    result += when - x.live->running_since;
  return std::max(result, std::chrono::milliseconds{0});
}

std::string to_json(const run& x, const run_json_options& options) {
  auto out = json_writer{};
  out.object();
  write_names(out, x);
  write_meta(out, x, options.with_user_agent);
  write_stats(out, x);
  write_options(out, x);
  write_outcome(out, x);
  write_storages(out, x);
  write_metamorphs(out, x);
  if (options.with_usage)
    write_usage(out, x);
  out.end_object();
  return out.take();
}

void write_short(json_writer& out, const run& x,
                 const run_json_options& options) {
  out.object();
  write_names(out, x);
  write_meta(out, x, options.with_user_agent);
  if (knows_usage(x))
    out.member("usageTotalUsd", x.usage_usd);
  out.end_object();
}

} // namespace orc::emulator
