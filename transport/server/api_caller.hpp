#pragma once

#include "messages/bus/api_calls.hpp"
#include "transport/server/services.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <unordered_map>

namespace orc::server {

/// An answer on its way from wherever it was made to the actor: promises are
/// never touched off their actor.
struct captured_answer {
  std::uint64_t call = 0;
  http::response response;
};

} // namespace orc::server

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::captured_answer)

namespace orc::server {

/// The API CALLER interface with what the implementation tells itself.
using api_caller_inbox
  = api_caller_actor::extend<caf::reacts_to<captured_answer>>;

/// Turns commands into requests for the GATEWAY and its answers into answers:
/// the same handlers serve them, so nothing can differ from HTTP.
class api_caller_state {
public:
  static inline const char* name = "api-caller";

  explicit api_caller_state(api_caller_inbox::pointer self);

  api_caller_inbox::behavior_type make_behavior(gateway_actor gateway);

private:
  caf::result<api_answer> call(const call_api& x);
  void answer(const captured_answer& x);
  void stop(const caf::exit_msg& why);

  api_caller_inbox::pointer self_;
  gateway_actor gateway_;
  std::unordered_map<std::uint64_t, caf::typed_response_promise<api_answer>>
    calls_;
  std::uint64_t last_id_ = 0;
};

/// Starts an API CALLER.
api_caller_inbox::behavior_type
api_caller(api_caller_inbox::stateful_pointer<api_caller_state> self,
           gateway_actor gateway);

} // namespace orc::server
