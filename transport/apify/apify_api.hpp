#pragma once

#include "messages/apify_api.hpp"
#include "messages/apify_storage.hpp"
#include "messages/health.hpp"
#include "messages/reload.hpp"
#include "messages/settings.hpp"
#include "transport/apify/api_call.hpp"
#include "transport/apify/endpoints.hpp"
#include "transport/apify/server_clock.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <functional>
#include <memory>
#include <random>
#include <unordered_map>

namespace orc::apify {

/// The HTTP client's answer to a call, on its way from the thread of sockets
/// to the actor: promises are never touched off their actor.
struct http_answer {
  std::uint64_t call = 0;
  http::client::result result;
};

/// The time has come to send a call again.
struct repeat_call {
  std::uint64_t call = 0;
};

} // namespace orc::apify

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::apify::http_answer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::apify::repeat_call)

namespace orc {

/// The APIFY API and APIFY STORAGE interfaces with what the implementation
/// tells of itself, and tells itself.
using apify_api_inbox = apify_api_actor::extend_with<apify_storage_actor>::
  extend_with<contact_actor>::extend_with<token_holder_actor>::extend<
    caf::reacts_to<apify::http_answer>, caf::reacts_to<apify::repeat_call>>;

/// Talks to the platform for one account over HTTP.
///
///     request --> sent --2xx, readable--------------------> answered
///                  ^  `--429, 5xx, network, unreadable--.
///                  |                                    v
///                  `--back-off-- waiting <--repeatable-- failed --> refused
class apify_api_state {
public:
  static inline const char* name = "apify-api";

  explicit apify_api_state(apify_api_inbox::pointer self);

  apify_api_inbox::behavior_type
  make_behavior(std::shared_ptr<http::client> client, account_settings account);

private:
  /// Answers the request from a successful response.
  /// @returns why it cannot be read, in which case nothing was answered.
  using acceptor = std::function<caf::error(http::response&)>;

  struct pending_call {
    apify::api_call call;
    acceptor accept;
    caf::response_promise promise;
    unsigned repeats = 0;
    bool redirected = false;
  };

  using call_map = std::unordered_map<std::uint64_t, pending_call>;

  /// Makes a call and answers with what `read` makes of the response.
  template <class Response, class Request, class Reader>
  caf::result<Response> perform(const Request& request, Reader read);

  /// Makes a call whose answer tells nothing but that it is done.
  template <class Request>
  caf::result<storage_changed> change(const Request& request);

  caf::result<target_defaults> find_target(const get_target& request);

  void
  launch(apify::api_call call, caf::response_promise promise, acceptor accept);
  void send(std::uint64_t id);
  void handle(apify::http_answer& x);
  void handle_response(call_map::iterator call, http::response& answer);
  bool redirect(call_map::iterator call, const http::response& answer);
  void repeat_or_fail(call_map::iterator call, caf::error why);
  void count_outcome(const http::client::result& result);
  void count_refused_token();
  reloaded take_token(const change_token& x);
  void stop(const caf::exit_msg& why);

  apify_api_inbox::pointer self_;
  std::shared_ptr<http::client> client_;
  account_settings account_;
  apify::endpoints endpoints_{"", {}};
  apify::server_clock clock_;
  api_usage usage_;
  contact contact_;
  call_map calls_;
  std::uint64_t last_id_ = 0;
  std::minstd_rand random_{std::random_device{}()};
};

/// Starts an APIFY API. The runtime of its client must outlive it.
apify_api_inbox::behavior_type
apify_api(apify_api_inbox::stateful_pointer<apify_api_state> self,
          std::shared_ptr<http::client> client, account_settings account);

} // namespace orc
