#include "transport/bus/event_loop.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace orc::bus {

namespace {

/// A server that takes nothing for so long is gone, in milliseconds. Over TLS
/// the library waits until all is written, and lets nobody publish meanwhile:
/// only the kernel can end that.
constexpr unsigned longest_stall = 30'000;

event_loop& loop_of(void* self) {
  return *static_cast<event_loop*>(self);
}

} // namespace

event_loop::~event_loop() {
  stop();
  for (auto fd : {socket_, wake_})
    if (fd >= 0)
      close(fd);
}

natsStatus event_loop::serve(natsOptions* options) {
  return natsOptions_SetEventLoop(options, this, &attach, &want_read,
                                  &want_write, &detach);
}

void event_loop::stop() {
  // The thread finds it broken, has the library close it, and ends.
  if (socket_ >= 0)
    shutdown(socket_, SHUT_RDWR);
  if (thread_.joinable())
    thread_.join();
}

natsStatus event_loop::attach(void** self, void* loop, natsConnection* nc,
                              natsSock socket) {
  *self = loop;
  return loop_of(loop).start(nc, socket);
}

natsStatus event_loop::want_read(void* self, bool add) {
  loop_of(self).reads_ = add;
  return NATS_OK;
}

natsStatus event_loop::want_write(void* self, bool add) {
  auto& loop = loop_of(self);
  std::uint64_t one = 1;
  if (!loop.writes_.exchange(add) && add)
    (void)!write(loop.wake_, &one, sizeof one);
  return NATS_OK;
}

natsStatus event_loop::detach(void* self) {
  return want_read(self, false);
}

natsStatus event_loop::start(natsConnection* nc, natsSock socket) {
  // No program that is started by us shall hold it open.
  fcntl(socket, F_SETFD, FD_CLOEXEC);
  socket_ = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (socket_ < 0 || wake_ < 0)
    return NATS_SYS_ERROR;
  setsockopt(socket_, IPPROTO_TCP, TCP_USER_TIMEOUT, &longest_stall,
             sizeof longest_stall);
  reads_ = true;
  thread_ = std::thread{[this, nc] { run(nc); }};
  return NATS_OK;
}

/// One read, then one write, so that neither keeps the other waiting.
void event_loop::run(natsConnection* nc) {
  while (reads_) {
    auto events = static_cast<short>(writes_ ? POLLIN | POLLOUT : POLLIN);
    std::array<pollfd, 2> on{{{socket_, events, 0}, {wake_, POLLIN, 0}}};
    if (poll(on.data(), on.size(), -1) < 0)
      continue;
    if (std::uint64_t count = 0; on[1].revents != 0)
      (void)!read(wake_, &count, sizeof count);
    if (reads_ && (on[0].revents & ~POLLOUT) != 0)
      natsConnection_ProcessReadEvent(nc);
    if (reads_ && (on[0].revents & POLLOUT) != 0)
      natsConnection_ProcessWriteEvent(nc);
  }
}

} // namespace orc::bus
