#pragma once

#include <nats/nats.h>

#include <atomic>
#include <thread>

namespace orc::bus {

/// Moves the bytes of one connection of the client library, in and out, on one
/// thread.
///
/// By itself the library reads on a thread of its own and writes where somebody
/// publishes. Over TLS both are then in one object of OpenSSL at once, which
/// may lose or tear what is under way. Driven by an event loop, it only notes
/// what is to be written.
///
/// It takes a connection that does not come back by itself: the library (3.4)
/// would go on in the middle of the message during which it broke.
class event_loop {
public:
  event_loop() = default;

  /// Calls `stop`.
  ~event_loop();

  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  /// Has the connection that is made of `options` served by this loop, which
  /// must outlive it.
  natsStatus serve(natsOptions* options);

  /// Breaks the connection, so that nobody waits for the server any more, and
  /// ends the thread: then the connection may be destroyed. Idempotent.
  void stop();

private:
  static natsStatus
  attach(void** self, void* loop, natsConnection* nc, natsSock socket);
  static natsStatus want_read(void* self, bool add);
  static natsStatus want_write(void* self, bool add);
  static natsStatus detach(void* self);

  natsStatus start(natsConnection* nc, natsSock socket);
  void run(natsConnection* nc);

  /// Ours: the library closes its own when it likes.
  int socket_ = -1;
  /// Readable when there is something to write.
  int wake_ = -1;
  std::atomic<bool> reads_{false};
  std::atomic<bool> writes_{false};
  std::thread thread_;
};

} // namespace orc::bus
