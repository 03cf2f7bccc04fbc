#include "transport/server/bounded_output.hpp"

#include "transport/server/log.hpp"

#include <caf/actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>

#include <utility>

namespace orc::server {

bounded_output::bounded_output(http::exchange_ptr to, caf::actor_addr owner,
                               http::response head, std::size_t most,
                               std::string_view cut_event)
  : to_{std::move(to)}, owner_{std::move(owner)}, most_{most}, cut_event_{
                                                                 cut_event} {
  to_->on_gone([who = owner_] {
    if (auto x = caf::actor_cast<caf::actor>(who))
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  });
  to_->start(std::move(head));
}

bool bounded_output::write(std::string text) {
  auto size = text.size();
  unwritten_ += size;
  if (unwritten_ > most_) {
    log.warn(cut_event_, "client={} bytes={}", to_->request().remote_address,
             unwritten_);
    to_->drop();
    return false;
  }
  to_->write(std::move(text), [who = owner_, size](bool ok) {
    if (auto x = caf::actor_cast<caf::actor>(who))
      caf::anon_send(x, events_written{size, ok});
  });
  return true;
}

bool bounded_output::settle(const events_written& x) noexcept {
  unwritten_ -= x.bytes;
  return x.ok;
}

void bounded_output::finish() {
  if (to_)
    to_->finish();
}

void bounded_output::drop() {
  if (to_)
    to_->drop();
}

} // namespace orc::server
