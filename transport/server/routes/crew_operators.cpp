#include "messages/json/json.hpp"
#include "messages/json/operator_json.hpp"
#include "transport/http/url.hpp"
#include "transport/server/routes/crew_common.hpp"

#include <fmt/format.h>

namespace orc::server {

namespace {

constexpr std::int64_t default_page = 50;

void reply_operator(const call_ptr& x, const task_operators& found) {
  x->reply(200,
           found.operators.empty() ? "null" : to_json(found.operators.front()));
}

void list(const call_ptr& x) {
  auto limit = read_crew_limit(*x, default_page);
  auto skip = read_crew_skip(*x);
  if (!limit || !skip)
    return x->fail(!limit ? limit.error() : skip.error());
  x->ask_of<task_operators>(x->under().operators,
                            get_operators{"", *limit, *skip},
                            [x](const task_operators& found) {
                              x->reply(200, render_operators(found.operators));
                            });
}

void count(const call_ptr& x) {
  x->ask_of<task_operators>(x->under().operators, get_operators{"", 1},
                            [x](const task_operators& found) {
                              x->reply(200, fmt::format(R"({{"count":{}}})",
                                                        found.count));
                            });
}

/// Checks what only the whole operator shows.
caf::error check(const set_operator& x) {
  if (x.url && !http::parse_url(*x.url))
    return must_be("url", "an HTTP URL", *x.url);
  if (!x.id.empty())
    return {};
  if (!x.channel)
    return make_error(ec::bad_field, "channel: is missing");
  if (!x.url)
    return make_error(ec::bad_field, "url: is missing");
  return {};
}

void create(const call_ptr& x) {
  auto wanted = read_operator(x->request().body);
  if (!wanted)
    return x->fail(wanted.error());
  if (auto err = check(*wanted))
    return x->fail(err);
  auto token = token_of(*x, "operator");
  if (!token)
    return;
  x->ask_of<task_operators>(
    x->under().operators, make_operator{std::move(*wanted), std::move(*token)},
    [x](const task_operators& made) {
      remember_key(*x);
      if (made.operators.empty())
        x->fail(gone_since());
      else
        reply_operator(x, made);
    });
}

void edit(const call_ptr& x) {
  auto id = read_crew_id(*x);
  auto wanted = read_operator(x->request().body);
  if (!id || !wanted)
    return x->fail(!id ? id.error() : wanted.error());
  wanted->id = std::move(*id);
  if (auto err = check(*wanted))
    return x->fail(err);
  x->ask_of<task_operators>(x->under().operators, std::move(*wanted),
                            [x](const task_operators& done) {
                              reply_operator(x, done);
                            });
}

void show(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  x->ask_of<task_operators>(x->under().operators, get_operators{*id},
                            [x](const task_operators& found) {
                              reply_operator(x, found);
                            });
}

void remove(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  x->ask_of<task_operators>(x->under().operators, remove_operator{*id},
                            [x](const task_operators& gone) {
                              x->reply(200,
                                       render_removal(gone.operators.size()));
                            });
}

/// Crew tells itself so of tasks that an operator could do. Here nobody has to.
void examine(const call_ptr& x) {
  auto id = read_crew_id(*x);
  if (!id)
    return x->fail(id.error());
  find_tasks question;
  question.id = *id;
  x->under()
    .self
    ->request(x->under().task_store, std::chrono::seconds{60},
              std::move(question))
    .then([x](const stored_tasks&) { x->reply(200, R"({"success":true})"); },
          [x](const caf::error& err) {
            if (code_of(err) == ec::not_found)
              x->reply(200, R"({"task":null})");
            else
              x->fail(err);
          });
}

route operator_route(std::string_view method, std::string_view path,
                     std::string_view id, std::string_view doc,
                     void (*handle)(const call_ptr&),
                     std::vector<parameter> parameters,
                     schema_maker body = nullptr) {
  return crew_route({method,
                     path,
                     id,
                     doc,
                     std::move(parameters),
                     body,
                     {{200, "The operator.", &schema_for<task_operator>}},
                     handle});
}

route examine_route(std::string_view path, std::string_view id) {
  return crew_route({"POST",
                     path,
                     id,
                     "Does nothing: an operator gets every task that it can "
                     "do by itself.",
                     {id_parameter},
                     nullptr,
                     {{200, "There is such a task, or `{\"task\":null}`."}},
                     &examine});
}

} // namespace

std::vector<route> crew_operator_routes() {
  std::vector<route> result{
    crew_route({"GET",
                "/api/v1/operators",
                "listOperators",
                "Lists operators, the newest first.",
                {{"limit", place::query, R"({"type":"integer"})",
                  "How many at most; 50 if not given, 0 for all."},
                 skip_parameter},
                nullptr,
                {{200, "An array of operators."}},
                &list}),
    crew_route({"GET",
                "/api/v1/operators/count",
                "countOperators",
                "Counts operators.",
                {},
                nullptr,
                {{200, "`{\"count\":…}`"}},
                &count}),
    operator_route("POST", "/api/v1/operators", "createOperator",
                   "Makes an operator: an HTTP endpoint that does the tasks "
                   "of a channel.",
                   &create, {key_parameter}, &schema_for<set_operator>),
    operator_route("GET", "/api/v1/operator/{id}", "getOperator",
                   "Shows an operator.", &show, {id_parameter}),
    operator_route("PUT", "/api/v1/operator/{id}", "editOperator",
                   "Changes an operator; fields that are not given stay.",
                   &edit, {id_parameter}, &schema_for<set_operator>),
    operator_route("DELETE", "/api/v1/operator/{id}", "removeOperator",
                   "Removes an operator.", &remove, {id_parameter}),
    examine_route("/api/v1/task/{id}/examine", "examineTask"),
    examine_route("/api/v1/task/{id}/execute", "executeTask")};
  return result;
}

} // namespace orc::server
