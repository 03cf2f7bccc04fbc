// What workers call, and what keeps Crew going, which we need not be told.

#include "messages/json/json.hpp"
#include "transport/server/routes/crew_common.hpp"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <optional>

namespace orc::server {

namespace {

/// A task on its way to a client, who may go before it arrives.
class delivery {
public:
  explicit delivery(const acquire_task& x, tasks_actor tasks)
    : asked_{x.channel, x.worker}, waits_{x.wait.count() > 0},
      has_key_{!x.token.empty()}, tasks_{std::move(tasks)} {
    // nop
  }

  /// The task is found, and its answer is about to be written.
  /// @returns whether it may: else the task goes back, and the client, which
  ///          may have closed only its half, must not take it for its own.
  bool bring(const task& x) {
    // Who asks again with the key gets it, or has it already.
    if (has_key_)
      return true;
    std::lock_guard guard{mutex_};
    brought_ = {x.id, asked_.worker, x.assigned_at.value_or(timestamp{})};
    if (is_gone_)
      caf::anon_send(tasks_, *brought_);
    return !is_gone_;
  }

  void client_gone() {
    std::lock_guard guard{mutex_};
    is_gone_ = true;
    if (brought_)
      caf::anon_send(tasks_, *brought_);
    else if (waits_)
      caf::anon_send(tasks_, asked_);
  }

private:
  std::mutex mutex_;
  stop_waiting asked_;
  bool waits_;
  bool has_key_;
  tasks_actor tasks_;
  std::optional<return_task> brought_;
  bool is_gone_ = false;
};

void acquire(const call_ptr& x) {
  auto worker = read_crew_worker(x->request().body);
  auto wait = read_wait(*x);
  auto millis = x->number("waitMillis", 0, 0, max_wait_secs * 1000);
  if (!worker || !wait || !millis)
    return x->fail(!worker ? worker.error()
                   : !wait ? wait.error()
                           : millis.error());
  if (worker->id.empty())
    return x->fail(make_error(ec::bad_field, "workerId is required!"));
  auto token = token_of(*x, "acquire/" + x->path("id"));
  if (!token)
    return;
  acquire_task question;
  question.token = std::move(*token);
  question.channel = x->path("id");
  question.worker = std::move(worker->id);
  question.wait = *wait + std::chrono::milliseconds{*millis};
  question.lease = worker->lease;
  auto way = std::make_shared<delivery>(question, x->under().tasks);
  x->on_gone([way] { way->client_gone(); });
  x->ask_tasks<stored_tasks>(
    std::move(question), [x, way](const stored_tasks& given) {
      remember_key(*x);
      if (!given.tasks.empty() && !way->bring(given.tasks.front()))
        return x->reply(200, render_crew_assignment({}));
      x->reply(200, render_crew_assignment(given));
    });
}

/// Gives a task back, and takes the next one of a channel with the answer.
void exchange(const call_ptr& x, release_task done, std::string channel) {
  auto worker = read_crew_worker(x->request().body);
  if (!worker)
    return x->fail(worker.error());
  exchange_task question;
  question.next.channel = std::move(channel);
  question.next.worker = done.worker;
  question.next.lease = worker->lease;
  question.done = std::move(done);
  auto way = std::make_shared<delivery>(question.next, x->under().tasks);
  x->on_gone([way] { way->client_gone(); });
  x->ask_tasks<stored_tasks>(
    std::move(question), [x, way](const stored_tasks& given) {
      if (given.tasks.size() > 1 && !way->bring(given.tasks.back()))
        return x->reply(200, render_crew_exchange({{given.tasks.front()}, {}}));
      x->reply(200, render_crew_exchange(given));
    });
}

void release(const call_ptr& x) {
  auto id = read_crew_id(*x);
  auto result = read_crew_release(x->request().body);
  if (!id || !result)
    return x->fail(!id ? id.error() : result.error());
  if (result->worker.empty())
    return x->fail(make_error(ec::bad_field, "workerId is required!"));
  result->id = *id;
  if (auto channel = x->text("acquire"))
    return exchange(x, std::move(*result), std::move(*channel));
  x->ask_tasks<stored_tasks>(std::move(*result), [x](const stored_tasks& done) {
    reply_task(x, done);
  });
}

void heartbeat(const call_ptr& x) {
  auto id = read_crew_id(*x);
  auto worker = read_crew_worker(x->request().body);
  if (!id || !worker)
    return x->fail(!id ? id.error() : worker.error());
  if (worker->id.empty())
    return x->fail(make_error(ec::bad_field, "workerId is required!"));
  x->ask_tasks<stored_tasks>(extend_lease{*id, worker->id, worker->lease},
                             [x](const stored_tasks& done) {
                               reply_task(x, done);
                             });
}

void clean(const call_ptr& x) {
  auto batch = x->number("batch", 20, 1, 10'000);
  if (!batch)
    return x->fail(batch.error());
  auto age = x->under().options.group_age;
  if (age.count() == 0)
    return x->reply(200, R"({"success":true})");
  x->ask_of<task_groups>(
    x->under().tasks,
    clean_task_groups{now() - age, static_cast<std::uint32_t>(*batch)},
    [x](const task_groups&) { x->reply(200, R"({"success":true})"); },
    std::chrono::minutes{10});
}

/// Nothing is ever to be put right.
void succeed(const call_ptr& x) {
  x->reply(200, R"({"success":true})");
}

const schema_maker worker_body = [](schema_book&) {
  return std::string{
    R"({"type":"object","required":["workerId"],"properties":{)"
    R"("workerId":{"type":"string","description":"Who asks."},)"
    R"("leaseSecs":{"type":"number","description":"How long the worker may )"
    R"(have the task without a word; 60 if not given."}}})"};
};

