#include "messages/batches.hpp"

#include "messages/base/error.hpp"
#include "messages/batch_submission.hpp"
#include "messages/json/json.hpp"
#include "transport/server/call.hpp"
#include "transport/server/ended_stream.hpp"
#include "transport/server/routes/common.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace orc::server {

namespace {

/// Thousands of inputs of megabytes have to reach the disk, or come from it.
constexpr std::chrono::minutes work_timeout{5};

constexpr parameter batch_parameter{
  "name", place::path, string_schema,
  "Name of the batch; a `/` in it is escaped as `%2F`."};

void reply_with(const call_ptr& x, const run_ref& ref, int status) {
  x->ask_of<batch_view>(x->under().batches, get_batch{ref},
                        [x, status](const batch_view& now) {
                          x->reply(status, to_json(now));
                        });
}

/// Puts the runs into the batch, and names those that have no name.
caf::error gather(batch_submission& x) {
  for (std::size_t i = 0; i < x.runs.size(); ++i) {
    auto& run = x.runs[i];
    auto is_other = [](const std::string& own, const std::string& all) {
      return !own.empty() && own != "default" && own != all;
    };
    if (is_other(run.space, x.space))
      return make_error(ec::bad_field,
                        fmt::format("runs[{}].namespace: must be that of the "
                                    "batch, `{}`",
                                    i, x.space));
    if (is_other(run.batch, x.name))
      return make_error(ec::bad_field,
                        fmt::format("runs[{}].batch: must be `{}`", i, x.name));
    run.space = x.space;
    run.batch = x.name;
    if (run.name.empty())
      run.name = fmt::format("{}-{}", x.name, i + 1);
  }
  return {};
}

void submit_all(const call_ptr& x, const run_ref& ref,
                std::vector<run_request> runs) {
  if (runs.empty())
    return reply_with(x, ref, 200);
  submit_runs question;
  question.runs = std::move(runs);
  x->ask<submitted_runs>(
    std::move(question),
    [x, ref](const submitted_runs& done) {
      auto is_new = false;
      for (const auto& one : done.runs)
        is_new |= !one.joined;
      reply_with(x, ref, is_new ? 201 : 200);
    },
    work_timeout);
}

void submit(const call_ptr& x) {
  auto wanted = from_json<batch_submission>(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  if (auto err = gather(*wanted))
    return x->fail(err);
  auto ref = run_ref{wanted->space, wanted->name};
  auto rules = batch_rules{wanted->tolerated_failures, wanted->tolerated_share,
                           wanted->on_exceeded};
  // Runs alone leave the rules as they are.
  if (!wanted->runs.empty() && rules == batch_rules{})
    return submit_all(x, ref, std::move(wanted->runs));
  auto runs
    = std::make_shared<std::vector<run_request>>(std::move(wanted->runs));
  x->ask_of<batch_view>(x->under().batches,
                        set_batch{{ref.name, ref.space, rules}},
                        [x, ref, runs](const batch_view&) {
                          submit_all(x, ref, std::move(*runs));
                        });
}

void list(const call_ptr& x) {
  auto limit = read_limit(*x);
  if (!limit)
    return x->fail(limit.error());
  x->ask_of<batch_views>(
    x->under().batches, list_batches{x->text("namespace").value_or(""), *limit},
    [x](const batch_views& found) { x->reply(200, to_json(found)); });
}

void show(const call_ptr& x) {
  auto wait = read_wait(*x);
  if (!wait)
    return x->fail(wait.error());
  x->ask_of<batch_view>(
    x->under().batches, wait_batch{x->ref(), *wait},
    [x](const batch_view& now) { x->reply(200, to_json(now)); },
    *wait + wait_margin);
}

void abort(const call_ptr& x) {
  auto options = read_abort_options(*x);
  if (!options)
    return x->fail(options.error());
  x->ask_of<batch_change>(
    x->under().batches, abort_batch{x->ref(), options->gracefully},
    [x](const batch_change& done) { x->reply(200, to_json(done)); },
    work_timeout);
}

void retry(const call_ptr& x) {
  x->ask_of<batch_change>(
    x->under().batches, retry_batch{x->ref()},
    [x](const batch_change& done) { x->reply(200, to_json(done)); },
    work_timeout);
}

void ended(const call_ptr& x) {
  // Whether there is such a batch is an answer of its own.
  x->ask_of<batch_view>(
    x->under().batches, get_batch{x->ref()}, [x](const batch_view&) {
      if (x->request().method == "HEAD")
        return x->reply({200, {{"Content-Type", "application/x-ndjson"}}, {}});
      auto& under = x->under();
      auto stream
        = under.self->spawn(ended_stream, x->release(200), under.orchestrator,
                            under.events, x->ref());
      under.adopt(stream, true);
    });
}

route submit_route() {
  return {"POST",
          "/api/v1/run-batches",
          "submitBatch",
          "Sets the rules of a batch and submits runs for it. The same again "
          "joins; more runs join the batch. Answered once all are durable.",
          {},
          &schema_for<batch_submission>,
          {{201, "At least one run is new.", &schema_for<batch_view>},
           {200, "No run is new.", &schema_for<batch_view>}},
          &submit};
}

route list_route() {
  return {"GET",
          "/api/v1/run-batches",
          "listBatches",
          "Lists batches that have runs, the newest first.",
          {limit_parameter, space_filter},
          nullptr,
          {{200, "Batches.", &schema_for<batch_views>}},
          &list};
}

route show_route() {
  return {"GET",
          "/api/v1/run-batches/{name}",
          "getBatch",
          "Shows how a batch stands, at once or when all its runs are final.",
          {batch_parameter,
           {"waitSecs", place::query, wait_schema,
            "Waits so long for all runs to become final."},
           namespace_parameter},
          nullptr,
          {{200, "The batch as it is now.", &schema_for<batch_view>}},
          &show};
}

route ended_route() {
  return {
    "GET",
    "/api/v1/run-batches/{name}/ended",
    "streamEnded",
    "Streams the runs of a batch, each as it ends, those that ended "
    "before at once; ends when none is left.",
    {batch_parameter, namespace_parameter},
    nullptr,
    {{200, "A run on each line.", &schema_for<run>, "application/x-ndjson"}},
    &ended,
    false,
    dialect::own,
    "batch.ended",
    "it streams: subscribe to the events run.ended, wait with batch.wait, or "
    "list with run.list and `batch`"};
}

route abort_route() {
  return {"POST",
          "/api/v1/run-batches/{name}/abort",
          "abortBatch",
          "Aborts all runs of a batch that are not final.",
          {batch_parameter, namespace_parameter},
          &schema_for<abort_options>,
          {{200, "How many are being aborted.", &schema_for<batch_change>}},
          &abort};
}

route retry_route() {
  return {"POST",
          "/api/v1/run-batches/{name}/retry",
          "retryBatch",
          "Submits again what ended and did not succeed, for one more attempt "
          "each. Takes back that the batch was stopped.",
          {batch_parameter, namespace_parameter},
          nullptr,
          {{200, "How many were submitted again.", &schema_for<batch_change>}},
          &retry};
}

} // namespace

std::vector<route> batch_routes() {
  return {submit_route(), list_route(),  show_route(),
          ended_route(),  abort_route(), retry_route()};
}

} // namespace orc::server
