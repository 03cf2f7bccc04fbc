#include "transport/hooks/hook_sender.hpp"

#include "transport/hooks/hook_request.hpp"

#include <caf/send.hpp>

#include <utility>

namespace orc {

namespace {

/// Receivers are few; how many deliveries are under way is bounded elsewhere.
http::client_options options_of(bool public_only) {
  http::client_options result;
  result.max_connections = 64;
  result.public_only = public_only;
  return result;
}

} // namespace

hook_clients::hook_clients(io_runtime& runtime)
  : anywhere{runtime, options_of(false)}, public_only{runtime,
                                                      options_of(true)} {
  // nop
}

void hook_clients::stop() {
  anywhere.stop();
  public_only.stop();
}

hook_sender_state::hook_sender_state(hook_sender_inbox::pointer self)
  : self_{self} {
  self_->set_exit_handler([this](const caf::exit_msg& x) { stop(x); });
}

hook_sender_inbox::behavior_type
hook_sender_state::make_behavior(std::shared_ptr<hook_clients> clients) {
  clients_ = std::move(clients);
  return {
    [this](const send_hook& x) { return send(x); },
    [this](const webhook::http_answer& x) { handle(x); },
  };
}

caf::result<hook_answer> hook_sender_state::send(const send_hook& x) {
  auto request = webhook::make_request(x, now());
  if (!request)
    return hook_answer{0, message_of(request.error()), {}};
  auto promise = self_->make_response_promise<hook_answer>();
  auto id = ++last_id_;
  attempts_.emplace(id, promise);
  auto& client = x.allow_private ? clients_->anywhere : clients_->public_only;
  // Weak: an answer that comes after the end of this actor is dropped.
  client.send(std::move(*request), [address = caf::actor_addr{self_->address()},
                                    id](http::client::result result) {
    if (auto self = caf::actor_cast<caf::actor>(address))
      caf::anon_send(self, webhook::http_answer{id, std::move(result)});
  });
  return promise;
}

void hook_sender_state::handle(const webhook::http_answer& x) {
  auto attempt = attempts_.extract(x.attempt);
  if (!attempt.empty())
    attempt.mapped().deliver(webhook::read_answer(x.result));
}

void hook_sender_state::stop(const caf::exit_msg& why) {
  for (auto& [id, promise] : attempts_)
    promise.deliver(hook_answer{0, "the service stopped meanwhile", {}});
  attempts_.clear();
  self_->quit(why.reason);
}

hook_sender_inbox::behavior_type
hook_sender(hook_sender_inbox::stateful_pointer<hook_sender_state> self,
            std::shared_ptr<hook_clients> clients) {
  return self->state.make_behavior(std::move(clients));
}

} // namespace orc
