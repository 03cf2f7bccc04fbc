#include "transport/server/socket_io/hub.hpp"

#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace orc::server::socket_io {

namespace {

using namespace std::chrono_literals;

constexpr auto ping_interval = 25s;
constexpr auto ping_timeout = 20s;

/// A group has one room; who watches more than a page of them watches none.
constexpr std::size_t most_rooms = 10'000;

std::string make_id() {
  static thread_local std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}", random(), random(), random());
}

void refuse(const http::exchange_ptr& exchange, int code,
            std::string_view message) {
  exchange->reply(
    make_answer(400, "application/json",
                fmt::format(R"({{"code":{},"message":"{}"}})", code, message)));
}

} // namespace

hub_state::hub_state(hub_actor::pointer self) : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    for (auto& [id, one] : sessions_)
      one.close();
    self_->quit(x.reason);
  });
}

hub_actor::behavior_type
hub_state::make_behavior(tasks_actor tasks, access_policy gate) {
  tasks_ = std::move(tasks);
  gate_ = std::move(gate);
  return {
    [this](const task_event& x) { tell(x); },
    [this](const hub_request& x) { take(x.exchange); },
    [this](hub_link& x) { on_link(x); },
    [this](const hub_gate& x) { gate_ = x.gate; },
    [this](hub_tick) { tick(); },
  };
}

// -- Engine.IO ----------------------------------------------------------------

void hub_state::take(const http::exchange_ptr& exchange) {
  const auto& request = exchange->request();
  auto query = http::query{http::split_target(request.target).second};
  auto transport = query.get("transport").value_or("");
  if (request.method == "OPTIONS")
    return exchange->reply(
      {204,
       {{"Access-Control-Allow-Origin", "*"},
        {"Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE"},
        {"Access-Control-Allow-Headers",
         std::string{request.headers.get("Access-Control-Request-Headers")}}},
       {}});
  if (query.get("EIO").value_or("") != "4")
    return refuse(exchange, 5, "Unsupported protocol version");
  if (transport != "polling" && transport != "websocket")
    return refuse(exchange, 0, "Transport unknown");
  auto id = query.get("sid");
  auto known = id ? sessions_.find(std::string{*id}) : sessions_.end();
  if (id && known == sessions_.end())
    return refuse(exchange, 1, "Session ID unknown");
  if (!id && request.method != "GET")
    return refuse(exchange, 2, "Bad handshake method");
  if (transport == "websocket" && !exchange->is_upgrade())
    return refuse(exchange, 3, "Bad request");
  auto& x = id ? known->second : *open(exchange, transport == "polling");
  x.last_heard = session::clock::now();
  if (transport == "websocket")
    return link(x, exchange);
  if (x.is_on_websocket())
    return refuse(exchange, 3, "Bad request");
  if (request.method == "POST")
    return take_post(x, exchange);
  if (!x.poll(exchange)) {
    refuse(exchange, 3, "Bad request");
    drop(x.id);
  }
}

session* hub_state::open(const http::exchange_ptr& exchange, bool polls) {
  auto id = make_id();
  auto& x = sessions_[id];
  x.id = id;
  x.is_trusted = gate_.has_token(exchange->request());
  x.last_heard = x.last_ping = session::clock::now();
  x.send(fmt::format(R"({}{{"sid":"{}","upgrades":[{}],)"
                     R"("pingInterval":{},"pingTimeout":{},)"
                     R"("maxPayload":1000000}})",
                     engine::open, id, polls ? R"("websocket")" : "",
                     ping_interval / 1ms, ping_timeout / 1ms));
  if (!std::exchange(ticks_, true))
    self_->delayed_send(self_, 1s, hub_tick{});
  return &x;
}

void hub_state::take_post(session& x, const http::exchange_ptr& exchange) {
  auto id = x.id;
  for (const auto& packet : split_payload(exchange->request().body))
    if (auto still = sessions_.find(id); still != sessions_.end())
      on_packet(still->second, packet);
  exchange->reply(make_answer(200, "text/html", "ok"));
}

void hub_state::link(session& x, const http::exchange_ptr& exchange) {
  auto number = ++last_link_;
  auto tell = [hub = hub_actor{caf::actor_cast<hub_actor>(self_)}, id = x.id,
               number](hub_link::what what,
                       std::shared_ptr<http::websocket> socket = {},
                       std::string text = {}) {
    caf::anon_send(hub, hub_link{what, id, number, std::move(socket),
                                 std::move(text)});
  };
  using what = hub_link::what;
  exchange->upgrade({[tell](std::shared_ptr<http::websocket> socket) {
                       tell(what::opened, std::move(socket));
                     },
                     [tell](std::string text, bool binary) {
                       if (!binary)
                         tell(what::said, {}, std::move(text));
                     },
                     [tell](std::uint16_t) { tell(what::closed); }});
}

