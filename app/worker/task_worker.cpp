#include "app/worker/task_worker.hpp"

#include "messages/base/log.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "persistence/instance.hpp"
#include "transport/http/url.hpp"
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

constexpr logger log{"worker"};

/// Shorter than what proxies between us and the service put up with.
constexpr auto longest_poll = 20s;

/// An exit code that asks for another try: EX_TEMPFAIL of sysexits.h.
constexpr int try_again = 75;

/// What Linux lets one variable of an environment have.
constexpr std::size_t longest_variable = 120'000;

/// A task that the service handed out.
struct job {
  std::string id;
  std::string name;
  std::string text;
  std::string input;
  std::string parents;
  std::int64_t attempts = 0;
};

caf::expected<std::optional<job>> read_job(const std::string& answer) {
  auto given = raw_object::read(answer);
  if (!given)
    return std::move(given.error());
  if (!given->has("task") || given->raw("task") == "null")
    return std::optional<job>{};
  auto is = raw_object::read(given->raw("task"));
  if (!is)
    return std::move(is.error());
  job result;
  result.id = is->text("_id").value_or("");
  result.name = is->text("name").value_or("");
  result.text = given->raw("task");
  result.input = is->raw("input");
  result.parents = given->has("parents") ? given->raw("parents") : "[]";
  result.attempts = is->integer("remainingAttempts", 0);
  return std::optional{std::move(result)};
}

/// One of the hands of a worker: does one task after the other.
class hand {
public:
  hand(api_client& client, api_client& polls, const worker_options& options,
       const worker_signs& signs, std::size_t number)
    : client_{client}, polls_{polls}, options_{options}, signs_{signs} {
    auto name = options.id.empty() ? "worker-" + make_instance() : options.id;
    id_ = options.parallel > 1 && !options.id.empty()
            ? fmt::format("{}/{}", name, number)
            : name;
  }

  caf::error work() {
    auto pause = 1s;
    idle_since_ = clock::now();
    while (!is_told_to_end()) {
      auto given = next_ ? caf::expected<std::optional<job>>{std::exchange(
                     next_, std::nullopt)}
                         : acquire();
      if (is_told_to_end() && (!given || !*given))
        break;
      if (signs_.stop) {
        give_back(**given);
        break;
      }
      if (!given) {
        // What nobody can mend by waiting.
        if (code_of(given.error()) != ec::not_sent
            && code_of(given.error()) != ec::answer_lost
            && code_of(given.error()) != ec::bad_answer)
          return given.error();
        log.warn("no-service", "error=\"{}\"", message_of(given.error()));
        rest(pause);
        pause = std::min<std::chrono::seconds>(pause * 2, 30s);
        continue;
      }
      pause = 1s;
      if (*given) {
        do_task(**given);
        idle_since_ = clock::now();
      } else if (options_.once || has_idled()) {
        break;
      }
    }
    // It came with the answer to the last release.
    if (next_)
      give_back(*next_);
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

  double lease_secs() const {
    return static_cast<double>(options_.lease.count()) / 1000;
  }

  std::string channel_in_url() const {
    return http::percent_encode(options_.channel);
  }

  caf::expected<std::optional<job>> acquire() {
    auto answer
      = polls_.post(fmt::format("/api/v1/channel/{}/acquire?waitMillis={}",
                                channel_in_url(), patience().count()),
                    fmt::format(R"({{"workerId":{},"leaseSecs":{}}})",
                                json_quote(id_), lease_secs()));
    if (!answer)
      return std::move(answer.error());
    return read_job(*answer);
  }

  /// @returns whether the task is still ours, as far as we know.
  bool extend(const job& x, double lease_secs) {
    auto answer
      = client_.post(fmt::format("/api/v1/task/{}/heartbeat", x.id),
                     fmt::format(R"({{"workerId":{},"leaseSecs":{}}})",
                                 json_quote(id_), lease_secs));
    if (answer)
      return true;
    log.warn("no-heartbeat", "task={} error=\"{}\"", x.id,
             message_of(answer.error()));
    return code_of(answer.error()) == ec::not_sent
           || code_of(answer.error()) == ec::answer_lost;
  }

  command_options make_command(const job& x) {
    command_options result;
    result.words = options_.command;
    result.input = options_.reads_task
                     ? fmt::format(R"({{"input":{},"parents":{},"task":{}}})",
                                   x.input, x.parents, x.text)
                     : x.input;
    result.input += '\n';
    result.variables = {{"TASK_ID", x.id},
                        {"TASK_NAME", x.name},
                        {"TASK_CHANNEL", options_.channel},
                        {"TASK_ATTEMPTS_LEFT", std::to_string(x.attempts)}};
    if (x.parents.size() < longest_variable)
      result.variables.emplace_back("TASK_PARENTS", x.parents);
    result.mark = "TASK_ID=" + x.id;
    result.timeout = options_.timeout;
    result.grace = options_.grace;
    result.beat = options_.lease / 3;
    result.on_beat = [this, x] { return extend(x, lease_secs()); };
    result.stop = &signs_.stop;
    return result;
  }

  void do_task(const job& x) {
    log.info("task-begun", "id={} name={}", x.id, x.name);
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
        give_back(x);
    }
  }

