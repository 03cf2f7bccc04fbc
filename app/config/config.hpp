#pragma once

#include "app/config/budgets.hpp"
#include "app/config/home.hpp"
#include "messages/base/error.hpp"
#include "messages/base/fields.hpp"
#include "messages/base/names.hpp"
#include "messages/base/secret.hpp"
#include "messages/base/units.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc::app {

enum class log_level : std::uint8_t { debug, info, warn, error, off };
enum class log_format : std::uint8_t { text, json };
enum class store_kind : std::uint8_t { sqlite, memory, kvs };

} // namespace orc::app

namespace orc {

template <>
struct enum_names<app::log_level> {
  static constexpr std::array<std::string_view, 5> values{
    "debug", "info", "warn", "error", "off"};
};

template <>
struct enum_names<app::log_format> {
  static constexpr std::array<std::string_view, 2> values{"text", "json"};
};

template <>
struct enum_names<app::store_kind> {
  static constexpr std::array<std::string_view, 3> values{"sqlite", "memory",
                                                          "kvs"};
};

} // namespace orc

namespace orc::app {

using std::chrono::milliseconds;

/// One Apify account besides the default one.
struct account_entry {
  std::string name;
  secret token;
  std::string token_env;
  std::string token_file;
  std::string base_url;
  std::optional<mebibytes> max_memory;
  std::optional<std::uint64_t> max_runs;

  static constexpr auto fields = describe(
    "accounts", "An Apify account that runs may name.",
    field("name", &account_entry::name, "What runs call it in `account`."),
    field("token", &account_entry::token, presence::optional,
          "Its Apify token; better kept out of this file by one of the next."),
    field("token_env", &account_entry::token_env, presence::optional,
          "Environment variable that holds its token."),
    field("token_file", &account_entry::token_file, presence::optional,
          "File that holds its token."),
    field("base_url", &account_entry::base_url, presence::optional,
          "Apify API to use; the one of the default account if not given."),
    field("max_memory_mbytes", &account_entry::max_memory, presence::optional,
          "MiB", "Memory that our runs may hold together."),
    field("max_concurrent_runs", &account_entry::max_runs, presence::optional,
          "How many of our runs may be live at a time."));
};

struct log_options {
  log_level level = log_level::info;
  log_format format = log_format::text;
  bool hide_sensitive = true;

  static constexpr auto fields = describe(
    "log", "What is logged, on standard error.",
    field("level", &log_options::level, presence::optional,
          "debug, info, warn, error or off."),
    field("format", &log_options::format, presence::optional,
          "text or json, one line each."),
    field("hide_sensitive", &log_options::hide_sensitive, presence::optional,
          "Leave ids and URLs of platform runs and storages out of "
          "the log. Tokens are never in it."));
};

/// Where the state is kept with `store = "kvs"`.
struct kvs_options {
  std::string store;
  std::string prefix = "ORCHESTRATOR-";
  secret encryption_key;
  std::string encryption_key_env;
  std::string encryption_key_file;

