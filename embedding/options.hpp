#pragma once

#include "messages/apify_api.hpp"
#include "messages/apify_storage.hpp"
#include "messages/base/secret.hpp"
#include "messages/batch_store.hpp"
#include "messages/budget.hpp"
#include "messages/budget_settings.hpp"
#include "messages/health.hpp"
#include "messages/hooks.hpp"
#include "messages/run_store.hpp"
#include "messages/settings.hpp"
#include "messages/split_store.hpp"
#include "messages/start_store.hpp"
#include "messages/target_history.hpp"
#include "messages/task/task_store.hpp"
#include "messages/walk/page_class.hpp"
#include "messages/walk/walk_store.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace caf {
class actor_system;
} // namespace caf

namespace orc {

class io_runtime;

// -- where state is kept ------------------------------------------------------

/// Forgets all when it ends: for tests and rehearsals.
struct in_memory {};

/// SQLite in a data directory, which is made if it is not there and locked: two
/// orchestrators need two directories, also in one process.
struct in_directory {
  std::filesystem::path directory = ".apify-orchestrator";
  /// Seals tokens that come with runs: 32 bytes in base64, or a passphrase. If
  /// empty, a key is made and kept in the directory.
  secret seal_key = {};
  /// Reads all of the store for damage at the start: about 1.5 s a GiB.
  bool full_check = false;
};

/// An Apify key-value store of the first account: for a host that is an Apify
/// actor itself. It has no place for webhooks, lists, batches and tasks.
struct in_key_value_store {
  /// Its id, or its name: then it is made if it is not there.
  std::string store;
  /// All records begin with it.
  std::string prefix = "ORCHESTRATOR-";
  /// 32 bytes in base64, or a passphrase; empty: nothing is encrypted.
  secret encryption_key = {};
  /// The platform run that the host is, or "".
  std::string owner = {};
};

/// The actors of a store. Each conversation that there is nobody for is one
/// that the orchestrator does without.
struct store_actors {
  /// Must be there.
  run_store_actor runs;
  /// Nobody: no webhooks. Must owe deliveries in the step that saves a run, and
  /// so is the same actor as `runs` in all stores of ours.
  hook_store_actor hooks = {};
  /// Nobody: lists are not cut into runs.
  split_store_actor splits = {};
  /// Nobody: no batches.
  batch_store_actor batches = {};
  /// Nobody: what was spent is forgotten at the end.
  ledger_store_actor ledger = {};
  /// Nobody: what runs took and cost is forgotten at the end.
  sample_store_actor samples = {};
  /// Nobody: starts of the HTTP gateway are not remembered.
  start_store_actor starts = {};
  /// Nobody: no task graphs.
  task_store_actor tasks = {};
};

/// One of ours, or the host's own actors. Those belong to the host: they must
/// outlive the orchestrator, which never ends them.
using store_choice
  = std::variant<in_memory, in_directory, in_key_value_store, store_actors>;

// -- the platform -------------------------------------------------------------

/// The platform as one account sees it.
struct platform_access {
  /// Must be there.
  apify_api_actor api;
  /// Nobody: datasets are read by the runs they belong to only.
  apify_storage_actor storage = {};
};

/// Makes the way to the platform for an account. Called once for each account
/// and once more for the first one, on a thread of the actor system or the one
/// that opens the orchestrator: it must not block. What it spawns belongs to
/// the orchestrator, which ends it.
using connector = std::function<platform_access(const account_settings&)>;

// -- all of it ----------------------------------------------------------------

/// How tasks of graphs are handed to workers.
struct task_rules {
  /// A worker that says nothing for so long has lost its task.
  std::chrono::milliseconds lease{60'000};
  /// URL that gets the tasks of every channel by POST; "" if none.
  std::string virtual_operator;
  secret virtual_token;
  /// Whether operators may be on this machine and in private networks.
  bool allow_private = false;
};

/// Batches that walk data sets, page by page (docs/batches.md).
struct walks_options {
  /// Who does pages in this program: `{"kind":"class","name":…}` is one of
  /// them.
  page_classes classes = {};
  /// Takes up what was not over at the end of the process before; else only
  /// what is started again.
  bool takes_up = true;
  /// Whether sources and endpoints may be on this machine and in private
  /// networks.
  bool allow_private = false;
  /// Keeps them; nobody: they are beside all else, in `batches.db`. An actor of
  /// the host's must outlive the orchestrator.
  walk_store_actor store = {};
};

/// What an orchestrator does by itself; 0: never.
struct chore_rules {
  /// Logs a report.
  std::chrono::milliseconds report_every{0};
  /// Forgets runs so long after they became final; looks every hour.
  std::chrono::milliseconds keep_runs{0};
  /// Removes groups of tasks so long after they were made.
  std::chrono::milliseconds keep_groups{0};
};

/// What an orchestrator is made of. The defaults are those of `serve`, but for
/// the store, which forgets at the end, and the chores, which are none.
struct orchestrator_options {
  /// Accounts, limits and patience.
  orchestrator_settings settings = {};
  store_choice store = in_memory{};
  /// Empty: over HTTPS, to the `base_url` of each account.
  connector connect = {};
  /// Who is told of facts about runs, over HTTP.
  std::vector<hook_settings> webhooks = {};
  /// Facts are owed under these names, too, for whoever asks the store for
  /// them.
  std::vector<hook_filter> outboxes = {};
  /// Deliveries that are done, or given up, are kept so long.
  std::chrono::hours keep_deliveries{24 * 30};
  /// Caps on money.
  std::vector<budget_settings> budgets = {};
  /// How long budgets wait for the final cost of a run that ended.
  std::chrono::milliseconds cost_patience{30'000};
  task_rules tasks = {};
  chore_rules chores = {};
  /// Not given: no data sets are walked.
  std::optional<walks_options> walks = {};
  /// Whether the platform may be spoken to without encryption, other than on
  /// this machine: tokens travel in the clear. For networks of a platform's
  /// own.
  bool allow_plain_http = false;
  /// The thread of sockets; several orchestrators may share one that the host
  /// keeps until all of them are gone. Empty: each has its own.
  std::shared_ptr<io_runtime> runtime = {};
  /// Works on the store before anything of it is taken up.
  std::function<caf::error(caf::actor_system&, const run_store_actor&)> before
    = {};
  /// Told whom to ask how it goes while the store is taken up, which is when
  /// `open` blocks.
  std::function<void(caf::actor_system&, const health_actor&)> recovering = {};

  /// @returns `ec::bad_config` with a sentence that names the option and tells
  ///          what to do.
  [[nodiscard]] caf::error validate() const;
};

/// Makes a thread of sockets, for `orchestrator_options::runtime`.
std::shared_ptr<io_runtime> make_runtime();

} // namespace orc
