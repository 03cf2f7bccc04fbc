#include "transport/server/v2/visit.hpp"

#include "messages/base/error.hpp"
#include "transport/server/digest.hpp"
#include "transport/server/http_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace orc::server::v2 {

namespace {

/// What a page embeds is a GET. Old browsers say no word of where it comes
/// from, but none sends `Authorization` with it.
/// @returns whether a page may have sent what does more than to look.
bool may_be_embedded(const http::request& x, const place& at,
                     const http::query& query) {
  auto starts = at.about == subject::target && at.kind != start_kind::plain;
  return (x.method == "GET" || x.method == "HEAD")
         && (starts || query.contains("method"))
         && !x.headers.contains("Authorization");
}

/// @returns whether clients send the same request again after this answer: the
///          official ones do, up to eight times.
bool is_sent_again(int status) {
  return status == 429 || status >= 500;
}

} // namespace

visit::visit(desk& at, http::exchange_ptr exchange)
  : desk_{at}, exchange_{std::move(exchange)} {
  auto [path, query] = http::split_target(request().target);
  path_ = path;
  query_text_ = without_token(query);
  query_ = http::query{query};
  method_ = request().method;
  // The platform takes a GET for whatever else it says it is.
  if (auto other = query_.get("method"); other && method_ == "GET")
    method_ = std::string{*other};
  place_ = parse_place(path_);
}

void visit::begin() {
  if (!identify_caller())
    return;
  if (caller_.is_ours && !desk_.under().gate.needs_token()
      && may_be_embedded(request(), place_, query_))
    return refuse(403, "forbidden",
                  "a GET that starts or changes something needs a header "
                  "Authorization, or be a POST");
  watch_client();
  auto self = shared_from_this();
  auto starts = method_ == "POST"
                || (method_ == "GET" && place_.kind != start_kind::plain);
  switch (place_.about) {
    case subject::target:
      if (starts)
        return start();
      return method_ == "GET" ? list_runs() : relay();
    case subject::all_runs:
      return method_ == "GET" ? list_runs() : relay();
    case subject::last_run:
      return visit_last_run();
    case subject::run:
      return with_run(place_.id, [self](const auto& x) { self->visit_run(x); });
    case subject::log:
      return with_run(place_.id, [self](const auto& x) { self->show_log(x); });
    case subject::dataset:
    case subject::key_value_store:
    case subject::request_queue:
      return with_run(place_.id,
                      [self](const auto& x) { self->visit_storage(x); });
    default:
      return relay();
  }
}

// -- who asks -----------------------------------------------------------------

bool visit::identify_caller() {
  const auto& gate = desk_.under().gate;
  if (gate.is_foreign(request())) {
    refuse(403, "forbidden",
           "web pages of other sites may not use this API; without a token it "
           "answers only to localhost: see the header Host");
    return false;
  }
  auto token = std::string{bearer_token(request())};
  if (token.empty())
    token = query_.get("token").value_or("");
  caller_.is_ours = token.empty() ? !gate.needs_token() : gate.knows(token);
  if (!caller_.is_ours) {
    caller_.sender = desk_.recognize(secret{std::move(token)});
    return true;
  }
  const auto& accounts = desk_.link().accounts;
  auto wanted = request().headers.get("X-Orchestrator-Account");
  for (const auto& x : accounts)
    if (wanted.empty() || x.name == wanted) {
      caller_.account = x.name;
      caller_.sender = {x.token, x.base_url};
      return true;
    }
  if (wanted.empty())
    return true;
  refuse(404, to_string(ec::unknown_account),
         fmt::format("X-Orchestrator-Account: account `{}` is not configured",
                     wanted));
  return false;
}

void visit::watch_client() {
  exchange_->on_gone(desk_.from_elsewhere([&desk = desk_, client = client_] {
    client->gone = true;
    if (auto x = std::exchange(client->noted, {}))
      desk.expect_repeat(x->digest, x->name);
    if (auto f = std::exchange(client->on_gone, {}))
      f();
  }));
}

void visit::if_theirs(const known_run& x, std::function<void()> f) {
  if (caller_.is_ours)
    return f();
  if (caller_.sender.token.empty())
    return fail_unknown();
  desk_.find_account(caller_.sender.token,
                     [self = shared_from_this(),
                      account = x.record.view.account,
                      f = std::move(f)](const std::string& mine) {
                       if (mine == account)
                         f();
                       else
                         self->fail_unknown();
                     });
}

void visit::with_credentials(const known_run& x,
                             std::function<void(credentials)> f) {
  if (!caller_.is_ours)
    return f(caller_.sender);
  desk_.find_credentials(x.record.view.account, std::move(f));
}

// -- tools --------------------------------------------------------------------

void visit::with_run(std::string_view id,
                     std::function<void(const known_run&)> f) {
  auto key = desk_.ids().parse(id);
  if (!key)
    return relay();
  desk_.find(*key, [self = shared_from_this(),
                    f = std::move(f)](const caf::expected<known_run>& x) {
    if (x)
      f(*x);
    else if (code_of(x.error()) == ec::unknown_run)
      self->fail_unknown();
    else
      self->fail(x.error());
  });
}

void visit::reply(int status, std::string json) {
  reply({status,
         {{"Content-Type", "application/json; charset=utf-8"},
          {"Cache-Control", "no-cache, no-store, must-revalidate"}},
         std::move(json)});
}

void visit::reply(http::response response) {
  desk_.under().counters.count(request().method, "/v2", response.status);
  if (response.status == 201 && !location_.empty())
    response.headers.set("Location", location_);
  end_note(response.status);
  exchange_->reply(std::move(response));
}

void visit::end_note(int status) {
  auto& noted = client_->noted;
  if (!noted)
    return;
  if (!is_sent_again(status))
    return desk_.forget_start(noted->name);
  desk_.expect_repeat(noted->digest, noted->name);
  noted.reset();
}

void visit::refuse(int status, std::string_view type,
                   std::string_view message) {
  reply(status, render_error(type, message));
}

void visit::fail(const caf::error& why) {
  reply(http_status_of(why), render_error(why));
}

void visit::fail_unknown() {
  refuse(404, "record-not-found", "Actor run was not found");
}

visit::seconds visit::wait_for_finish() const {
  // What the platform takes.
  constexpr unsigned most = 60;
  auto text = query_.get("waitForFinish").value_or("0");
  unsigned result = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  if (error == std::errc::result_out_of_range)
    return seconds{most};
  return seconds{stop == text.data() ? 0 : std::min(result, most)};
}

bool visit::is_set(std::string_view parameter) const {
  auto text = query_.get(parameter);
  return text && (*text == "1" || *text == "true");
}

const http::request& visit::request() const noexcept {
  return exchange_->request();
}

std::string visit::location(std::string_view id) const {
  auto host = request().headers.get("Host");
  return fmt::format("{}/v2/actor-runs/{}",
                     host.empty() ? "" : fmt::format("http://{}", host), id);
}

std::string visit::starter(const std::string& account) const {
  // The token of a configured account changes. An account that a token brings
  // is made with the first start only: until then there is but the token.
  if (caller_.is_ours || desk_.is_configured(account))
    return account + "\n";
  return "\n" + caller_.sender.token.reveal();
}

std::string visit::digest(const std::string& account) const {
  return sha256(fmt::format("{}\n{}\n{}?{}\n{}", starter(account),
                            request().method, path_, query_text_,
                            request().body));
}

} // namespace orc::server::v2
