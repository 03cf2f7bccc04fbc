#pragma once

#include "embedding/client_values.hpp"
#include "embedding/outcome.hpp"
#include "messages/walk/page_class.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace orc {

/// An orchestrator in this process.
struct client_options {
  /// Apify token of the one account.
  std::string token = {};
  /// Apify API, without the `/v2`.
  std::string base_url = "https://api.apify.com";
  /// Keeps the state of runs; made if it is not there, and locked. Empty: all
  /// is forgotten at the end.
  std::string data_directory = {};
  /// MiB that our runs may hold together; 0: as the account allows.
  std::uint64_t max_memory_mbytes = 0;
  /// How many may run at a time; 0: as the account allows.
  std::uint64_t max_runs = 0;
  /// Threads that do the work, besides one for sockets and two for the disk.
  unsigned threads = 2;
  /// Whether data sets can be walked: batches, in `batches.db`.
  bool batches = false;
  /// Who does their pages in this program, by the names that specifications
  /// call them: `{"kind":"class","name":…}`.
  page_classes classes = {};
};

/// A service that `apify-orchestrator serve` runs.
struct service_address {
  std::string url = "http://127.0.0.1:8484";
  /// What it was told by ORCHESTRATOR_TOKEN; "" if nothing.
  std::string token = {};
};

/// The orchestrator for programs that do not use CAF: one in this process, or a
/// service that runs elsewhere. No header behind this one needs more than the
/// standard library.
///
/// Each request has two forms. One returns a future. The other calls a function
/// once, whatever happens, with the value or the problem; a client that ends
/// calls it with `stopping`.
///
/// Threads: members may be called from any thread, also from a function that
/// was passed in; only `stop`, `start`, `connect` and the destructor must not
/// be called from there. Such functions are called on a thread of the client,
/// one at a time: while one runs, no other answer arrives, so it must not wait
/// for one, nor throw.
class client {
public:
  /// Called once with the answer.
  template <class T>
  using done = std::function<void(outcome<T>)>;

  using runs = std::vector<run_info>;
  using batches = std::vector<batch_info>;

  // -- its life ---------------------------------------------------------------

  /// Starts an orchestrator in this process, which takes up what the directory
  /// knows. Blocks until it is ready.
  /// @returns it, or `bad-config`, `store-locked`, `store-newer`,
  ///          `store-corrupt`, `store-failed`.
  static outcome<client> start(const client_options& options);

  /// Speaks to a service over HTTP.
  /// @returns `not-sent` if nobody answers there, `unauthorized` if the token
  /// is
  ///          wrong.
  static outcome<client> connect(const service_address& where);

  /// Ends it, if `stop` did not. Blocks until its threads are gone.
  ~client();

  client(client&&) noexcept;
  client& operator=(client&&) noexcept;

  /// Ends it: answers all who wait with `stopping`, closes the store. An
  /// orchestrator in this process starts nothing new from here on; runs on the
  /// platform go on, unless `abort_runs`: then all of them are aborted first,
  /// and it waits until they have ended. A service that runs elsewhere goes on
  /// in any case. Nothing can be asked afterwards.
  /// @returns how many were aborted.
  outcome<std::uint64_t> stop(bool abort_runs = false);

  // -- requests ---------------------------------------------------------------

  /// Submits runs: at most 10,000, all of them or none. Answers once they are
  /// durable, with how each stands; those whose names were known are joined.
  /// Fails with `bad-field`, `duplicate-name`, `name-conflict`,
  /// `input-too-large`, `unknown-account`, `store-failed`.
  void submit(std::vector<run_spec> requests, done<runs> f);

  /// Tells how a run stands. Fails with `unknown-run`, as all below that name
  /// one.
  void get(const run_name& which, done<run_info> f);

  /// Lists runs, the newest first. Fails with `bad-field`.
  void list(const run_query& which, done<run_list> f);

  /// Answers once the run is final, or as it stands after so long.
  void wait(const run_name& which, std::chrono::milliseconds at_most,
            done<run_info> f);

  /// Aborts a run: what waits is cancelled, what runs is ended by the platform.
  /// Answers when that is under way.
  /// @param gracefully gives it 30 s to end by itself.
  void abort(const run_name& which, bool gracefully, done<run_info> f);

  /// Aborts all runs of a namespace that are not final; answers how many.
  void abort_all(const std::string& space, done<std::uint64_t> f);

  /// Reads items of a run's dataset, also while it runs: `limit` (at least 1)
  /// after the first `offset`.
  void items(const run_name& which, std::uint64_t offset, std::uint64_t limit,
             done<item_lines> f);

