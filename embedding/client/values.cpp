#include "embedding/client/values.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/json/merge.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

/// Puts the fields of a JSON object together, those that are given.
class object_writer {
public:
  void raw(std::string_view name, std::string_view json) {
    text_ += fmt::format("{}{}:{}", text_.empty() ? "" : ",", json_quote(name),
                         json);
  }

  void text(std::string_view name, const std::string& x) {
    if (!x.empty())
      raw(name, json_quote(x));
  }

  template <class T>
  void number(std::string_view name, const std::optional<T>& x) {
    if (x)
      raw(name, fmt::format("{}", *x));
  }

  std::string take() const {
    return "{" + text_ + "}";
  }

private:
  std::string text_;
};

/// @returns the options of a request over those that `more` has.
caf::expected<std::string>
options_of(const run_spec& x, std::string_view more) {
  object_writer options;
  options.number("memoryMbytes", x.memory_mbytes);
  options.number("timeoutSecs", x.timeout_secs);
  options.number("maxTotalChargeUsd", x.max_total_charge_usd);
  if (more.empty())
    return options.take();
  return merge_objects(more, options.take());
}

} // namespace

problem problem_of(const caf::error& x) {
  if (code_of(x) != ec::none || x.category() == caf::atom("orc"))
    return {type_of(x), message_of(x)};
  // CAF's own: whom we asked is gone.
  return {to_string(ec::stopping), "the orchestrator has ended"};
}

run_info info_of(const run& x) {
  run_info result;
  result.name = x.name;
  result.space = x.space;
  result.state = name_of(x.state);
  if (x.status)
    result.status = name_of(*x.status);
  result.reason = x.reason.value_or("");
  result.run_id = x.run_id.value_or("");
  result.dataset_id = x.dataset_id.value_or("");
  result.attempts = attempts_used(x);
  result.item_count = x.item_count;
  result.usage_usd = x.usage_total_usd;
  result.is_final = is_final(x.state);
  result.succeeded = succeeded(x);
  if (x.error) {
    result.error_type = x.error->type;
    result.error_message = x.error->message;
  }
  result.json = to_json(x);
  return result;
}

event_info info_of(const run_event& x) {
  return {std::string{name_of(x.kind)}, x.at.millis, info_of(x.run)};
}

batch_info info_of(const walk_view& x) {
  batch_info result;
  result.name = x.name;
  result.state = name_of(x.state);
  result.is_paused = x.is_paused;
  result.is_finished = x.is_finished;
  result.pages = x.pages;
  result.completed = x.completed;
  result.processing = x.processing;
  result.failed = x.failed;
  result.stuck = x.stuck;
  result.items = x.items;
  result.item_errors = x.item_errors;
  result.max_parallelism = x.max_parallelism;
  result.resume_cursor = x.resume_cursor.value_or("");
  result.error = x.error.value_or("");
  result.json = to_json(x);
  return result;
}

caf::expected<list_runs> question_of(const run_query& x) {
  list_runs result;
  result.space = x.space;
  result.batch = x.batch;
  if (result.space.empty() && !result.batch.empty())
    result.space = "default";
  for (const auto& name : x.states) {
    auto state = parse_enum<run_state>(name);
    if (!state)
      return make_error(
        ec::bad_field,
        fmt::format("states: must be of {}, not {}",
                    fmt::join(enum_names<run_state>::values, ", "), name));
    result.states.push_back(*state);
  }
  if (x.limit < 1 || x.limit > 1000)
    return make_error(ec::bad_field, "limit: must be from 1 to 1000");
  result.limit = x.limit;
  result.cursor = x.cursor;
  return result;
}

caf::expected<std::string> request_of(const run_spec& x) {
  auto more = raw_object::read(x.more);
  if (!more)
    return std::move(more.error());
  auto options = options_of(x, more->raw("options"));
  if (!options)
    return std::move(options.error());
  object_writer request;
  request.text("name", x.name);
  if (x.space != "default")
    request.text("namespace", x.space);
  request.text("batch", x.batch);
  request.text("actor", x.actor);
  request.text("task", x.task);
  if (!x.input.empty())
    request.raw("input", x.input);
  if (*options != "{}")
    request.raw("options", *options);
  if (x.attempts != 1)
    request.number("attempts", std::optional{x.attempts});
  if (x.priority != 0)
    request.number("priority", std::optional{x.priority});
  if (x.more.empty())
    return request.take();
  return merge_objects(x.more, request.take());
}

} // namespace orc
