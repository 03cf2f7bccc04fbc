#include "transport/server/api_server.hpp"

#include "messages/base/error.hpp"
#include "transport/server/api_caller.hpp"
#include "transport/server/gateway.hpp"
#include "transport/server/http_errors.hpp"
#include "transport/server/log.hpp"
#include "transport/server/verbs.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <utility>

namespace orc {

namespace {

http::server_options make_server_options(const api_server_options& x) {
  http::server_options result;
  result.address = x.address;
  result.port = x.port;
  result.max_body_bytes = x.max_body_bytes;
  result.render_error = &server::render_status;
  return result;
}

} // namespace

caf::error api_server_options::validate() const {
  if (!crew_mount.empty()
      && (!crew_mount.starts_with('/') || crew_mount.ends_with('/')))
    return make_error(ec::bad_config,
                      fmt::format("tasks.mount: must be a path such as /crew, "
                                  "not `{}`",
                                  crew_mount));
  if (!tokens.empty() || server::is_loopback(address))
    return {};
  return make_error(ec::bad_config,
                    fmt::format("listening on {} needs a token: set "
                                "ORCHESTRATOR_TOKEN, or listen on 127.0.0.1",
                                address));
}

struct api_server::impl {
  impl(caf::actor_system& host, io_runtime& runtime,
       const api_server_options& options, api_parts parts)
    : system{host}, gateway{host.spawn(server::gateway, options,
                                       std::move(parts))},
      caller{host.spawn(server::api_caller, gateway)},
      server{runtime, make_server_options(options),
             [to = gateway](http::exchange_ptr x) {
               caf::anon_send(to, server::http_request{std::move(x)});
             }} {
    // nop
  }

  caf::actor_system& system;
  server::gateway_actor gateway;
  api_caller_actor caller;
  http::server server;
  bool stopped = false;
};

api_server::api_server(caf::actor_system& system, io_runtime& runtime,
                       api_server_options options, api_parts parts)
  : impl_{std::make_unique<impl>(system, runtime, options, std::move(parts))} {
  // nop
}

api_server::~api_server() {
  stop();
}

std::error_code api_server::listen() {
  auto result = impl_->server.listen();
  if (!result)
    log.info("listening", "port={}", impl_->server.port());
  return result;
}

std::uint16_t api_server::port() const noexcept {
  return impl_->server.port();
}

void api_server::change_access(std::vector<secret> tokens,
                               std::vector<account_settings> accounts) {
  caf::anon_send(impl_->gateway,
                 server::change_access{std::move(tokens), std::move(accounts)});
}

void api_server::show_bus(bus_status_actor bus) {
  caf::anon_send(impl_->gateway, server::show_bus{std::move(bus)});
}

const api_caller_actor& api_server::caller() const noexcept {
  return impl_->caller;
}

std::vector<api_verb> api_server::verbs() {
  return server::all_verbs();
}

void api_server::drain() {
  impl_->server.drain();
  caf::anon_send(impl_->gateway, server::end_streams{});
}

void api_server::stop() {
  if (std::exchange(impl_->stopped, true))
    return;
  impl_->server.stop();
  caf::anon_send_exit(impl_->caller, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(impl_->gateway, caf::exit_reason::user_shutdown);
  // Whoever calls this may end the runtime next, which exchanges need.
  caf::scoped_actor self{impl_->system};
  self->wait_for(impl_->caller, impl_->gateway);
}

} // namespace orc
