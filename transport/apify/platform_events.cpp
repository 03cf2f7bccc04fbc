#include "transport/apify/platform_events.hpp"

#include "messages/base/log.hpp"
#include "messages/json/platform_events.hpp"
#include "transport/apify/reconnects.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/websocket_client.hpp"

#include <utility>

namespace orc {

namespace {

constexpr logger log{"platform-events"};

using clock = std::chrono::steady_clock;

} // namespace

/// All but the constructor runs on the runtime.
struct platform_events::impl
  : std::enable_shared_from_this<platform_events::impl> {
  impl(io_runtime& io, http::url where, callback f)
    : runtime{io}, url{std::move(where)}, on_event{std::move(f)}, timer{io} {
    // nop
  }

  void connect() {
    if (stopped)
      return;
    opened.reset();
    auto weak = weak_from_this();
    http::websocket_client_callbacks callbacks;
    callbacks.on_open = [weak] {
      if (auto self = weak.lock())
        self->opened = clock::now();
    };
    callbacks.on_message = [weak](const std::string& frame) {
      if (auto self = weak.lock())
        self->take(frame);
    };
    callbacks.on_close = [weak](std::uint16_t code) {
      if (auto self = weak.lock())
        self->on_close(code);
    };
    client = std::make_unique<http::websocket_client>(
      runtime, url, http::websocket_client_options{}, std::move(callbacks));
  }

  void take(const std::string& frame) const {
    auto event = read_platform_event(frame);
    if (event.kind == platform_event_kind::other || stopped)
      return;
    log.info("event", "name={}", name_of(event.kind));
    on_event(event);
  }

  void on_close(std::uint16_t code) {
    using std::chrono::duration_cast;
    using std::chrono::milliseconds;
    auto lived
      = opened
          ? std::optional{duration_cast<milliseconds>(clock::now() - *opened)}
          : std::nullopt;
    auto pause = policy.after(code, lived);
    if (!pause)
      return log.warn("closed-for-good", "code={}", code);
    log.debug("closed", "code={} again={}ms", code, pause->count());
    timer.start(*pause, [weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->connect();
    });
  }

  void stop() {
    stopped = true;
    timer.cancel();
    client.reset();
  }

  io_runtime& runtime;
  http::url url;
  callback on_event;
  io_timer timer;
  apify::reconnects policy;
  std::unique_ptr<http::websocket_client> client;
  std::optional<clock::time_point> opened;
  bool stopped = false;
};

platform_events::platform_events(io_runtime& runtime, const std::string& url,
                                 callback f) {
  auto where = http::parse_websocket_url(url);
  if (!where) {
    log.error("no-url", "ACTOR_EVENTS_WEBSOCKET_URL is no ws:// or wss:// URL: "
                        "migrations and abortions will come unannounced");
    return;
  }
  impl_ = std::make_shared<impl>(runtime, std::move(*where), std::move(f));
  runtime.post([state = impl_] { state->connect(); });
}

platform_events::~platform_events() {
  if (impl_)
    impl_->runtime.post([state = impl_] { state->stop(); });
}

} // namespace orc