void hub_state::on_link(hub_link& x) {
  auto known = sessions_.find(x.session);
  if (x.happened == hub_link::what::closed) {
    tried_.erase(x.number);
    if (known != sessions_.end() && known->second.link() == x.number)
      drop(x.session);
    return;
  }
  if (known == sessions_.end()) {
    if (x.socket)
      x.socket->close(1000, "");
    return;
  }
  auto& is = known->second;
  is.last_heard = session::clock::now();
  if (x.happened == hub_link::what::said)
    return is.link() == x.number ? on_packet(is, x.text) : on_probe(is, x);
  if (is.has_polled())
    tried_.emplace(x.number, tried_link{x.session, x.socket});
  else
    is.use(x.socket, x.number);
}

void hub_state::on_probe(session& x, hub_link& said) {
  auto tried = tried_.find(said.number);
  if (tried == tried_.end())
    return;
  if (said.text == "2probe") {
    tried->second.socket->send("3probe");
    x.end_poll();
  } else if (said.text == std::string{engine::upgrade}) {
    x.use(tried->second.socket, said.number);
    tried_.erase(tried);
  } else {
    tried->second.socket->close(1002, "");
  }
}

void hub_state::on_packet(session& x, std::string_view packet) {
  if (packet.empty())
    return;
  x.last_heard = session::clock::now();
  switch (packet.front()) {
    case engine::ping:
      return x.send(fmt::format("{}{}", engine::pong, packet.substr(1)));
    case engine::close:
      return drop(x.id);
    case engine::message:
      if (auto got = read_packet(packet.substr(1)))
        on_message(x, *got);
      return;
    default:
      return;
  }
}

void hub_state::tick() {
  auto now = session::clock::now();
  std::vector<std::string> lost;
  for (auto& [id, x] : sessions_) {
    if (now - x.last_heard > ping_interval + ping_timeout || x.is_behind()) {
      lost.push_back(id);
    } else if (now - x.last_ping >= ping_interval) {
      x.last_ping = now;
      x.send({engine::ping});
    }
  }
  for (const auto& id : lost)
    drop(id);
  ticks_ = !sessions_.empty();
  if (ticks_)
    self_->delayed_send(self_, 1s, hub_tick{});
}

void hub_state::drop(const std::string& id) {
  auto known = sessions_.extract(id);
  if (!known.empty())
    known.mapped().close();
  std::erase_if(tried_, [&](const auto& x) {
    if (x.second.session != id)
      return false;
    x.second.socket->close(1000, "");
    return true;
  });
  follow();
}

// -- Socket.IO ----------------------------------------------------------------

void hub_state::on_message(session& x, const packet& got) {
  switch (got.type) {
    case kind::connect:
      return connect(x, got);
    case kind::disconnect:
      x.socket_id.clear();
      x.rooms.clear();
      return follow();
    case kind::event:
      return on_event(x, got);
    default:
      return;
  }
}

void hub_state::connect(session& x, const packet& got) {
  auto refuse = [&](std::string_view why) {
    x.send(make_packet(kind::connect_error, got.space,
                       fmt::format(R"({{"message":"{}"}})", why)));
  };
  if (got.space != "/")
    return refuse("Invalid namespace");
  if (!x.is_trusted) {
    auto auth = raw_object::read(got.data);
    x.is_trusted = auth && gate_.knows(auth->text("token").value_or(""));
  }
  if (!x.is_trusted)
    return refuse("a token is needed: io(url, {auth: {token}})");
  x.socket_id = make_id();
  // Before it says what it watches: nothing is missed that comes after.
  follow();
  x.send(make_packet(kind::connect, "/",
                     fmt::format(R"({{"sid":"{}"}})", x.socket_id)));
}

void hub_state::on_event(session& x, const packet& got) {
  auto what = read_event(got.data);
  if (x.socket_id.empty() || !what)
    return;
  auto argument = raw_object::read(what->argument);
  auto room = argument ? argument->text("taskGroupId").value_or("") : "";
  if (what->name == "watchTaskGroup" && !room.empty()
      && x.rooms.size() < most_rooms)
    x.rooms.insert(room);
  else if (what->name == "unwatchTaskGroup")
    x.rooms.erase(room);
  if (!got.ack.empty())
    x.send(make_packet(kind::ack, "/", got.ack + "[]"));
}

void hub_state::tell(const task_event& x) {
  auto text
    = make_packet(kind::event, "/",
                  fmt::format("[{},{}]", json_quote(x.name), x.data.view()));
  for (auto& [id, one] : sessions_)
    if (one.rooms.contains(x.room))
      one.send(text);
}

void hub_state::follow() {
  auto wanted
    = std::any_of(sessions_.begin(), sessions_.end(),
                  [](const auto& x) { return !x.second.socket_id.empty(); });
  if (wanted == std::exchange(follows_, wanted))
    return;
  auto sink = task_event_sink{caf::actor_cast<hub_actor>(self_)};
  if (wanted)
    self_->send(tasks_, subscribe_tasks{sink});
  else
    self_->send(tasks_, unsubscribe_tasks{sink});
}

hub_actor::behavior_type hub(hub_actor::stateful_pointer<hub_state> self,
                             tasks_actor tasks, access_policy gate) {
  return self->state.make_behavior(std::move(tasks), std::move(gate));
}

} // namespace orc::server::socket_io
