#include "transport/http/server.hpp"

#include "transport/asio/runtime.hpp"
#include "transport/http/listener.hpp"

#include <utility>

namespace orc::http {

struct server::impl {
  std::shared_ptr<listener> accepting;
};

server::server(io_runtime& runtime, server_options options, handler handle)
  : impl_{std::make_shared<impl>()} {
  impl_->accepting = std::make_shared<listener>(
    runtime.context(), std::move(options), std::move(handle));
}

server::~server() {
  stop();
}

std::error_code server::listen() {
  return impl_->accepting->listen();
}

std::uint16_t server::port() const noexcept {
  return impl_->accepting->port();
}

void server::drain() {
  impl_->accepting->drain();
}

std::size_t server::active() const noexcept {
  return impl_->accepting->active();
}

void server::stop() {
  impl_->accepting->stop();
}

} // namespace orc::http
