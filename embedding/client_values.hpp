#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// Asks for a run: the fields of the HTTP API's run request that most hosts
/// need. What is not given is the platform's default.
struct run_spec {
  /// Unique in its namespace: the same name again joins. 1 to 200 letters,
  /// digits and `-_./:@`; made where none is given.
  std::string name = {};
  /// Isolates names.
  std::string space = "default";
  /// Batch of its namespace that it belongs to.
  std::string batch = {};
  /// Id or `user/name` of an Apify actor; this or `task`.
  std::string actor = {};
  /// Id or `user/name` of an Apify task; this or `actor`.
  std::string task = {};
  /// JSON, at most 9,437,184 bytes.
  std::string input = {};
  /// MiB: a power of two, 128 to 32768.
  std::optional<std::uint64_t> memory_mbytes = {};
  /// The platform ends the run after so many seconds; 0 means never.
  std::optional<std::int64_t> timeout_secs = {};
  /// Most money to be charged, above 0, at most 1000000000.
  std::optional<double> max_total_charge_usd = {};
  /// How often it may be started in all, 1 to 100.
  std::uint32_t attempts = 1;
  /// Higher starts earlier, -1000 to 1000.
  std::int32_t priority = 0;
  /// A JSON object of any further fields of a run request, such as
  /// `{"onAborted":"restart","options":{"build":"beta"}}`; those above win.
  std::string more = {};
};

/// Names a run.
struct run_name {
  std::string name;
  std::string space = "default";
};

/// A run as it stands.
struct run_info {
  std::string name;
  std::string space;
  /// queued, starting, running; finally finished, cancelled, refused or lost.
  std::string state;
  /// The platform's word for it, such as SUCCEEDED; "" before it starts.
  std::string status;
  /// Why it waits, or what the platform says about it.
  std::string reason;
  /// The platform's ids of the last attempt; "" before it starts.
  std::string run_id;
  std::string dataset_id;
  /// How often it was started.
  std::uint32_t attempts = 0;
  /// Items in its dataset once it is final and they are counted.
  std::optional<std::uint64_t> item_count;
  /// What all attempts cost, in USD.
  std::optional<double> usage_usd;
  /// Whether nothing of it changes any more, but cost and items counted late.
  bool is_final = false;
  bool succeeded = false;
  /// Of a submission: the name was known. A service does not tell.
  bool joined = false;
  /// Why it failed, was refused or lost: type and sentence.
  std::string error_type;
  std::string error_message;
  /// All of it, as `GET /api/v1/runs/NAME` shows it.
  std::string json;
};

/// Which runs to list, the newest first.
struct run_query {
  /// Only this namespace; all if empty.
  std::string space = {};
  /// Only this batch of the namespace.
  std::string batch = {};
  /// Only these states, such as `running`; all if there are none.
  std::vector<std::string> states = {};
  /// 1 to 1000.
  std::uint32_t limit = 100;
  /// `next` of the page before; "" for the first one.
  std::string cursor = {};
};

/// A page of a list of runs.
struct run_list {
  std::vector<run_info> runs;
  /// Where the next page begins; "" on the last one.
  std::string next;
};

/// What can be done with a batch that walks a data set.
enum class batch_verb : std::uint8_t {
  /// Starts no page any more, whatever the limit.
  pause,
  resume,
  /// Takes back the limit that was before the last one that was set.
  restore,
  /// Tries again what failed; what is stuck, at once.
  redrive,
  /// Ends it: what is being done is stopped.
  cancel,
};

/// A batch that walks a data set, as it stands.
struct batch_info {
  std::string name;
  /// running; finally finished, chain-broken, timed-out or cancelled.
  std::string state;
  bool is_paused = false;
  bool is_finished = false;
  /// Pages that were found, and what became of them.
  std::uint64_t pages = 0;
  std::uint64_t completed = 0;
  std::uint64_t processing = 0;
  std::uint64_t failed = 0;
  std::uint64_t stuck = 0;
  /// Items of completed pages, and those that failed in them.
  std::uint64_t items = 0;
  std::uint64_t item_errors = 0;
  /// Pages that may be done at a time.
  std::uint32_t max_parallelism = 0;
  /// Where a broken chain goes on: the `firstCursor` of another batch.
  std::string resume_cursor;
  /// Why it is not done, if it is not.
  std::string error;
  /// All of it, as `GET /api/v1/batches/NAME` shows it.
  std::string json;
};

/// A page of a run's dataset.
struct item_lines {
  /// One item a line, JSON.
  std::string ndjson;
  /// Items in it.
  std::uint64_t count = 0;
  /// Items in the dataset; 0 where a service does not tell.
  std::uint64_t total = 0;
};

/// A fact about a run, told after it is durable.
struct event_info {
  /// Such as `run.ended`; docs/webhooks.md lists all.
  std::string kind;
  /// Milliseconds since 1970, UTC.
  std::int64_t at_millis = 0;
  /// The run after it.
  run_info run;
};

} // namespace orc
