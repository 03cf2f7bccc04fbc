#pragma once

#include "messages/bus/link.hpp"
#include "messages/bus/settings.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::bus {

// JetStream as messages: its API is requests of JSON to subjects that begin
// with
// `$JS.API.`, and its acknowledgements are messages, too. So nothing here waits
// for anything, unlike the calls of the client library.

/// Asks JetStream to make something; repeated, it does nothing.
struct stream_request {
  std::string subject;
  std::string body;
  /// For people: `stream orchestrator-main-evt`.
  std::string what;
};

/// @returns requests for the streams of an instance and for the consumer of
///          durable commands, in the order in which they must be made.
std::vector<stream_request> make_streams(const bus_settings& x);

/// What an answer of JetStream says.
struct stream_answer {
  std::string stream;
  std::uint64_t sequence = 0;
  bool duplicate = false;
  /// 0: no error. Else a code of its own, such as 10058.
  std::int64_t error_code = 0;
  /// For people.
  std::string error;
};

/// @returns what it says: an error, too, if nobody answered the request.
stream_answer read_stream_answer(const bus_message& x);

/// The stream is there, with other settings than ours: whoever runs the bus has
/// chosen them, and they stay.
bool is_settled_elsewhere(const stream_answer& x);

/// @returns a request for durable commands, answered for so long at most.
bus_message make_pull(const std::string& instance, std::uint32_t most,
                      std::chrono::milliseconds patience, std::string inbox);

/// @returns a durable command, or nothing if the message is none: what ends a
///          pull has no body and a header `Status`.
std::optional<bus_work> read_work(const bus_message& x);

/// @returns what tells JetStream how a durable command ended.
bus_message make_settlement(const settle_work& x);

} // namespace orc::bus
