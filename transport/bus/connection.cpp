#include "transport/bus/connection.hpp"

#include "messages/base/error.hpp"
#include "transport/bus/call_deadline.hpp"
#include "transport/bus/event_loop.hpp"
#include "transport/bus/handlers.hpp"
#include "transport/bus/options.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace orc::bus {

namespace {

using namespace std::chrono_literals;

/// The library waits 2 s for each answer, but for those of the handshake of
/// TLS.
constexpr std::chrono::seconds entry_patience{10};

/// So much may wait for a server that is slow to take it, in bytes.
constexpr int most_buffered = 64 << 20;

template <auto Destroy>
struct destroyer {
  template <class T>
  void operator()(T* x) const {
    Destroy(x);
  }
};

using message_ptr = std::unique_ptr<natsMsg, destroyer<natsMsg_Destroy>>;
using subscription_ptr
  = std::unique_ptr<natsSubscription, destroyer<natsSubscription_Destroy>>;

caf::error failed(std::string_view what, natsStatus status) {
  return make_error(ec::not_sent,
                    fmt::format("{}: {}", what, natsStatus_GetText(status)));
}

/// Owned by the library until the subscription is gone.
struct channel_closure {
  std::uint64_t connection;
  std::uint32_t channel;
};

void take(natsConnection*, natsSubscription*, natsMsg* raw, void* closure) {
  message_ptr message{raw};
  const auto& at = *static_cast<channel_closure*>(closure);
  if (auto events = handlers::find(at.connection))
    events->on_message(at.channel, read_message(*message));
}

void release(void* closure) {
  delete static_cast<channel_closure*>(closure);
}

message_ptr make_message(const bus_message& x) {
  natsMsg* raw = nullptr;
  auto data = x.data.view();
  if (natsMsg_Create(&raw, x.subject.c_str(),
                     x.reply.empty() ? nullptr : x.reply.c_str(), data.data(),
                     static_cast<int>(data.size()))
      != NATS_OK)
    return nullptr;
  message_ptr result{raw};
  for (const auto& header : x.headers)
    natsMsgHeader_Add(raw, header.name.c_str(), header.value.c_str());
  return result;
}

} // namespace

struct connection::impl {
  ~impl() {
    handlers::remove(id);
    loop.stop();
    if (raw)
      natsConnection_Destroy(raw);
  }

  event_loop loop;
  /// Under which callbacks find the events.
  std::uint64_t id = 0;
  natsConnection* raw = nullptr;
  std::vector<subscription_ptr> subscriptions;
};

connection::connection(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

connection::~connection() = default;

caf::expected<std::unique_ptr<connection>>
connection::open(const bus_settings& settings,
                 const std::vector<std::string>& discovered,
                 connection_events events) {
  auto problem = make_error(ec::bad_config, "nats.url: names no server");
  for (const auto& server : servers_of(settings, discovered)) {
    auto made = enter(settings, server, events);
    if (made || code_of(made.error()) == ec::bad_config)
      return made;
    problem = std::move(made.error());
  }
  return problem;
}

/// One server after the other, since each has its own time: of several that it
/// is given at once the library would pass none over that is silent.
caf::expected<std::unique_ptr<connection>>
connection::enter(const bus_settings& settings, const secret& server,
                  connection_events events) {
  auto result = std::make_unique<impl>();
  result->id = handlers::add(std::move(events));
  auto options = make_options(settings, server, result->id);
  if (!options)
    return std::move(options.error());
  auto status = result->loop.serve(options->get());
  call_deadline deadline{entry_patience};
  if (status == NATS_OK)
    status = natsConnection_Connect(&result->raw, options->get());
  if (status == NATS_OK)
    return std::unique_ptr<connection>{new connection{std::move(result)}};
  if (deadline.is_over())
    return failed(fmt::format("the server did not let us in within {} s",
                              entry_patience / 1s),
                  NATS_TIMEOUT);
  const auto* detail = nats_GetLastError(nullptr);
  return failed(
    status == NATS_NO_SERVER || !detail || !*detail ? "cannot connect" : detail,
    status);
}

caf::error
connection::subscribe(const std::string& subject, const std::string& queue,
                      std::uint32_t channel) {
  natsSubscription* raw = nullptr;
  auto* closure = new channel_closure{impl_->id, channel};
  auto status
    = queue.empty()
        ? natsConnection_Subscribe(&raw, impl_->raw, subject.c_str(), &take,
                                   closure)
        : natsConnection_QueueSubscribe(&raw, impl_->raw, subject.c_str(),
                                        queue.c_str(), &take, closure);
  if (status != NATS_OK) {
    release(closure);
    return failed("cannot subscribe to " + subject, status);
  }
  // Callbacks only pass messages on, so none wait here for long.
  natsSubscription_SetPendingLimits(raw, -1, -1);
  natsSubscription_SetOnCompleteCB(raw, &release, closure);
  impl_->subscriptions.emplace_back(raw);
  return {};
}

caf::error connection::publish(const bus_message& x) {
  if (natsConnection_Buffered(impl_->raw) > most_buffered)
    return make_error(ec::not_sent, "cannot send: the bus takes nothing");
  if (x.headers.empty()) {
    // Without headers there is nothing to copy.
    auto data = x.data.view();
    auto size = static_cast<int>(data.size());
    auto status
      = x.reply.empty()
          ? natsConnection_Publish(impl_->raw, x.subject.c_str(), data.data(),
                                   size)
          : natsConnection_PublishRequest(impl_->raw, x.subject.c_str(),
                                          x.reply.c_str(), data.data(), size);
    return status == NATS_OK ? caf::error{} : failed("cannot send", status);
  }
  auto message = make_message(x);
  if (!message)
    return failed("cannot make a message", NATS_NO_MEMORY);
  auto status = natsConnection_PublishMsg(impl_->raw, message.get());
  return status == NATS_OK ? caf::error{} : failed("cannot send", status);
}

caf::error connection::flush(std::chrono::milliseconds patience) {
  auto status = natsConnection_FlushTimeout(impl_->raw, patience.count());
  return status == NATS_OK ? caf::error{} : failed("no answer", status);
}

std::string connection::server() const {
  std::array<char, 256> text{};
  natsConnection_GetConnectedUrl(impl_->raw, text.data(), text.size());
  return without_secrets(text.data());
}

std::vector<std::string> connection::discovered() const {
  std::vector<std::string> result;
  char** servers = nullptr;
  auto count = 0;
  if (natsConnection_GetDiscoveredServers(impl_->raw, &servers, &count)
      != NATS_OK)
    return result;
  for (auto i = 0; i < count; ++i) {
    result.emplace_back(servers[i]);
    free(servers[i]);
  }
  free(servers);
  return result;
}

std::uint64_t connection::max_payload() const {
  auto bytes = natsConnection_GetMaxPayload(impl_->raw);
  return bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0;
}

} // namespace orc::bus
