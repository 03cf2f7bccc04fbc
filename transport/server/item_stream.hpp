#pragma once

#include "messages/reader.hpp"
#include "transport/http/server.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace orc::server {

/// A piece has left, or the client is gone.
struct piece_written {
  bool ok = true;
};

} // namespace orc::server

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::server::piece_written)

namespace orc::server {

using item_stream_actor = caf::typed_actor<caf::reacts_to<piece_written>>;

/// How to send what is read.
struct item_stream_options {
  std::string media_type;
  /// Behind each piece a line tells the cursor that goes on there.
  bool tells_cursors = false;
};

/// Sends what a READER reads to one client, one piece in memory at a time:
///
///     reading --piece--> writing --written--> reading ... --last--> done
///
/// What goes wrong before the first piece is an error answer; after it the
/// connection is cut, so that nobody takes half of the items for all.
class item_stream_state {
public:
  static inline const char* name = "item-stream";

  explicit item_stream_state(item_stream_actor::pointer self);

  item_stream_actor::behavior_type
  make_behavior(readings_actor readings, http::exchange_ptr exchange,
                read_request request, item_stream_options options);

private:
  void open(const readings_actor& readings, read_request request);
  void read();
  void write(const item_piece& piece);
  void fail(const caf::error& why);
  void start_once();
  void leave();

  item_stream_actor::pointer self_;
  http::exchange_ptr exchange_;
  item_stream_options options_;
  reader_actor reader_;
  bool started_ = false;
};

/// Starts an ITEM STREAM.
item_stream_actor::behavior_type
item_stream(item_stream_actor::stateful_pointer<item_stream_state> self,
            readings_actor readings, http::exchange_ptr exchange,
            read_request request, item_stream_options options);

} // namespace orc::server