const schema_maker release_body = [](schema_book& book) {
  return fmt::format(
    R"({{"type":"object","required":["workerId"],"properties":{{)"
    R"("workerId":{{"type":"string","description":"Who has the task."}},)"
    R"("output":{{"description":"What came of it. Any JSON."}},)"
    R"("error":{{"description":"Why the attempt failed. Any JSON."}},)"
    R"("children":{{"type":"array","description":"Tasks that it makes; )"
    R"(`_child_id` names one among its siblings, `_parent_ids` those that )"
    R"(come first.","items":{}}},)"
    R"("workgroupDelayInSeconds":{{"type":"number"}},)"
    R"("leaseSecs":{{"type":"number","description":"With `acquire`: how long )"
    R"(the worker may have the next task without a word; 60 if not given."}},)"
    R"("childrenDelayInSeconds":{{"type":"number"}}}}}})",
    book.schema_of<task_definition>());
};

const schema_maker assignment = [](schema_book& book) {
  return fmt::format(
    R"({{"type":"object","properties":{{"task":{{"anyOf":[{},)"
    R"({{"type":"null"}}]}},"parents":{{"type":"array","items":{}}}}}}})",
    book.schema_of<task>(), book.schema_of<task_parent>());
};

/// One of the routes that Crew's clients may use with any method.
struct upkeep {
  std::string_view path;
  /// With GET, POST, PUT, PATCH and DELETE.
  std::array<std::string_view, 5> ids;
  std::string_view doc;
  std::vector<parameter> parameters;
  void (*handle)(const call_ptr&);
  std::string_view verb;
};

std::vector<upkeep> upkeeps() {
  return {{"/api/v1/clean",
           {"clean", "cleanNow", "cleanByPut", "cleanByPatch", "cleanByDelete"},
           "Removes groups that are older than `tasks.keep_groups_days`.",
           {{"batch", place::query, count_schema,
             "How many at most; 20 if not given."}},
           &clean,
           "group.clean"},
          {"/api/v1/bootstrap",
           {"bootstrap", "bootstrapNow", "bootstrapByPut", "bootstrapByPatch",
            "bootstrapByDelete"},
           "Does nothing: no task is ever forgotten.",
           {},
           &succeed,
           "task.bootstrap"},
          {"/api/v1/sync",
           {"sync", "syncNow", "syncByPut", "syncByPatch", "syncByDelete"},
           "Does nothing: a task knows at once when its parents are complete.",
           {},
           &succeed,
           "task.sync"}};
}

std::vector<route> upkeep_routes() {
  constexpr std::array<std::string_view, 5> methods{"GET", "POST", "PUT",
                                                    "PATCH", "DELETE"};
  std::vector<route> result;
  for (const auto& x : upkeeps())
    for (std::size_t i = 0; i < methods.size(); ++i)
      result.push_back(crew_route({methods[i],
                                   x.path,
                                   x.ids[i],
                                   x.doc,
                                   x.parameters,
                                   nullptr,
                                   {{200, "It is done."}},
                                   x.handle,
                                   false,
                                   dialect::crew,
                                   // The bus needs one of them.
                                   methods[i] == "POST" ? x.verb : "-"}));
  return result;
}

} // namespace

std::vector<route> crew_work_routes() {
  auto result = upkeep_routes();
  result.push_back(crew_route(
    {"POST",
     "/api/v1/channel/{id}/acquire",
     "acquireTask",
     "Hands a worker the next task of a channel. It comes back to the "
     "channel when the lease ends.",
     {channel_parameter,
      {"waitSecs", place::query, wait_schema,
       "Waits so long for a task if there is none."},
      {"waitMillis", place::query,
       R"({"type":"integer","minimum":0,"maximum":3600000,"default":0})",
       "The same in milliseconds; both count together."},
      key_parameter},
     worker_body,
     {{200, "The task, with what its parents made; null if there is none.",
       assignment}},
     &acquire}));
  result.push_back(
    crew_route({"POST",
                "/api/v1/task/{id}/release",
                "releaseTask",
                "Gives a task back: complete with its `output`, or failed with "
                "an `error`.",
                {id_parameter,
                 {"acquire", place::query, string_schema,
                  "Hands the worker the next task of this channel, too, in the "
                  "same step; then the answer is `{released, task, parents}`, "
                  "where `task` is null if there is none."}},
                release_body,
                {{200, "The task after it.", &schema_for<task>},
                 {409, "Another worker has the task, or nobody."}},
                &release}));
  result.push_back(
    crew_route({"POST",
                "/api/v1/task/{id}/heartbeat",
                "extendLease",
                "Says that the worker still works on the task: its lease "
                "starts again.",
                {id_parameter},
                worker_body,
                {{200, "The task.", &schema_for<task>},
                 {409, "Another worker has the task, or nobody."}},
                &heartbeat,
                false,
                dialect::crew,
                "task.heartbeat"}));
  return result;
}

} // namespace orc::server
