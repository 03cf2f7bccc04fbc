// How requests go to the platform and answers come back, untouched.

#include "messages/json/apify_answers.hpp"
#include "transport/apify/refusals.hpp"
#include "transport/server/http_errors.hpp"
#include "transport/server/v2/visit.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace orc::server::v2 {

namespace {

/// What of a request or an answer concerns one connection only.
bool is_hop_by_hop(std::string_view name) {
  constexpr std::array<std::string_view, 9> names{
    "Connection",          "Keep-Alive", "Proxy-Authenticate",
    "Proxy-Authorization", "TE",         "Trailer",
    "Transfer-Encoding",   "Upgrade",    "Proxy-Connection"};
  return std::any_of(names.begin(), names.end(),
                     [=](auto x) { return http::iequals(x, name); });
}

/// What a request tells this service, not the platform.
bool is_for_us(std::string_view name) {
  constexpr std::string_view prefix = "X-Orchestrator-";
  return http::iequals(name, "Authorization") || http::iequals(name, "Host")
         || http::iequals(name, "Content-Length")
         || http::iequals(name, "Expect")
         || http::iequals(name.substr(0, prefix.size()), prefix);
}

constexpr std::chrono::milliseconds longest_pause{10'000};

/// @returns whether the platform refuses for lack of room, which passes.
bool is_lack_of_room(const http::response& x) {
  if (x.status != 402 && x.status != 400)
    return false;
  auto code = apify::meaning_of_type(read_api_refusal(x.body).type);
  return code == ec::memory_refused || code == ec::slots_refused;
}

/// Writes an answer to a client as it comes from the platform.
class relay_sink final : public http::answer_sink {
public:
  using start_callback
    = std::function<void(int status, std::function<void()> give_up)>;

  /// Called before the client can know: 502 if it does not get all of it.
  using end_callback = std::function<void(int status)>;

  relay_sink(http::exchange_ptr to, int success, start_callback on_start,
             end_callback on_end)
    : to_{std::move(to)}, success_{success}, on_start_{std::move(on_start)},
      on_end_{std::move(on_end)} {
    // nop
  }

  void on_head(http::response head, std::function<void()> give_up) override {
    give_up_ = give_up;
    http::response mine;
    mine.status = head.status;
    if (success_ != 0 && head.status == 200)
      mine.status = success_;
    for (const auto& [name, value] : head.headers)
      if (!is_hop_by_hop(name) && !http::iequals(name, "Date"))
        mine.headers.add(name, value);
    started_ = mine.status;
    on_start_(mine.status, std::move(give_up));
    to_->start(std::move(mine));
  }

  void on_piece(std::string piece, std::function<void()> go_on) override {
    to_->write(std::move(piece), [go_on = std::move(go_on), give_up = give_up_](
                                   bool ok) { ok ? go_on() : give_up(); });
  }

  void end(const http::client::result& x) {
    const auto* lost = std::get_if<http::send_error>(&x);
    if (lost && !started_)
      on_start_(bad_gateway, {});
    on_end_(lost ? bad_gateway : started_.value_or(bad_gateway));
    if (!lost)
      return to_->finish();
    if (started_)
      return to_->drop();
    to_->reply({bad_gateway,
                {{"Content-Type", "application/json; charset=utf-8"}},
                render_error("platform-unreachable", lost->message)});
  }

private:
  static constexpr int bad_gateway = 502;

  http::exchange_ptr to_;
  int success_;
  start_callback on_start_;
  end_callback on_end_;
  std::function<void()> give_up_;
  /// The status, once the client gets something.
  std::optional<int> started_;
};

} // namespace

upstream_request visit::make_request(const std::string& path) const {
  upstream_request result;
  result.method = request().method;
  result.target = path;
  if (!query_text_.empty())
    result.target += "?" + query_text_;
  for (const auto& [name, value] : request().headers)
    if (!is_hop_by_hop(name) && !is_for_us(name))
      result.headers.add(name, value);
  result.sender = caller_.sender;
  if (!request().body.empty())
    result.body = std::make_shared<const std::string>(request().body);
  // The longest that the platform waits by itself, and then some.
  result.timeout = std::chrono::minutes{6};
  return result;
}

void visit::relay() {
  relay(path_, caller_.sender);
}

void visit::relay(const std::string& path, credentials sender) {
  auto what = make_request(path);
  what.sender = std::move(sender);
  stream(std::move(what));
}

void visit::stream(upstream_request what, int success) {
  // Bytes pass as they are, so they are to be such as the client can read.
  if (!what.headers.contains("Accept-Encoding"))
    what.headers.add("Accept-Encoding", "identity");
  auto self = shared_from_this();
  auto here = [gateway = gateway_actor{desk_.under().self}](auto f) {
    caf::anon_send(gateway, errand{std::move(f)});
  };
  auto on_start = [=](int status, std::function<void()> give_up) {
    here([=] { self->begin_stream(status, give_up); });
  };
  auto on_end = [=](int status) { here([=] { self->end_note(status); }); };
  auto sink = std::make_shared<relay_sink>(
    exchange_, success, std::move(on_start), std::move(on_end));
  what.sink = sink;
  desk_.send(std::move(what),
             [sink](const http::client::result& x) { sink->end(x); });
}

void visit::begin_stream(int status, const std::function<void()>& give_up) {
  desk_.under().counters.count(request().method, "/v2", status);
  client_->on_gone = give_up;
  if (client_->gone && give_up)
    give_up();
}

void visit::ask_for_room(upstream_request what,
                         std::function<void(http::client::result)> f,
                         milliseconds pause) {
  if (client_->gone)
    return;
  auto self = shared_from_this();
  desk_.ask_platform(what, [=](http::client::result answer) {
    auto* given = std::get_if<http::response>(&answer);
    if (!given || !is_lack_of_room(*given))
      return f(std::move(answer));
    self->desk_.after(pause, [=] {
      self->ask_for_room(what, f, std::min(2 * pause, longest_pause));
    });
  });
}

void visit::pass(http::client::result answer) {
  if (const auto* lost = std::get_if<http::send_error>(&answer))
    return refuse(502, "platform-unreachable", lost->message);
  auto& given = std::get<http::response>(answer);
  http::response mine;
  mine.status = given.status;
  for (const auto& [name, value] : given.headers)
    if (!is_hop_by_hop(name) && !http::iequals(name, "Date")
        && !http::iequals(name, "Content-Length"))
      mine.headers.add(name, value);
  mine.body = std::move(given.body);
  reply(std::move(mine));
}

} // namespace orc::server::v2
