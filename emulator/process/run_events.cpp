#include "emulator/process/run_events.hpp"

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"

#include <set>
#include <utility>

namespace orc::emulator {

namespace {

constexpr std::size_t max_connections = 10;

constexpr std::uint16_t normal_closure = 1000;
constexpr std::uint16_t policy_violation = 1008;

} // namespace

struct run_events::impl {
  std::set<std::shared_ptr<http::websocket>> sockets;
};

run_events::run_events() : impl_(std::make_shared<impl>()) {
  // nop
}

run_events::~run_events() {
  close();
}

void run_events::connect(const http::exchange_ptr& exchange) {
  if (impl_->sockets.size() >= max_connections)
    return refuse_events(exchange);
  auto own = std::make_shared<std::weak_ptr<http::websocket>>();
  std::weak_ptr<impl> hub = impl_;
  http::websocket_callbacks callbacks;
  callbacks.on_open = [hub, own](std::shared_ptr<http::websocket> socket) {
    *own = socket;
    if (auto self = hub.lock())
      self->sockets.insert(std::move(socket));
    else
      socket->close(policy_violation, "the run has ended");
  };
  callbacks.on_close = [hub, own](std::uint16_t) {
    if (auto self = hub.lock())
      self->sockets.erase(own->lock());
  };
  exchange->upgrade(std::move(callbacks));
}

void run_events::send(std::string_view name, std::string_view data) {
  if (impl_->sockets.empty())
    return;
  json_writer frame;
  frame.object().member("name", name).member("createdAt", to_iso(now()));
  frame.raw_member("data", data).end_object();
  for (const auto& socket : impl_->sockets)
    socket->send(frame.str());
}

void run_events::close() {
  for (const auto& socket : std::exchange(impl_->sockets, {}))
    socket->close(normal_closure, "the run has ended");
}

void refuse_events(const http::exchange_ptr& exchange) {
  http::websocket_callbacks callbacks;
  callbacks.on_open = [](const std::shared_ptr<http::websocket>& socket) {
    socket->close(policy_violation, "no such run, or too many connections");
  };
  exchange->upgrade(std::move(callbacks));
}

} // namespace orc::emulator
