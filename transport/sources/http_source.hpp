#pragma once

#include "messages/walk/page_place.hpp"
#include "messages/walk/page_reader.hpp"
#include "transport/http/client.hpp"
#include "transport/sources/page_api.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace orc {

/// The HTTP client's answer, on its way from the thread of sockets.
struct page_answered {
  std::uint64_t call = 0;
  http::client::result result;
};

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::page_answered)

namespace orc {

using http_source_inbox
  = walk_source_actor::extend<caf::reacts_to<page_answered>>;

/// The WALK SOURCE over an HTTP API. An API may give fewer items than were
/// asked for, or more: pages are put together from its pages, or cut out of
/// them.
class http_source_state {
public:
  static inline const char* name = "http-source";

  explicit http_source_state(http_source_inbox::pointer self);

  http_source_inbox::behavior_type
  make_behavior(page_api api, std::shared_ptr<http::client> client);

private:
  /// A page that was asked for.
  struct job {
    read_walk_page wanted;
    caf::typed_response_promise<walk_page> promise;
  };

  caf::result<walk_page> read(const read_walk_page& x);
  void start_next();
  void ask();
  void handle(const page_answered& x);
  void take(api_page page);
  void deliver(std::optional<std::string> next);
  void fail(caf::error why);
  void stop(const caf::exit_msg& why);

  http_source_inbox::pointer self_;
  std::optional<page_api> api_;
  std::shared_ptr<http::client> client_;
  std::deque<job> jobs_;
  /// Of the first job.
  page_builder page_;
  page_place place_;
  std::uint64_t calls_without_items_ = 0;
  std::uint64_t last_call_ = 0;
  /// What was left of a page of the API, and where it began.
  std::optional<api_page> left_;
  std::string left_at_;
};

/// Starts a WALK SOURCE over an HTTP API. The runtime of its client must
/// outlive it.
http_source_inbox::behavior_type
http_source(http_source_inbox::stateful_pointer<http_source_state> self,
            page_api api, std::shared_ptr<http::client> client);

} // namespace orc
