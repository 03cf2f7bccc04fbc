#pragma once

#include "messages/base/message.hpp"
#include "messages/run_record.hpp"

namespace orc {

/// A run as the platform tells of it. List items lack what is optional here.
struct remote_run {
  std::string id;
  std::string actor_id;
  std::string task_id;
  remote_status status = remote_status::ready;
  timestamp started_at;
  std::optional<timestamp> finished_at;
  std::string user_agent;
  std::string dataset_id;
  std::string key_value_store_id;
  std::optional<mebibytes> memory;
  std::optional<std::string> status_message;
  std::optional<std::int64_t> exit_code;
  std::optional<double> usage_total_usd;
  std::uint32_t resurrect_count = 0;
  std::uint32_t migration_count = 0;
  std::uint32_t reboot_count = 0;
  std::uint32_t restart_count = 0;

  static constexpr auto fields
    = describe("remote_run", "A run as the platform tells of it.",
               field("id", &remote_run::id, "The platform's id."),
               field("actId", &remote_run::actor_id, "Id of its actor."),
               field("actorTaskId", &remote_run::task_id, "Id of its task."),
               field("status", &remote_run::status, "Last known."),
               field("startedAt", &remote_run::started_at, "Server time."),
               field("finishedAt", &remote_run::finished_at, "Server time."),
               field("userAgent", &remote_run::user_agent, "Of its start."),
               field("defaultDatasetId", &remote_run::dataset_id, "Items."),
               field("defaultKeyValueStoreId", &remote_run::key_value_store_id,
                     "Records."),
               field("memory", &remote_run::memory, "Really given."),
               field("statusMessage", &remote_run::status_message, "If any."),
               field("exitCode", &remote_run::exit_code, "If it ended."),
               field("usageTotalUsd", &remote_run::usage_total_usd, "Cost."),
               field("resurrectCount", &remote_run::resurrect_count,
                     "How often it was resurrected."),
               field("migrationCount", &remote_run::migration_count,
                     "How often it was moved to another server."),
               field("rebootCount", &remote_run::reboot_count,
                     "How often it was rebooted."),
               field("restartCount", &remote_run::restart_count,
                     "How often it was restarted after an error."));
};

} // namespace orc

#define ORC_APIFY_REMOTE_RUN_MESSAGES(X) X(orc::remote_run)

ORC_APIFY_REMOTE_RUN_MESSAGES(ORC_DECLARE_MESSAGE)