  /// Tells how everything stands, as `GET /api/v1/report`: JSON.
  /// @param space only this namespace; all if empty.
  void report(const std::string& space, done<std::string> f);

  // -- batches ----------------------------------------------------------------

  // An orchestrator in this process has them if `client_options::batches` says
  // so; else all of these fail with `bad-config`.

  /// Starts a batch, or joins the one of that name. Answers once it is durable.
  /// Fails with `bad-json`, `bad-field`, `name-conflict`.
  /// @param spec JSON, see docs/batches.md.
  void start_batch(const std::string& spec, done<batch_info> f);

  /// Answers once the batch is over, or as it stands after so long; at once if
  /// that is 0. Fails with `not-found`, as all below that name one.
  void wait_batch(const std::string& name, std::chrono::milliseconds at_most,
                  done<batch_info> f);

  /// Lists all, the newest first.
  void list_batches(done<batches> f);

  void
  change_batch(const std::string& name, batch_verb how, done<batch_info> f);

  /// Sets how many pages may be done at a time; the limit before is kept.
  void
  limit_batch(const std::string& name, std::uint32_t pages, done<batch_info> f);

  // -- the same with futures --------------------------------------------------

  std::future<outcome<runs>> submit(std::vector<run_spec> requests) {
    return promised<runs>(
      [&](auto f) { submit(std::move(requests), std::move(f)); });
  }

  std::future<outcome<run_info>> get(const run_name& which) {
    return promised<run_info>([&](auto f) { get(which, std::move(f)); });
  }

  std::future<outcome<run_list>> list(const run_query& which = {}) {
    return promised<run_list>([&](auto f) { list(which, std::move(f)); });
  }

  std::future<outcome<run_info>>
  wait(const run_name& which, std::chrono::milliseconds at_most) {
    return promised<run_info>(
      [&](auto f) { wait(which, at_most, std::move(f)); });
  }

  std::future<outcome<run_info>>
  abort(const run_name& which, bool gracefully = false) {
    return promised<run_info>(
      [&](auto f) { abort(which, gracefully, std::move(f)); });
  }

  std::future<outcome<std::uint64_t>>
  abort_all(const std::string& space = "default") {
    return promised<std::uint64_t>(
      [&](auto f) { abort_all(space, std::move(f)); });
  }

  std::future<outcome<item_lines>>
  items(const run_name& which, std::uint64_t offset, std::uint64_t limit) {
    return promised<item_lines>(
      [&](auto f) { items(which, offset, limit, std::move(f)); });
  }

  std::future<outcome<std::string>> report(const std::string& space = "") {
    return promised<std::string>([&](auto f) { report(space, std::move(f)); });
  }

  std::future<outcome<batch_info>> start_batch(const std::string& spec) {
    return promised<batch_info>(
      [&](auto f) { start_batch(spec, std::move(f)); });
  }

  std::future<outcome<batch_info>>
  wait_batch(const std::string& name, std::chrono::milliseconds at_most) {
    return promised<batch_info>(
      [&](auto f) { wait_batch(name, at_most, std::move(f)); });
  }

  std::future<outcome<batches>> list_batches() {
    return promised<batches>([&](auto f) { list_batches(std::move(f)); });
  }

  std::future<outcome<batch_info>>
  change_batch(const std::string& name, batch_verb how) {
    return promised<batch_info>(
      [&](auto f) { change_batch(name, how, std::move(f)); });
  }

  std::future<outcome<batch_info>>
  limit_batch(const std::string& name, std::uint32_t pages) {
    return promised<batch_info>(
      [&](auto f) { limit_batch(name, pages, std::move(f)); });
  }

  // -- facts ------------------------------------------------------------------

  /// Calls `f` with each fact from now on, in order, in place of the function
  /// before; an empty one ends that. Facts of submissions that were answered
  /// before this returns may be missing.
  void on_event(std::function<void(const event_info&)> f);

  /// Calls `f`, at most once, if the orchestrator ends by itself, as it does
  /// when its disk fails, or if the service goes away: everything asked fails
  /// with `stopping` then; start or connect anew.
  void on_death(std::function<void()> f);

  /// What stands behind a client; the library has one for each kind.
  class backend;

private:
  explicit client(std::unique_ptr<backend> behind);

  template <class T, class F>
  std::future<outcome<T>> promised(F ask) {
    auto promise = std::make_shared<std::promise<outcome<T>>>();
    auto result = promise->get_future();
    ask([promise](outcome<T> x) { promise->set_value(std::move(x)); });
    return result;
  }

  std::unique_ptr<backend> behind_;
};

} // namespace orc