  /// A lease that ends at once costs no attempt.
  void give_back(const job& x) {
    log.info("task-given-back", "id={}", x.id);
    extend(x, 0.001);
  }

  void complete(const job& x, const command_result& result) {
    auto output = minify_json(result.output);
    if (options_.prints_response) {
      if (!output || !output->starts_with('{'))
        return fail(x, "printed no response: a JSON object", result);
      auto rest = output->substr(1);
      return release(x,
                     fmt::format(R"({{"workerId":{}{}{})", json_quote(id_),
                                 rest == "}" ? "" : ",", rest),
                     result);
    }
    auto text = result.output;
    while (text.ends_with('\n'))
      text.pop_back();
    release(x,
            fmt::format(R"({{"workerId":{},"output":{}}})", json_quote(id_),
                        output         ? *output
                        : text.empty() ? "null"
                                       : json_quote(text)),
            result);
  }

  void fail(const job& x, std::string why, const command_result& result) {
    if (!result.last_words.empty())
      why += ": " + result.last_words;
    release(x,
            fmt::format(R"({{"workerId":{},"error":{}}})", json_quote(id_),
                        json_quote(why)),
            result);
  }

  /// Says how it ended, again and again: nobody else knows. Who goes on asks
  /// for the next task in the same breath.
  void release(const job& x, std::string body, const command_result& result) {
    body.insert(1, fmt::format(R"("leaseSecs":{},)", lease_secs()));
    for (auto pause = 1s;; pause
                           = std::min<std::chrono::seconds>(pause * 2, 30s)) {
      auto answer = client_.post(
        fmt::format("/api/v1/task/{}/release{}", x.id,
                    is_told_to_end() ? "" : "?acquire=" + channel_in_url()),
        body);
      if (answer)
        return finish(*answer);
      auto code = code_of(answer.error());
      log.warn("not-released", "task={} error=\"{}\"", x.id,
               message_of(answer.error()));
      if (code == ec::bad_field)
        return fail(x, message_of(answer.error()), result);
      if (code != ec::not_sent && code != ec::answer_lost)
        return;
      std::this_thread::sleep_for(pause);
    }
  }

  /// A service that is older than this worker answers with the task alone.
  void finish(const std::string& answer) {
    auto given = raw_object::read(answer);
    if (!given || !given->has("released"))
      return count(answer);
    count(std::string{given->raw("released")});
    if (auto next = read_job(answer))
      next_ = std::move(*next);
  }

  void count(const std::string& answer) {
    auto is = raw_object::read(answer);
    if (is && is->flag("isComplete"))
      ++tally_.done;
    else
      ++tally_.failed;
  }

  api_client& client_;
  api_client& polls_;
  const worker_options& options_;
  const worker_signs& signs_;
  std::string id_;
  clock::time_point idle_since_;
  /// Handed out with the answer to the last release.
  std::optional<job> next_;
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
