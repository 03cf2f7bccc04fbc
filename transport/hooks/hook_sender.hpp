#pragma once

#include "messages/hooks.hpp"
#include "transport/http/client.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <unordered_map>

namespace orc {

class io_runtime;

namespace webhook {

/// The HTTP client's answer to an attempt, on its way from the thread of
/// sockets to the actor: promises are never touched off their actor.
struct http_answer {
  std::uint64_t attempt = 0;
  http::client::result result;
};

} // namespace webhook

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::webhook::http_answer)

namespace orc {

/// How webhooks reach the network. A receiver in this machine or a private
/// network is reached only where that is allowed, see `send_hook`.
struct hook_clients {
  explicit hook_clients(io_runtime& runtime);

  void stop();

  http::client anywhere;
  http::client public_only;
};

/// The HOOK SENDER interface with what the implementation tells itself.
using hook_sender_inbox
  = hook_sender_actor::extend<caf::reacts_to<webhook::http_answer>>;

/// Sends events by POST in the structured mode of CloudEvents, signed in the
/// way of Standard Webhooks. Follows no redirects: what is signed for one place
/// is not for another.
class hook_sender_state {
public:
  static inline const char* name = "hook-sender";

  explicit hook_sender_state(hook_sender_inbox::pointer self);

  hook_sender_inbox::behavior_type
  make_behavior(std::shared_ptr<hook_clients> clients);

private:
  caf::result<hook_answer> send(const send_hook& x);
  void handle(const webhook::http_answer& x);
  void stop(const caf::exit_msg& why);

  hook_sender_inbox::pointer self_;
  std::shared_ptr<hook_clients> clients_;
  std::unordered_map<std::uint64_t, caf::typed_response_promise<hook_answer>>
    attempts_;
  std::uint64_t last_id_ = 0;
};

/// Starts a HOOK SENDER. The runtime of its clients must outlive it.
hook_sender_inbox::behavior_type
hook_sender(hook_sender_inbox::stateful_pointer<hook_sender_state> self,
            std::shared_ptr<hook_clients> clients);

} // namespace orc
