// What becomes of requests for one run of ours. The platform is asked by its
// own id as soon as it has one; before that we answer for it.

#include "messages/json/gateway_answers.hpp"
#include "transport/server/v2/visit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc::server::v2 {

namespace {

using namespace std::chrono_literals;

/// How long a log or a run that is just starting is waited for.
constexpr auto patience = std::chrono::hours{24 * 7};

/// How often a run that the platform has just started is asked for again: its
/// replicas lag for up to 3 s (facts on replica lag, docs/run_lifecycle.md).
constexpr auto replica_pause = 250ms;
constexpr int replica_tries = 12;

constexpr std::chrono::milliseconds answer_margin = 30s;

/// @returns whether the platform has the run that is wanted. Between two
///          attempts it has only the one before.
bool has_platform_run(const run& x) {
  return is_underway(x) && x.run_id && x.state != run_state::lost;
}

std::string platform_path(const run& x) {
  return "/v2/actor-runs/" + http::percent_encode(x.run_id.value_or(""));
}

} // namespace

void visit::visit_run(const known_run& x) {
  if (place_.rest == "/log")
    return show_log(x);
  if (place_.rest.empty() && (method_ == "GET" || method_ == "HEAD"))
    return show_run(x);
  if (place_.rest == "/abort" && method_ == "POST")
    return if_theirs(x, [self = shared_from_this(), x] { self->abort_run(x); });
  if (has_platform_run(x.record.view))
    visit_started(x);
  else
    visit_unstarted(x);
}

void visit::visit_started(const known_run& x) {
  auto changes_run
    = (method_ == "PUT" && place_.rest.empty())
      || (method_ == "POST"
          && (place_.rest == "/resurrect" || place_.rest == "/reboot"
              || place_.rest == "/metamorph"));
  if (changes_run)
    return change_run(x);
  relay_run(x, platform_path(x.record.view) + place_.rest);
}

void visit::visit_unstarted(const known_run& x) {
  constexpr std::string_view dataset = "/dataset";
  if (place_.rest.starts_with(dataset))
    return answer_empty(place_.rest.substr(dataset.size()));
  if (place_.rest.starts_with("/key-value-store")
      || place_.rest.starts_with("/request-queue"))
    return answer_empty("");
  refuse(400, "run-not-started",
         fmt::format("Actor run {} was not started yet: wait for it, or abort "
                     "it",
                     x.id));
}

void visit::relay_run(const known_run& x, const std::string& path) {
  with_credentials(x, [self = shared_from_this(), path](credentials sender) {
    self->relay(path, std::move(sender));
  });
}

// -- showing ------------------------------------------------------------------

void visit::show_run(const known_run& x) {
  auto wait = wait_for_finish();
  const auto& view = x.record.view;
  if (wait == 0s || is_underway(view))
    return answer_run(x, 200, wait);
  auto until = std::chrono::steady_clock::now() + wait;
  desk_.wait(
    {view.space, view.name}, is_underway, wait,
    [self = shared_from_this(), until](const caf::expected<known_run>& found) {
      auto left
        = std::chrono::ceil<seconds>(until - std::chrono::steady_clock::now());
      if (found)
        self->answer_run(*found, 200, std::max(left, seconds{0}));
      else
        self->fail(found.error());
    });
}

