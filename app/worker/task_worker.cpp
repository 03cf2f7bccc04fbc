#include "app/worker/task_worker.hpp"

#include "app/worker/log.hpp"
#include "app/worker/task_desk.hpp"
#include "messages/base/utf8.hpp"
#include "messages/json/json.hpp"
#include "persistence/instance.hpp"
#include "transport/process/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

/// Shorter than what proxies between us and the service put up with.
constexpr auto longest_poll = 20s;

/// Between two tries while the service cannot be reached.
constexpr std::chrono::milliseconds first_pause = 1s;
constexpr std::chrono::milliseconds longest_pause = 30s;

/// An exit code that asks for another try: EX_TEMPFAIL of sysexits.h.
constexpr int try_again = 75;

/// What Linux lets one variable of an environment have.
constexpr std::size_t longest_variable = 120'000;

/// Whether the service takes no such outcome of a task, while it may take
/// another: the task is there, and ours.
bool is_about_outcome(const caf::error& x) {
  switch (code_of(x)) {
    case ec::not_found:
    case ec::unknown_run:
    case ec::not_assigned:
    case ec::unauthorized:
      return false;
    default:
      return !may_pass(x);
  }
}

/// @returns why an outcome was refused, and what to do.
std::string advice_on(const caf::error& x) {
  auto result = message_of(x);
  if (type_of(x) == "request-too-large")
    result += ": print less, or store it elsewhere and print where it is";
  return result;
}

/// What hand `number` of a worker is called.
std::string name_of_hand(const worker_options& x, std::size_t number) {
  if (x.id.empty())
    return "worker-" + make_instance();
  return x.parallel > 1 ? fmt::format("{}/{}", x.id, number) : x.id;
}

/// One of the hands of a worker: does one task after the other.
class hand {
public:
  hand(api_client& client, api_client& polls, const worker_options& options,
       const worker_signs& signs, std::size_t number)
    : options_{options}, signs_{signs}, desk_{client, polls, options.channel,
                                              name_of_hand(options, number),
                                              options.lease} {
    // nop
  }

  caf::error work() {
    auto pause = first_pause;
    idle_since_ = clock::now();
    while (!is_told_to_end()) {
      auto given = next_task();
      if (given && *given) {
        pause = first_pause;
        take(**given);
        continue;
      }
      if (is_told_to_end())
        break;
      if (given) {
        pause = first_pause;
        if (options_.once || has_idled())
          break;
        continue;
      }
      // What nobody can mend by waiting.
      if (!may_pass(given.error()))
        return given.error();
      worker_log.warn("no-service", "error=\"{}\"", message_of(given.error()));
      rest(pause);
      pause = std::min(pause * 2, longest_pause);
    }
    // It came with the answer to the last release.
    if (next_)
      desk_.give_back(*next_);
    return {};
  }

  const worker_tally& tally() const {
    return tally_;
  }

private:
  using clock = std::chrono::steady_clock;

  bool is_told_to_end() const {
    return signs_.stop || signs_.leave;
  }

  bool has_idled() const {
    return options_.idle_exit > 0ms
           && clock::now() - idle_since_ >= options_.idle_exit;
  }

  /// @returns how long it may wait for a task in one go.
  std::chrono::milliseconds patience() const {
    if (options_.once)
      return 0ms;
    if (options_.idle_exit == 0ms)
      return longest_poll;
    auto left = std::chrono::ceil<std::chrono::milliseconds>(
      options_.idle_exit - (clock::now() - idle_since_));
    return std::clamp<std::chrono::milliseconds>(left, 1ms, longest_poll);
  }

  void rest(std::chrono::milliseconds time) const {
    for (auto left = time; left > 0ms && !is_told_to_end(); left -= 100ms)
      std::this_thread::sleep_for(100ms);
  }

  caf::expected<std::optional<handed_task>> next_task() {
    if (next_)
      return std::exchange(next_, std::nullopt);
    return desk_.acquire(patience());
  }

  void take(const handed_task& x) {
    if (signs_.stop)
      return desk_.give_back(x);
    do_task(x);
    idle_since_ = clock::now();
  }

  command_options make_command(const handed_task& x) {
    command_options result;
    result.words = options_.command;
    result.input = options_.reads_task
                     ? fmt::format(R"({{"input":{},"parents":{},"task":{}}})",
                                   x.input, x.parents, x.text)
                     : x.input;
    result.input += '\n';
    result.variables
      = {{"TASK_ID", x.id},
         {"TASK_NAME", x.name},
         {"TASK_CHANNEL", options_.channel},
         {"TASK_ATTEMPTS_LEFT", std::to_string(x.attempts_left)}};
    if (x.parents.size() < longest_variable)
      result.variables.emplace_back("TASK_PARENTS", x.parents);
    result.mark = "TASK_ID=" + x.id;
    result.timeout = options_.timeout;
    result.grace = options_.grace;
    result.beat = options_.lease / 3;
    result.on_beat = [this, x] { return desk_.extend(x); };
    result.stop = &signs_.stop;
    return result;
  }

