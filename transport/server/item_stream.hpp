#pragma once

#include "messages/orchestrator.hpp"
#include "transport/http/server.hpp"
#include "transport/server/item_pages.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace orc::server {

/// A page has left, or the client is gone.
struct page_written {
  bool ok = true;
};

} // namespace orc::server

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::page_written)

namespace orc::server {

using item_stream_actor = caf::typed_actor<caf::reacts_to<page_written>>;

/// Sends the items of a run to one client, one page in memory at a time:
///
///     reading --page--> writing --written--> reading ... --last page--> done
///
/// What goes wrong before the first page is an error answer; after it the
/// connection is cut, so that nobody takes half of the items for all.
class item_stream_state {
public:
  static inline const char* name = "item-stream";

  explicit item_stream_state(item_stream_actor::pointer self);

  item_stream_actor::behavior_type
  make_behavior(orchestrator_actor orchestrator, http::exchange_ptr exchange,
                run_ref ref, item_pages pages);

private:
  void read();
  void write(const items_page& page);
  void finish();
  void fail(const caf::error& why);
  void start_once();

  item_stream_actor::pointer self_;
  orchestrator_actor orchestrator_;
  http::exchange_ptr exchange_;
  run_ref ref_;
  item_pages pages_{{}, 1};
  bool started_ = false;
};

/// Starts an ITEM STREAM.
item_stream_actor::behavior_type
item_stream(item_stream_actor::stateful_pointer<item_stream_state> self,
            orchestrator_actor orchestrator, http::exchange_ptr exchange,
            run_ref ref, item_pages pages);

} // namespace orc::server
