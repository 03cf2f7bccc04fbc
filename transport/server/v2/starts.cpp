// How a start becomes a run that is queued, and what its client is answered.

#include "messages/base/error.hpp"
#include "messages/json/gateway_answers.hpp"
#include "transport/server/http_errors.hpp"
#include "transport/server/idempotency.hpp"
#include "transport/server/v2/start_request.hpp"
#include "transport/server/v2/visit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc::server::v2 {

namespace {

using namespace std::chrono_literals;

/// A run that is not admitted after so long waits for something: its client is
/// told READY.
constexpr auto admission_time = 250ms;

/// How long the platform may take to answer a start before its client is told
/// READY.
constexpr auto start_time = 15s;

/// Thousands of inputs of megabytes have to reach the disk.
constexpr std::chrono::minutes submit_timeout{5};

/// Longer than any run that somebody waits for with an open connection.
constexpr auto no_end = std::chrono::hours{24 * 7};

bool is_admitted(const run& x) {
  return x.state != run_state::queued;
}

bool has_ended(const run& x) {
  return is_final(x.state);
}

} // namespace

void visit::start() {
  if (caller_.sender.token.empty() && !caller_.is_ours)
    return refuse(401, "token-not-provided",
                  "Authentication token was not provided");
  if (!has_json_input(request()))
    return start_directly();
  auto self = shared_from_this();
  if (caller_.is_ours)
    return start_as(caller_.account);
  desk_.find_account(caller_.sender.token, [self](const std::string& account) {
    if (!account.empty())
      return self->start_as(account);
    // Whoever guesses tokens shall fill no store with accounts.
    self->desk_.verify(self->caller_.sender.token,
                       [self](bool ok, http::client::result answer) {
                         if (ok)
                           self->start_as("");
                         else
                           self->pass(std::move(answer));
                       });
  });
}

void visit::start_as(std::string account) {
  auto what = read_start_request(request(), query_);
  if (!what)
    return refuse(400, "invalid-request", message_of(what.error()));
  (place_.target.is_task ? what->task : what->actor) = place_.target.id;
  what->account = std::move(account);
  if (what->account.empty())
    what->token = caller_.sender.token;
  name_start(*what);
  if (caller_.is_ours)
    return submit(std::move(*what));
  // A name that another account has must not lead to its run.
  auto ref = run_ref{what->space, what->name};
  desk_.find(ref, [self = shared_from_this(),
                   what = *what](const caf::expected<known_run>& x) {
    if (x && x->record.view.account != what.account)
      self->refuse(409, "name-conflict",
                   fmt::format("X-Orchestrator-Run-Name: `{}` is the name of a "
                               "run of another account; take another name or "
                               "X-Orchestrator-Namespace",
                               what.name));
    else
      self->submit(what);
  });
}

void visit::name_start(run_request& x) {
  const auto& headers = request().headers;
  x.name = headers.get("X-Orchestrator-Run-Name");
  if (auto space = headers.get("X-Orchestrator-Namespace"); !space.empty())
    x.space = space;
  if (!x.name.empty())
    return;
  // What has no name of its own is the same request again, never a new wish.
  x.on_aborted = end_policy::hand_out;
  x.on_timed_out = end_policy::hand_out;
  if (auto key = headers.get("Idempotency-Key"); !key.empty()) {
    x.name = idempotency::make_name(
      fmt::format("{}\n{}", starter(x.account), key), 0);
    return;
  }
  auto same = digest(x.account);
  auto lost = desk_.lost_answers().take(same, unanswered::clock::now());
  x.name = lost ? std::move(*lost) : desk_.make_name();
  if (client_->gone)
    return desk_.expect_repeat(same, x.name);
  desk_.note_start(same, x.name);
  client_->noted = noted_start{std::move(same), x.name};
}

void visit::submit(run_request request) {
  auto& under = desk_.under();
  auto self = shared_from_this();
  submit_runs question;
  question.runs.push_back(std::move(request));
  under.self
    ->request(under.orchestrator, milliseconds{submit_timeout},
              std::move(question))
    .then(
      [self](const submitted_runs& x) {
        const auto& submitted = x.runs.at(0).run;
        self->follow_start({submitted.space, submitted.name});
      },
      [self](const caf::error& x) {
        // In the platform's words.
        if (code_of(x) == ec::input_too_large)
          self->refuse(413, "request-too-large", message_of(x));
        else
          self->fail(x);
      });
}

void visit::follow_start(const run_ref& ref) {
  auto self = shared_from_this();
  if (place_.kind != start_kind::plain)
    return desk_.wait(ref, has_ended, no_end,
                      [self](const caf::expected<known_run>& x) {
                        x ? self->answer_end(*x) : self->fail(x.error());
                      });
  auto answer = [self](const caf::expected<known_run>& x) {
    x ? self->answer_start(*x) : self->fail(x.error());
  };
  if (auto wait = wait_for_finish(); wait > 0s)
    return desk_.wait(ref, has_ended, wait, answer);
  desk_.wait(ref, is_admitted, admission_time,
             [self, ref, answer](const caf::expected<known_run>& x) {
               auto starts = x && x->record.view.state == run_state::starting;
               if (!starts)
                 return answer(x);
               self->desk_.wait(ref, is_underway, start_time, answer);
             });
}

void visit::answer_start(const known_run& x) {
  const auto& view = x.record.view;
  if (view.state == run_state::refused && view.error)
    return refuse(status_of_refusal(view.error->type), view.error->type,
                  view.error->message);
  answer_run(x, 201, 0s);
}

void visit::answer_end(const known_run& x) {
  const auto& view = x.record.view;
  if (succeeded(view))
    return answer_output(x);
  if (view.state == run_state::refused)
    return answer_start(x);
  auto status = view.status ? name_of(*view.status) : name_of(view.state);
  refuse(400, "run-failed",
         fmt::format("Actor run did not succeed (run ID: {}, status: {}).",
                     x.id, status));
}

void visit::answer_output(const known_run& x) {
  upstream_request what;
  auto root = "/v2/actor-runs/" + x.record.view.run_id.value_or("");
  auto items = place_.kind == start_kind::items;
  if (items)
    what.target = root + "/dataset/items?" + output_query(query_text_);
  else
    what.target = root + "/key-value-store/records/"
                  + http::percent_encode(
                    query_.get("outputRecordKey").value_or("OUTPUT"));
  with_credentials(x, [self = shared_from_this(), what,
                       items](credentials sender) mutable {
    what.sender = std::move(sender);
    if (items)
      self->stream(std::move(what), 201);
    else
      self->answer_record(std::move(what));
  });
}

void visit::answer_record(upstream_request what) {
  auto self = shared_from_this();
  desk_.ask_platform(std::move(what), [self](http::client::result answer) {
    if (auto* given = std::get_if<http::response>(&answer)) {
      // Nobody has to write a record.
      if (given->status == 404)
        return self->reply({201, {}, {}});
      if (given->status == 200)
        given->status = 201;
    }
    self->pass(std::move(answer));
  });
}

void visit::start_directly() {
  ask_for_room(make_request(path_),
               [self = shared_from_this()](http::client::result answer) {
                 self->pass(std::move(answer));
               });
}

} // namespace orc::server::v2
