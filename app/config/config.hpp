#pragma once

#include "app/config/budgets.hpp"
#include "app/config/home.hpp"
#include "app/config/tables/account.hpp"
#include "app/config/tables/kvs.hpp"
#include "app/config/tables/log.hpp"
#include "app/config/tables/nats.hpp"
#include "app/config/tables/pool.hpp"
#include "app/config/tables/schedule.hpp"
#include "app/config/tables/tasks.hpp"
#include "app/config/tables/timing.hpp"
#include "app/config/tables/webhook.hpp"
#include "messages/base/fields.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::app {

enum class store_kind : std::uint8_t { sqlite, memory, kvs };

} // namespace orc::app

namespace orc {

template <>
struct enum_names<app::store_kind> {
  static constexpr std::array<std::string_view, 3> values{"sqlite", "memory",
                                                          "kvs"};
};

} // namespace orc

namespace orc::app {

using std::chrono::milliseconds;

/// All options of the orchestrator. Each is declared here and nowhere else: the
/// file, its example, the checks, the help and the manual follow.
struct config {
  secret token;
  std::string token_env;
  std::string token_file;
  std::string base_url = "https://api.apify.com";
  std::optional<mebibytes> max_memory;
  std::optional<std::uint64_t> max_runs;
  bool abort_on_exit = false;
  bool count_items = true;
  std::string fixed_input;
  bool watch_children = true;
  std::string data = ".apify-orchestrator";
  store_kind store = store_kind::sqlite;
  secret seal_key;
  std::string seal_key_env;
  std::string seal_key_file;
  bool full_check = false;
  std::string listen = "127.0.0.1:8484";
  secret api_token;
  std::string api_token_env;
  std::string api_token_file;
  milliseconds report_interval{60'000};
  std::uint64_t retention_days = 30;
  log_options log;
  timing_options timing;
  task_options tasks;
  kvs_options kvs;
  nats_options nats;
  std::vector<account_entry> accounts;
  std::vector<webhook_entry> webhooks;
  std::vector<budget_entry> budgets;
  std::vector<file_schedule> schedules;
  pool_entry pool;
  std::vector<pool_entry> pools;
  /// There inside an Apify actor. No option: the platform says it.
  std::optional<home> at_home;

  static constexpr auto fields = describe(
    "config", "All options of the orchestrator.",
    field("token", &config::token, presence::optional,
          "Apify token of the default account."),
    field("token_env", &config::token_env, presence::optional,
          "Environment variable that holds that token."),
    field("token_file", &config::token_file, presence::optional,
          "File that holds that token."),
    field("base_url", &config::base_url, presence::optional,
          "Apify API, without the /v2."),
    field("max_memory_mbytes", &config::max_memory, presence::optional, "MiB",
          "Memory that our runs on the default account may hold together."),
    field("max_concurrent_runs", &config::max_runs, presence::optional,
          "How many of our runs on the default account may be live at a time."),
    field("abort_on_exit", &config::abort_on_exit, presence::optional,
          "Abort all live runs when the orchestrator is stopped."),
    field("count_items", &config::count_items, presence::optional,
          "Ask how many items a run left when it ends."),
    field("fixed_input", &config::fixed_input, presence::optional,
          "JSON object that is put under the input of every run; the run's own "
          "fields win."),
    field("watch_children", &config::watch_children, presence::optional,
          "Inside an Apify actor: put `__watched` under the input of every "
          "run, so that the Children Run Killer ends them with their parent."),
    field("data", &config::data, presence::optional,
          "Folder that keeps the state of runs."),
    field("store", &config::store, presence::optional,
          "sqlite; kvs, an Apify key-value store; or memory, which forgets "
          "all when it ends."),
    field("seal_key", &config::seal_key, presence::optional,
          "Seals the tokens that runs bring along: 32 bytes in base64, or a "
          "passphrase; if not given, a key is made and kept in the folder."),
    field("seal_key_env", &config::seal_key_env, presence::optional,
          "Environment variable that holds that key."),
    field("seal_key_file", &config::seal_key_file, presence::optional,
          "File that holds that key."),
    field("full_check", &config::full_check, presence::optional,
          "Read all of the store for damage at the start: 1.5 s a GiB."),
    field("listen", &config::listen, presence::optional,
          "Address and port of `serve`; port 0 takes a free one."),
    field("api_token", &config::api_token, presence::optional,
          "Token that clients of `serve` must show; needed unless it listens "
          "on loopback."),
    field("api_token_env", &config::api_token_env, presence::optional,
          "Environment variable that holds that token."),
    field("api_token_file", &config::api_token_file, presence::optional,
          "File that holds that token."),
    field("report_interval", &config::report_interval, presence::optional, "s",
          "How often `serve` logs a report; 0 means never."),
    field("retention_days", &config::retention_days, presence::optional, "d",
          "Finished runs are forgotten after so long; 0 means never."),
    field("log", &config::log, presence::optional,
          "What is logged, on standard error."),
    field("timing", &config::timing, presence::optional,
          "How patient the service is."),
    field("tasks", &config::tasks, presence::optional,
          "How tasks of graphs are handed to workers."),
    field("kvs", &config::kvs, presence::optional,
          "The Apify key-value store that keeps the state, with store = kvs."),
    field("nats", &config::nats, presence::optional,
          "The message bus (NATS) through which `serve` can be used, too."),
    field("accounts", &config::accounts, presence::optional,
          "Further Apify accounts."),
    field("webhooks", &config::webhooks, presence::optional,
          "Whom to tell of facts about runs."),
    field("budgets", &config::budgets, presence::optional, "Caps on money."),
    field("schedules", &config::schedules, presence::optional,
          "What is made at its times: tasks, groups of tasks, or runs."),
    field("pool", &config::pool, presence::optional,
          "Local workers, of `pool run` and of `serve`."),
    field("pools", &config::pools, presence::optional,
          "Further pools of local workers."));
};

} // namespace orc::app
