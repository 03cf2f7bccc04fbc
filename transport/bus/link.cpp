#include "transport/bus/link.hpp"

#include "messages/base/log.hpp"
#include "transport/bus/link_rules.hpp"

#include <caf/send.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

namespace orc::bus {

namespace {

constexpr logger log{"bus"};

using namespace std::chrono_literals;

constexpr auto tick_interval = 250ms;

/// A server that is silent for so long is asked whether it is there, and one
/// that then stays silent for so long is gone.
constexpr auto beat_interval = 10s;
constexpr auto beat_patience = 15s;

/// A server shall have subscribed us after so long.
constexpr auto subscribe_patience = 5s;

std::string make_inbox() {
  std::random_device random;
  return fmt::format("_INBOX.orc{:08x}{:08x}", random(), random());
}

} // namespace

link_state::link_state(link_inbox::pointer self)
  : self_{self}, inbox_{make_inbox()} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
}

link_inbox::behavior_type link_state::make_behavior(bus_settings settings) {
  settings_ = std::move(settings);
  streams_ = make_streams(settings_);
  return {
    [this](const open_bus& x) { open(x); },
    [this](send_bus& x) { send(std::move(x.message)); },
    [this](const publish_bus& x) { return publish(x); },
    [this](const pull_work& x) { demand(x); },
    [this](const settle_work& x) { send(make_settlement(x)); },
    [this](flush_bus) { return flush(); },
    [this](const link_news& x) { handle(x); },
    [this](link_tick) { tick(); },
  };
}

// -- the connection -----------------------------------------------------------

void link_state::open(const open_bus& x) {
  sink_ = x.sink;
  tick();
}

void link_state::tick() {
  self_->delayed_send(self_, tick_interval, link_tick{});
  auto now = clock::now();
  if (!connection_ && now >= next_attempt_)
    connect();
  publications_.fail_late(clock::now());
  beat();
  if (!up_ || now < next_attempt_)
    return;
  // A server that has just begun may not answer yet.
  if (next_stream_ != 0 && now >= stream_deadline_)
    next_stream_ = 0;
  if (!has_streams_ && next_stream_ == 0)
    make_next_stream();
  if (pull_ != 0 && now >= pull_deadline_) {
    pull_ = 0;
    pull();
  }
}

/// Has the server tell us something, if it is silent.
void link_state::beat() {
  auto now = clock::now();
  if (!up_ || now - std::max(heard_, asked_) < beat_interval)
    return;
  if (asked_ > heard_) {
    if (now - asked_ >= beat_patience)
      give_up("the server is silent");
    return;
  }
  asked_ = now;
  bus_message question;
  question.subject = inbox('b', 0);
  send_now(question);
}

void link_state::connect() {
  ++connection_id_;
  auto made = connection::open(settings_, discovered_, make_events());
  if (made) {
    connection_ = std::move(*made);
    if (auto err = subscribe()) {
      connection_.reset();
      made = std::move(err);
    }
  }
  if (made) {
    pause_ = {};
    return came_up();
  }
  pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
  next_attempt_ = clock::now() + pause_;
  log.error("bus-unreachable", "error=\"{}\" again_in_ms={}",
            message_of(made.error()), pause_.count());
  self_->send(sink_, bus_down{message_of(made.error())});
}

connection_events link_state::make_events() {
  // Weak: the library's threads must not keep us alive.
  auto tell = [address = caf::actor_addr{self_->address()},
               id = connection_id_](link_news x) {
    x.connection = id;
    if (auto self = caf::actor_cast<caf::actor>(address))
      caf::anon_send(self, std::move(x));
  };
  using kind = link_news::kind;
  return {[tell](std::string why) {
            tell({kind::closed, 0, std::move(why), 0, {}});
          },
          [tell](std::uint32_t channel, bus_message x) {
            tell({kind::message, 0, {}, channel, std::move(x)});
          },
          [](const std::string& what) {
            log.warn("bus-problem", "error=\"{}\"", what);
          }};
}

caf::error link_state::subscribe() {
  auto subjects = bus_subjects{settings_.instance};
  if (auto err
      = connection_->subscribe(subjects.commands + ">", "q", channel::commands))
    return err;
  if (auto err = connection_->subscribe("$SRV.>", "", channel::service))
    return err;
  if (auto err = connection_->subscribe(inbox_ + ".*", "", channel::answers))
    return err;
  if (auto err = connection_->subscribe(inbox_ + ".p.*", "", channel::pulls))
    return err;
  // Who reads that we are there may ask us at once.
  return connection_->flush(subscribe_patience);
}

void link_state::handle(const link_news& x) {
  if (x.what == link_news::kind::message)
    take(x);
  else if (x.connection == connection_id_ && connection_)
    give_up(x.why);
}

void link_state::came_up() {
  up_ = true;
  has_streams_ = false;
  pull_ = 0;
  heard_ = clock::now();
  log.info("bus-up", "server={}", connection_->server());
  kept_bytes_ = 0;
  for (const auto& x : std::exchange(kept_, {}))
    send_now(x);
  tell_up({});
  make_next_stream();
}

void link_state::give_up(const std::string& why) {
  up_ = false;
  has_streams_ = false;
  next_stream_ = 0;
  if (auto servers = connection_->discovered(); !servers.empty())
    discovered_ = std::move(servers);
  connection_.reset();
  log.error("bus-down", "error=\"{}\"", why);
  publications_.fail_all(why);
  self_->send(sink_, bus_down{why});
}

void link_state::tell_up(std::optional<bool> has_streams) {
  self_->send(sink_, bus_up{connection_->server(), connection_->max_payload(),
                            has_streams});
}

void link_state::stop(const caf::exit_msg& why) {
  publications_.fail_all("the service is stopping");
  connection_.reset();
  self_->quit(why.reason);
}

link_inbox::behavior_type
bus_link(link_inbox::stateful_pointer<link_state> self, bus_settings settings) {
  return self->state.make_behavior(std::move(settings));
}

} // namespace orc::bus
