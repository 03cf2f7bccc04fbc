#include "messages/json/task_run.hpp"

#include "messages/json/json.hpp"
#include "messages/json/parent_refs.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

/// @returns how many attempts of a task have failed.
std::size_t failures_of(const task& x) {
  auto in
    = raw_object::read(fmt::format(R"({{"errors":{}}})", x.errors.view()));
  auto errors = in ? in->array("errors") : std::nullopt;
  return errors ? errors->size() : 0;
}

/// @returns what nothing else is called that is done for a task.
std::string name_of_run(const task& is, std::uint64_t resets) {
  auto reset = resets > 0 ? fmt::format("reset-{}/", resets) : std::string{};
  return fmt::format("task/{}/{}{}", is.id, reset, failures_of(is) + 1);
}

/// @returns the members of an object, as they were written, but for one.
std::string members_without(const raw_object& x, std::string_view left_out) {
  std::string result;
  for (const auto& name : x.names())
    if (name != left_out)
      result.append(result.empty() ? "" : ",")
        .append(json_quote(name))
        .append(":")
        .append(x.raw(name));
  return result;
}

template <class T>
std::string or_null(const std::optional<T>& x) {
  return x ? fmt::format("{}", *x) : "null";
}

std::string quoted_or_null(const std::optional<std::string>& x) {
  return x ? json_quote(*x) : "null";
}

std::string render_facts(const run& x) {
  return fmt::format(R"("runId":{},"status":{},"defaultDatasetId":{},)"
                     R"("itemCount":{},"usageTotalUsd":{})",
                     quoted_or_null(x.run_id),
                     x.status ? json_quote(name_of(*x.status)) : "null",
                     quoted_or_null(x.dataset_id), or_null(x.item_count),
                     or_null(x.usage_total_usd));
}

} // namespace

caf::expected<run_request>
make_task_run(const stored_tasks& given, std::uint64_t resets) {
  const auto& is = given.tasks.front();
  auto input = resolve_parents(is.input, given.parents);
  if (!input)
    return std::move(input.error());
  auto actor = is.channel.value_or("").substr(run_channel_prefix.size());
  auto request
    = fmt::format(R"("name":{},"actor":{})",
                  json_quote(name_of_run(is, resets)), json_quote(actor));
  if (!input->view().starts_with('{')) {
    if (!input->empty())
      request += fmt::format(R"(,"input":{})", input->view());
    return from_json<run_request>("{" + request + "}");
  }
  auto fields = raw_object::read(input->view(), "input");
  if (!fields)
    return std::move(fields.error());
  request
    += fmt::format(R"(,"input":{{{}}})", members_without(*fields, "$run"));
  if (fields->has("$run")) {
    auto more = raw_object::read(fields->raw("$run"), "$run");
    if (!more)
      return std::move(more.error());
    for (auto own : {"name", "actor", "input"})
      if (more->has(own))
        return make_error(ec::bad_field,
                          fmt::format("$run.{}: is that of the task", own));
    if (auto members = members_without(*more, ""); !members.empty())
      request += "," + members;
  }
  return from_json<run_request>("{" + request + "}");
}

std::string render_run_output(const run& x) {
  return fmt::format("{{{}}}", render_facts(x));
}

std::string render_run_error(const run& x) {
  auto message
    = x.error ? x.error->message
              : fmt::format("the run ended {}",
                            x.status ? name_of(*x.status) : name_of(x.state));
  return fmt::format(R"({{"message":{},{}}})", json_quote(message),
                     render_facts(x));
}

} // namespace orc