  static constexpr auto fields = describe(
    "kvs", "The Apify key-value store that keeps the state, with store = kvs.",
    field("store", &kvs_options::store, presence::optional,
          "Its id, or its name: then it is made if it is not there. Inside an "
          "Apify actor: the default store of the run if not given."),
    field("prefix", &kvs_options::prefix, presence::optional,
          "All its records begin with it: two orchestrators in one store need "
          "two prefixes."),
    field("encryption_key", &kvs_options::encryption_key, presence::optional,
          "Encrypts the records: 32 bytes in base64, or a passphrase."),
    field("encryption_key_env", &kvs_options::encryption_key_env,
          presence::optional, "Environment variable that holds that key."),
    field("encryption_key_file", &kvs_options::encryption_key_file,
          presence::optional, "File that holds that key."));
};

/// The patience of the service; the reasons stand in messages/settings.hpp.
struct timing_options {
  milliseconds reconcile_window{30'000};
  milliseconds max_overtake{30'000};
  milliseconds retry_backoff{2'000};
  milliseconds retry_backoff_max{60'000};
  milliseconds lost_after{30'000};
  milliseconds settle_after{10'000};
  milliseconds cost_patience{30'000};

  static constexpr auto fields = describe(
    "timing", "How patient the service is.",
    field("reconcile_window", &timing_options::reconcile_window,
          presence::optional, "s",
          "How long a run of a lost answer may take to appear in the "
          "platform's lists before it is started again."),
    field("max_overtake", &timing_options::max_overtake, presence::optional,
          "s", "How long smaller runs may pass one that does not fit."),
    field("retry_backoff", &timing_options::retry_backoff, presence::optional,
          "s", "Wait before the second attempt; doubles with each."),
    field("retry_backoff_max", &timing_options::retry_backoff_max,
          presence::optional, "s", "The longest wait between attempts."),
    field("lost_after", &timing_options::lost_after, presence::optional, "s",
          "How long a run is looked for that the platform answers 404 for."),
    field("settle_after", &timing_options::settle_after, presence::optional,
          "s",
          "How long after the end of a run its items and cost are read again, "
          "as the platform's first answer may be preliminary; 0 means "
          "never."),
    field("cost_patience", &timing_options::cost_patience, presence::optional,
          "s",
          "How long budgets wait for the final cost of a run that ended."));
};

/// How tasks of graphs are handed to workers.
struct task_options {
  milliseconds lease{60'000};
  std::string mount;
  std::uint64_t keep_groups_days = 7;
  std::string virtual_operator;
  secret virtual_token;
  bool allow_private = false;

  static constexpr auto fields = describe(
    "tasks", "How tasks of graphs are handed to workers.",
    field("lease", &task_options::lease, presence::optional, "s",
          "A worker that says nothing for so long has lost its task: it goes "
          "to another one."),
    field("mount", &task_options::mount, presence::optional,
          "Path under which the API for workers is found besides, such as "
          "/crew."),
    field("keep_groups_days", &task_options::keep_groups_days,
          presence::optional, "d",
          "Groups are removed so long after they were made, with all their "
          "tasks; 0 means never."),
    field(
      "virtual_operator", &task_options::virtual_operator, presence::optional,
      "URL that, with the name of a channel behind, gets the tasks of every "
      "channel by POST; operators that were made are not asked then."),
    field("virtual_token", &task_options::virtual_token, presence::optional,
          "Bearer token that goes along to that URL."),
    field("allow_private", &task_options::allow_private, presence::optional,
          "Operators may be on this machine and in private networks; they may "
          "anyway while `listen` is loopback."));
};

/// Somebody who is told of facts about runs. A URL may hold what is secret, so
/// it is one.
struct webhook_entry {
  std::string name;
  secret url;
  std::string url_env;
  std::string events;
  std::string space;
  bool only_failures = false;
  secret signing_key;
  std::string signing_key_env;
  std::string signing_key_file;
  bool allow_private = false;
  milliseconds timeout{15'000};
  milliseconds give_up_after{72 * 3'600'000LL};
  std::uint64_t max_in_flight = 4;
  std::uint64_t max_backlog = 100'000;

  static constexpr auto fields = describe(
    "webhooks", "Somebody who is told of facts about runs.",
    field("name", &webhook_entry::name, "What commands and logs call it."),
    field("url", &webhook_entry::url, presence::optional,
          "Gets a POST with a CloudEvent for each fact; never shown."),
    field("url_env", &webhook_entry::url_env, presence::optional,
          "Environment variable that holds its URL."),
    field("events", &webhook_entry::events, presence::optional,
          "Only these, divided by commas, such as run.ended,run.settled; all "
          "if not given."),
    field("namespace", &webhook_entry::space, presence::optional,
          "Only runs of this namespace."),
    field("only_failures", &webhook_entry::only_failures, presence::optional,
          "Only ends of runs that did not succeed."),
    field("secret", &webhook_entry::signing_key, presence::optional,
          "Signs what is sent (Standard Webhooks): whsec_ and 24 to 64 bytes "
          "in base64."),
    field("secret_env", &webhook_entry::signing_key_env, presence::optional,
          "Environment variable that holds that secret."),
    field("secret_file", &webhook_entry::signing_key_file, presence::optional,
          "File that holds that secret."),
    field("allow_private", &webhook_entry::allow_private, presence::optional,
          "Allow addresses of this machine and of private networks; they are "
          "allowed anyway while `listen` is loopback."),
    field("timeout", &webhook_entry::timeout, presence::optional, "s",
          "An attempt that takes longer has failed."),
    field("give_up_after", &webhook_entry::give_up_after, presence::optional,
          "s", "A delivery that fails for so long is given up, but kept."),
    field("max_in_flight", &webhook_entry::max_in_flight, presence::optional,
          "How many deliveries are on their way at a time, 1 to 64."),
    field("max_backlog", &webhook_entry::max_backlog, presence::optional,
          "How many deliveries are kept; beyond, the oldest are dropped."));
};

/// The message bus through which the service can be used.
struct nats_options {
  secret url;
  std::string instance = "main";
  std::string credentials_file;
  std::string nkey_file;
  secret token;
  std::string token_env;
  std::string token_file;
  std::string user;
  secret password;
  std::string password_env;
  std::string password_file;
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  std::uint64_t max_in_flight = 64;
  std::uint64_t max_requests = 1'000;
  std::uint64_t max_backlog = 1'000'000;
  std::uint64_t keep_events_days = 7;
  std::uint64_t replicas = 1;

  static constexpr auto fields = describe(
    "nats", "The message bus (NATS) through which `serve` can be used, too.",
    field("url", &nats_options::url, presence::optional,
          "NATS servers, divided by commas, such as nats://127.0.0.1:4222 or "
          "tls://…; never shown. There is no bus if not given."),
    field("instance", &nats_options::instance, presence::optional,
          "Second part of every subject: orchestrator.NAME.cmd.run.submit. Two "
          "services on one bus need two names."),
    field("credentials_file", &nats_options::credentials_file,
          presence::optional, "File of a user's JWT and seed (.creds)."),
    field("nkey_file", &nats_options::nkey_file, presence::optional,
          "File that holds the seed of an nkey."),
    field("token", &nats_options::token, presence::optional,
          "Token of the bus; better kept out of this file by one of the "
          "next."),
    field("token_env", &nats_options::token_env, presence::optional,
          "Environment variable that holds that token."),
    field("token_file", &nats_options::token_file, presence::optional,
          "File that holds that token."),
    field("user", &nats_options::user, presence::optional,
          "User of the bus, with a password."),
    field("password", &nats_options::password, presence::optional,
          "Password of that user; better kept out of this file by one of the "
          "next."),
    field("password_env", &nats_options::password_env, presence::optional,
          "Environment variable that holds that password."),
    field("password_file", &nats_options::password_file, presence::optional,
          "File that holds that password."),
    field("ca_file", &nats_options::ca_file, presence::optional,
          "File of the certificates that we trust, in PEM; switches TLS on."),
    field("cert_file", &nats_options::cert_file, presence::optional,
          "File of our own certificate, in PEM; needs key_file."),
    field("key_file", &nats_options::key_file, presence::optional,
          "File of its key, in PEM."),
    field("max_in_flight", &nats_options::max_in_flight, presence::optional,
          "Durable commands that are worked on at a time, 1 to 1000."),
    field("max_requests", &nats_options::max_requests, presence::optional,
          "Requests that are worked on at a time; more are refused."),
    field("max_backlog", &nats_options::max_backlog, presence::optional,
          "How many events are kept while the bus is away; beyond, the oldest "
          "are dropped."),
    field("keep_events_days", &nats_options::keep_events_days,
          presence::optional, "d",
          "How long the stream of events, when it is made, keeps them."),
    field("replicas", &nats_options::replicas, presence::optional,
          "Copies of each stream in a cluster, when it is made, 1 to 5."));
};

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
    field("budgets", &config::budgets, presence::optional, "Caps on money."));
};

} // namespace orc::app
