#include "messages/base/error.hpp"
#include "messages/http_api.hpp"
#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"
#include "transport/server/routes/submit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc::server {

namespace {

/// Reads a list of states, divided by commas.
caf::expected<std::vector<run_state>> read_states(std::string_view text) {
  std::vector<run_state> result;
  while (!text.empty()) {
    auto name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(name.size() + 1, text.size()));
    auto state = parse_enum<run_state>(name);
    if (!state)
      return must_be(
        "state",
        fmt::format("of {}", fmt::join(enum_names<run_state>::values, ", ")),
        name);
    result.push_back(*state);
  }
  return result;
}

void list(const call_ptr& x) {
  auto states = read_states(x->text("state").value_or(""));
  if (!states)
    return x->fail(states.error());
  auto limit = read_limit(*x);
  if (!limit)
    return x->fail(limit.error());
  list_runs question;
  question.space = x->text("namespace").value_or("");
  question.batch = x->text("batch").value_or("");
  if (question.space.empty() && !question.batch.empty())
    question.space = "default";
  question.states = std::move(*states);
  question.limit = *limit;
  question.cursor = x->text("cursor").value_or("");
  x->ask<run_page>(std::move(question),
                   [x](const run_page& page) { x->reply(200, to_json(page)); });
}

void show(const call_ptr& x) {
  auto wait = read_wait(*x);
  if (!wait)
    return x->fail(wait.error());
  auto answer = [x](const run& found) { x->reply(200, to_json(found)); };
  if (wait->count() == 0)
    return x->ask<run>(get_run{x->ref()}, answer);
  x->ask<run>(wait_run{x->ref(), *wait}, answer, *wait + wait_margin);
}

void abort_one(const call_ptr& x) {
  auto options = read_abort_options(*x);
  if (!options)
    return x->fail(options.error());
  x->ask<run>(abort_named_run{x->ref(), options->gracefully},
              [x](const run& found) { x->reply(200, to_json(found)); });
}

void abort_many(const call_ptr& x) {
  auto wanted = from_json<abort_runs>(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  if (wanted->all == !wanted->names.empty())
    return x->fail(make_error(
      ec::bad_field, "document: give either `names` or `\"all\": true`"));
  x->ask<aborted_runs>(std::move(*wanted), [x](const aborted_runs& done) {
    x->reply(200, to_json(done));
  });
}

route submit_route() {
  return {"POST",
          "/api/v1/runs",
          "submitRuns",
          "Submits a run, or an array of runs: all or none. A name that is "
          "known joins its run. Answered once it is durable.",
          {{"retryFailed", place::query, flag_schema,
            "Give FAILED runs as many attempts again as they ask for."},
           key_parameter},
          &schema_for<run_request>,
          {{201, "At least one run is new.", &schema_for<run>},
           {200, "All names were known.", &schema_for<run>}},
          &submit};
}

route list_route() {
  return {"GET",
          "/api/v1/runs",
          "listRuns",
          "Lists runs, newest first.",
          {{"state", place::query, string_schema,
            "Only these states, divided by commas."},
           limit_parameter,
           {"cursor", place::query, string_schema,
            "`nextCursor` of the page before."},
           {"batch", place::query, string_schema,
            "Only this batch of the namespace."},
           space_filter},
          nullptr,
          {{200, "A page of runs.", &schema_for<run_page>}},
          &list};
}

route show_route() {
  return {"GET",
          "/api/v1/runs/{name}",
          "getRun",
          "Shows a run, at once or when it is final.",
          {name_parameter,
           {"waitSecs", place::query, wait_schema,
            "Waits so long for the run to become final."},
           namespace_parameter},
          nullptr,
          {{200, "The run as it is now.", &schema_for<run>}},
          &show};
}

route abort_one_route() {
  return {"POST",
          "/api/v1/runs/{name}/abort",
          "abortRun",
          "Aborts a run; does nothing if it is final.",
          {name_parameter, namespace_parameter},
          &schema_for<abort_options>,
          {{200, "The run as it is now.", &schema_for<run>}},
          &abort_one};
}

route abort_many_route() {
  return {"POST",
          "/api/v1/runs/abort",
          "abortRuns",
          "Aborts some runs, or all of a namespace.",
          {},
          &schema_for<abort_runs>,
          {{200, "What was done.", &schema_for<aborted_runs>}},
          &abort_many,
          false,
          dialect::own,
          "run.abort-all"};
}

} // namespace

std::vector<route> run_routes() {
  return {submit_route(), list_route(), show_route(), abort_one_route(),
          abort_many_route()};
}

} // namespace orc::server
