#include "transport/server/gateway.hpp"

#include "messages/json/json.hpp"
#include "transport/http/url.hpp"
#include "transport/server/call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace orc::server {

namespace {

constexpr std::string_view no_pages
  = "web pages of other sites may not use this API; without a token it answers "
    "only to localhost: see the header Host";

/// @returns whether Crew has a route there, with whatever method.
bool is_of_crew(std::string_view path) {
  constexpr std::array<std::string_view, 4> methods{"GET", "POST", "PUT",
                                                    "DELETE"};
  return std::any_of(methods.begin(), methods.end(), [&](auto method) {
    auto found = find_route(all_routes(), method, path).found;
    return found && found->speaks == dialect::crew;
  });
}

/// Pages for Crew show the `message` of an answer: there it stands twice.
void refuse(call& x, int status, std::string_view path,
            std::string_view message, http::fields headers = {}) {
  headers.add("Content-Type", "application/json; charset=utf-8");
  auto body = render_status(status, message);
  if (is_of_crew(path)) {
    body.pop_back();
    body += fmt::format(R"(,"message":{}}})", json_quote(message));
  }
  x.reply({status, std::move(headers), std::move(body)});
}

/// @returns whether the request was refused before its route saw it.
bool refused(call& x, const match& where, std::string_view path) {
  const auto& request = x.request();
  const auto& gate = x.under().gate;
  auto is_crew = where.found && where.found->speaks == dialect::crew;
  if (gate.is_foreign(request, is_crew)) {
    refuse(x, 403, path, no_pages);
    return true;
  }
  auto is_open = where.found && where.found->open;
  if (!is_open && !gate.has_token(request)) {
    refuse(x, 401, path,
           "send `Authorization: Bearer` with a token of this service",
           {{"WWW-Authenticate", "Bearer"}});
    return true;
  }
  if (where.found)
    return false;
  if (where.allowed.empty())
    refuse(x, 404, path,
           fmt::format("there is no {}; see /openapi.json", path));
  else
    refuse(x, 405, path, fmt::format("{} takes {}", path, where.allowed),
           {{"Allow", where.allowed}});
  return true;
}

/// Answers the question of a browser whether a page of another origin may send
/// a request, or of anybody who names no method, as Crew does.
/// @returns whether it was one, for a route that allows it.
bool answered_preflight(call& x, std::string_view path) {
  if (x.request().method != "OPTIONS")
    return false;
  const auto& headers = x.request().headers;
  auto method = headers.get("Access-Control-Request-Method");
  auto wanted = find_route(all_routes(), method, path).found;
  auto is_allowed = method.empty() ? is_of_crew(path)
                                   : wanted && wanted->speaks == dialect::crew;
  if (!is_allowed)
    return false;
  http::fields answer{{"Access-Control-Allow-Origin", "*"},
                      {"Access-Control-Allow-Methods",
                       "GET,HEAD,PUT,PATCH,POST,DELETE"},
                      {"Vary", "Access-Control-Request-Headers"}};
  if (auto asked = headers.get("Access-Control-Request-Headers");
      !asked.empty())
    answer.add("Access-Control-Allow-Headers", std::string{asked});
  x.reply({204, std::move(answer), {}});
  return true;
}

} // namespace

gateway_state::gateway_state(gateway_actor::pointer self) : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { leave(x); });
  self_->set_down_handler([this](const caf::down_msg& x) { forget(x.source); });
}

gateway_actor::behavior_type
gateway_state::make_behavior(api_server_options options, api_parts parts) {
  auto platform = std::move(parts.platform);
  services_.emplace(self_, std::move(options), std::move(parts));
  if (platform.client)
    desk_.emplace(*services_, std::move(platform));
  if (services_->tasks) {
    hub_ = self_->spawn(socket_io::hub, services_->tasks, services_->gate);
    services_->adopt(hub_, true);
  }
  return {
    [this](const run_event& x) {
      if (desk_)
        desk_->tell(x);
    },
    [this](const http_request& x) { handle(x.exchange); },
    [this](const routed_request& x) { handle_routed(x); },
    [this](end_streams) { end(true); },
    [this](change_access& x) { change(x); },
    [this](show_bus& x) { change(x); },
    [](const errand& x) { x.work(); },
  };
}

/// Streams that are open go on: whoever opened them had a token then.
void gateway_state::change(change_access& x) {
  services_->gate = access_policy{x.tokens, services_->options.worker_token};
  services_->options.tokens = std::move(x.tokens);
  if (desk_)
    desk_->change_accounts(std::move(x.accounts));
  if (hub_)
    self_->send(hub_, socket_io::hub_gate{services_->gate});
}

void gateway_state::change(show_bus& x) {
  services_->bus = std::move(x.bus);
}

void gateway_state::end(bool only_endless) {
  for (const auto& [stream, endless] : services_->streams)
    if (endless || !only_endless)
      self_->send_exit(stream, caf::exit_reason::user_shutdown);
}

void gateway_state::leave(const caf::exit_msg& why) {
  leaving_ = why.reason;
  end(false);
  if (services_->streams.empty())
    self_->quit(why.reason);
}

void gateway_state::forget(const caf::actor_addr& stream) {
  services_->streams.erase(stream);
  if (leaving_ && services_->streams.empty())
    self_->quit(*leaving_);
}

void gateway_state::handle(const http::exchange_ptr& exchange) {
  if (leaving_)
    return exchange->drop();
  auto [path, query] = http::split_target(exchange->request().target);
  if (desk_ && path.starts_with("/v2/"))
    return desk_->take(exchange);
  if (hub_ && path.starts_with("/socket.io/"))
    return pass_to_hub(exchange);
  if (const auto& mount = services_->options.crew_mount; !mount.empty()) {
    // As Crew does: what its pages name is relative to the mount.
    if (path == mount)
      return exchange->reply({302, {{"Location", mount + "/"}}, {}});
    if (path.starts_with(mount + "/"))
      path.remove_prefix(mount.size());
  }
  auto where = find_route(all_routes(), exchange->request().method, path);
  auto x = std::make_shared<call>(*services_, exchange, where, query);
  if (answered_preflight(*x, path) || refused(*x, where, path))
    return;
  if (auto err = x->check_parameters())
    return x->fail(err);
  where.found->handle(x);
}

void gateway_state::handle_routed(const routed_request& request) {
  if (leaving_)
    return request.exchange->drop();
  auto x = std::make_shared<call>(*services_, request.exchange,
                                  match{request.found, request.values, {}},
                                  request.query);
  if (auto err = x->check_parameters())
    return x->fail(err);
  request.found->handle(x);
}

void gateway_state::pass_to_hub(const http::exchange_ptr& exchange) {
  if (!services_->gate.is_foreign(exchange->request(), true))
    return self_->send(hub_, socket_io::hub_request{exchange});
  exchange->reply({403,
                   {{"Content-Type", "application/json; charset=utf-8"}},
                   render_status(403, no_pages)});
}

gateway_actor::behavior_type
gateway(gateway_pointer self, api_server_options options, api_parts parts) {
  return self->state.make_behavior(std::move(options), std::move(parts));
}

} // namespace orc::server