void visit::answer_run(const known_run& x, int status, seconds wait) {
  if (status == 201)
    location_ = location(x.id);
  if (has_platform_run(x.record.view))
    return with_credentials(x, [self = shared_from_this(), x, status,
                                wait](credentials sender) {
      upstream_request what;
      what.target = platform_path(x.record.view);
      if (wait > 0s)
        what.target += fmt::format("?waitForFinish={}", wait.count());
      what.timeout = wait + answer_margin;
      what.sender = std::move(sender);
      self->ask_for_run(x, status, std::move(what), replica_tries);
    });
  const auto& view = x.record.view;
  if (view.state != run_state::queued)
    return reply(status, render_run_answer(x.record, x.id));
  // Why it waits is known to its ACCOUNT.
  auto& under = desk_.under();
  under.self
    ->request(under.orchestrator, answer_margin,
              get_run{{view.space, view.name}})
    .then(
      [self = shared_from_this(), x, status](const run& now) {
        auto record = x.record;
        record.view.reason = now.reason;
        self->reply(status, render_run_answer(record, x.id));
      },
      [self = shared_from_this(), x, status](const caf::error&) {
        self->reply(status, render_run_answer(x.record, x.id));
      });
}

void visit::ask_for_run(const known_run& x, int status, upstream_request what,
                        int tries) {
  auto self = shared_from_this();
  desk_.ask_platform(what, [=](http::client::result answer) mutable {
    auto* given = std::get_if<http::response>(&answer);
    auto& view = x.record.view;
    if (given && given->status == 200 && !read_run_id(given->body).empty()) {
      given->status = status;
      given->body = rename_run(given->body, x.id);
      return self->pass(std::move(answer));
    }
    // A replica may lag.
    auto is_new = !is_final(view.state);
    if (given && (given->status == 404 || given->status == 200) && is_new
        && tries > 1)
      return self->desk_.after(replica_pause, [=]() mutable {
        self->ask_for_run(x, status, std::move(what), tries - 1);
      });
    // Whoever has started a run has to be told of it, by us if need be.
    if (status == 201)
      return self->reply(status, render_run_answer(x.record, x.id));
    self->pass(std::move(answer));
  });
}

// -- changing -----------------------------------------------------------------

void visit::abort_run(const known_run& x) {
  const auto& view = x.record.view;
  auto& under = desk_.under();
  abort_named_run question{{view.space, view.name}, is_set("gracefully")};
  under.self->request(under.orchestrator, answer_margin, question)
    .then(
      [self = shared_from_this(), x](const run& now) {
        auto aborted = x;
        aborted.record.view = now;
        // Its RUN will ask for that, too; but the client wants to know now.
        if (has_platform_run(now))
          self->change_run(aborted);
        else
          self->answer_run(aborted, 200, 0s);
      },
      [self = shared_from_this()](const caf::error& err) { self->fail(err); });
}

void visit::change_run(const known_run& x) {
  with_credentials(x, [self = shared_from_this(), x](credentials sender) {
    const auto& run_id = *x.record.view.run_id;
    auto what
      = self->make_request(platform_path(x.record.view) + self->place_.rest);
    what.sender = std::move(sender);
    // An update repeats the id in its body.
    if (what.body && self->method_ == "PUT") {
      auto body = *what.body;
      if (auto at = body.find(x.id); at != std::string::npos)
        body.replace(at, x.id.size(), run_id);
      what.body = std::make_shared<const std::string>(std::move(body));
    }
    what.headers.remove("Accept-Encoding");
    self->ask_for_room(std::move(what),
                       [self, id = x.id](http::client::result answer) {
                         if (auto* given = std::get_if<http::response>(&answer))
                           given->body = rename_run(given->body, id);
                         self->pass(std::move(answer));
                       });
  });
}

// -- log ----------------------------------------------------------------------

void visit::show_log(const known_run& x) {
  const auto& view = x.record.view;
  if (!is_set("stream") || is_underway(view))
    return answer_log(x);
  desk_.wait({view.space, view.name}, is_underway, patience,
             [self
              = shared_from_this()](const caf::expected<known_run>& found) {
               found ? self->answer_log(*found) : self->fail(found.error());
             });
}

void visit::answer_log(const known_run& x) {
  if (has_platform_run(x.record.view))
    return relay_run(x, platform_path(x.record.view) + "/log");
  reply({200, {{"Content-Type", "text/plain; charset=utf-8"}}, {}});
}

} // namespace orc::server::v2
