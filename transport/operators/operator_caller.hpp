#pragma once

#include "messages/task/operators.hpp"
#include "transport/http/client.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <unordered_map>

namespace orc {

/// The HTTP client's answer to a call, on its way from the thread of sockets.
struct operator_called {
  std::uint64_t number = 0;
  http::client::result result;
};

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::operator_called)

namespace orc {

using operator_caller_inbox
  = operator_caller_actor::extend<caf::reacts_to<operator_called>>;

/// Calls operators over HTTP, each once.
class operator_caller_state {
public:
  static inline const char* name = "operator-caller";

  explicit operator_caller_state(operator_caller_inbox::pointer self);

  operator_caller_inbox::behavior_type
  make_behavior(std::shared_ptr<http::client> client);

private:
  struct pending {
    caf::typed_response_promise<operator_answer> promise;
    std::chrono::milliseconds timeout;
    std::chrono::steady_clock::time_point began;
  };

  caf::result<operator_answer> call(call_operator& x);
  void answer(const operator_called& x);

  operator_caller_inbox::pointer self_;
  std::shared_ptr<http::client> client_;
  std::unordered_map<std::uint64_t, pending> calls_;
  std::uint64_t last_ = 0;
};

/// Starts an OPERATOR CALLER. The runtime of its client must outlive it.
operator_caller_inbox::behavior_type operator_caller(
  operator_caller_inbox::stateful_pointer<operator_caller_state> self,
  std::shared_ptr<http::client> client);

} // namespace orc
