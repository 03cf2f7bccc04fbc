#include "app/worker/task_desk.hpp"

#include "app/worker/log.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc::app {

namespace {

caf::expected<std::optional<handed_task>> read_task(const std::string& answer) {
  auto given = raw_object::read(answer);
  if (!given)
    return std::move(given.error());
  if (!given->has("task") || given->raw("task") == "null")
    return std::optional<handed_task>{};
  auto is = raw_object::read(given->raw("task"));
  if (!is)
    return std::move(is.error());
  handed_task result;
  result.id = is->text("_id").value_or("");
  result.name = is->text("name").value_or("");
  result.text = given->raw("task");
  result.input = is->raw("input");
  result.parents = given->has("parents") ? given->raw("parents") : "[]";
  result.attempts_left = is->integer("remainingAttempts", 0);
  return std::optional{std::move(result)};
}

bool is_complete(std::string_view task) {
  auto is = raw_object::read(task);
  return is && is->flag("isComplete");
}

} // namespace

task_desk::task_desk(api_client& client, api_client& polls,
                     const std::string& channel, std::string worker,
                     std::chrono::milliseconds lease)
  : client_{client}, polls_{polls}, channel_{http::percent_encode(channel)},
    worker_{json_quote(worker)},
    lease_secs_{std::chrono::duration<double>(lease).count()} {
  // nop
}

caf::expected<std::optional<handed_task>>
task_desk::acquire(std::chrono::milliseconds patience) {
  auto answer = polls_.post(
    fmt::format("/api/v1/channel/{}/acquire?waitMillis={}", channel_,
                patience.count()),
    fmt::format(R"({{"workerId":{},"leaseSecs":{}}})", worker_, lease_secs_));
  if (!answer)
    return std::move(answer.error());
  return read_task(*answer);
}

bool task_desk::extend(const handed_task& x) {
  return extend(x, lease_secs_);
}

void task_desk::give_back(const handed_task& x) {
  worker_log.info("task-given-back", "id={}", x.id);
  // A lease that ends at once costs no attempt.
  extend(x, 0.001);
}

bool task_desk::extend(const handed_task& x, double lease_secs) {
  auto answer = client_.post(fmt::format("/api/v1/task/{}/heartbeat", x.id),
                             fmt::format(R"({{"workerId":{},"leaseSecs":{}}})",
                                         worker_, lease_secs));
  if (answer)
    return true;
  worker_log.warn("no-heartbeat", "task={} error=\"{}\"", x.id,
                  message_of(answer.error()));
  return may_pass(answer.error());
}

caf::expected<released_task>
task_desk::release(const handed_task& x, const std::string& outcome,
                   bool with_next) {
  auto answer = client_.post(
    fmt::format("/api/v1/task/{}/release{}", x.id,
                with_next ? "?acquire=" + channel_ : ""),
    fmt::format(R"({{"leaseSecs":{},"workerId":{}{}{}}})", lease_secs_, worker_,
                outcome.empty() ? "" : ",", outcome));
  if (!answer)
    return std::move(answer.error());
  auto given = raw_object::read(*answer);
  // A service that is older than this worker answers with the task alone.
  if (!given || !given->has("released"))
    return released_task{is_complete(*answer), std::nullopt};
  released_task result{is_complete(given->raw("released")), std::nullopt};
  if (auto next = read_task(*answer))
    result.next = std::move(*next);
  return result;
}

} // namespace orc::app