  void do_task(const handed_task& x) {
    worker_log.info("task-begun", "id={} name={}", x.id, x.name);
    auto result = run_command(make_command(x));
    using end = command_result::end;
    switch (result.how) {
      case end::exited:
        if (result.code == 0)
          return complete(x, result);
        return fail(x,
                    result.code == try_again
                      ? "try again"
                      : fmt::format("exit code {}", result.code),
                    result);
      case end::killed:
        return fail(x, fmt::format("killed by signal {}", result.code), result);
      case end::timed_out:
        return fail(x, "timed out", result);
      case end::not_started:
        return fail(x, "cannot be started", result);
      case end::stopped:
        desk_.give_back(x);
    }
  }

  void complete(const handed_task& x, const command_result& result) {
    if (result.is_cut)
      return fail(x, "printed more than 10 MiB", result);
    auto outcome = options_.prints_response ? response_of(result.output)
                                            : output_of(result.output);
    if (!outcome)
      return fail(x, "printed no response: a JSON object", result);
    auto refused = release(x, *outcome);
    if (refused)
      fail(x, advice_on(refused), result);
  }

  /// @returns the members of the object that a command printed.
  static std::optional<std::string> response_of(const std::string& printed) {
    auto json = minify_json(printed);
    if (!json || !json->starts_with('{'))
      return std::nullopt;
    return json->substr(1, json->size() - 2);
  }

  static std::optional<std::string> output_of(std::string printed) {
    if (auto json = minify_json(printed))
      return R"("output":)" + *json;
    while (printed.ends_with('\n'))
      printed.pop_back();
    return R"("output":)"
           + (printed.empty() ? "null" : json_quote(to_utf8(printed)));
  }

  void
  fail(const handed_task& x, std::string why, const command_result& result) {
    if (!result.last_words.empty())
      why += ": " + result.last_words;
    release(x, R"("error":)" + json_quote(why));
  }

  /// Says how it ended, again and again: nobody else knows. A worker that shall
  /// stop has its grace for that, then the task comes back when its lease ends.
  /// @returns why the service takes no such outcome.
  caf::error release(const handed_task& x, const std::string& outcome) {
    std::optional<clock::time_point> stopped_at;
    for (auto pause = first_pause;; pause
                                    = std::min(pause * 2, longest_pause)) {
      auto done = desk_.release(x, outcome, !is_told_to_end());
      if (done) {
        ++(done->is_complete ? tally_.done : tally_.failed);
        next_ = std::move(done->next);
        return {};
      }
      worker_log.warn("not-released", "task={} error=\"{}\"", x.id,
                      message_of(done.error()));
      if (is_about_outcome(done.error()))
        return done.error();
      if (!may_pass(done.error()) || !wait_to_release(pause, stopped_at))
        return {};
    }
  }

  /// @param stopped_at when it was first seen that the worker shall stop.
  /// @returns whether to try again.
  bool wait_to_release(std::chrono::milliseconds time,
                       std::optional<clock::time_point>& stopped_at) const {
    for (auto left = time; left > 0ms; left -= 100ms) {
      if (signs_.stop && !stopped_at) {
        stopped_at = clock::now();
        return true;
      }
      if (stopped_at && clock::now() - *stopped_at >= options_.grace)
        return false;
      std::this_thread::sleep_for(100ms);
    }
    return true;
  }

  const worker_options& options_;
  const worker_signs& signs_;
  task_desk desk_;
  clock::time_point idle_since_;
  /// Handed out with the answer to the last release.
  std::optional<handed_task> next_;
  worker_tally tally_;
};

} // namespace

caf::expected<worker_tally>
work(api_client& client, api_client& polls, const worker_options& options,
     const worker_signs& signs) {
  std::mutex mutex;
  worker_tally result;
  caf::error problem;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < options.parallel; ++i)
    threads.emplace_back([&, i] {
      hand one{client, polls, options, signs, i};
      auto err = one.work();
      std::lock_guard guard{mutex};
      result.done += one.tally().done;
      result.failed += one.tally().failed;
      if (err)
        problem = err;
    });
  for (auto& x : threads)
    x.join();
  if (problem)
    return problem;
  return result;
}

} // namespace orc::app
