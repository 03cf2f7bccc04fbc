#pragma once

#include "messages/bus/link.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// @returns what tells a durable command from all others, however often it is
///          delivered: its `Nats-Msg-Id`, else where and when the bus stored
///          it.
std::string command_id(const bus_work& x);

/// What becomes of a durable command that was answered.
enum class work_verdict : std::uint8_t {
  done,
  /// It makes no sense, now or later: it is put aside for people.
  parked,
  /// It did nothing, for a reason that may pass.
  again,
  /// It may have done something, and to do it again might do it twice.
  unclear,
};

/// @param status as HTTP has it.
/// @param repeats whether the command, done twice, does the same as once.
work_verdict judge(std::uint32_t status, bool repeats);

/// @returns the pause before a command comes again.
/// @param deliveries so far, from 1 on.
std::chrono::milliseconds pause_after(std::uint64_t deliveries);

/// @returns whether a message may be sent there. What a server cannot parse has
///          it close the connection; a subject with wildcards is no place.
bool is_plain_subject(std::string_view x);

/// Why a durable command is put aside.
struct parking {
  std::string id;
  std::uint32_t status = 0;
  std::string reason;
};

/// @returns what tells people of a durable command that is put aside: as it
///          came, but without its body, then without its headers, where more
///          than `most` bytes would come of it.
bus_message parked_message(const bus_message& x, const parking& why,
                           std::string subject, std::uint64_t most);

/// @returns `text` on one line and of a length that a header may have.
std::string header_text(std::string text);

} // namespace orc
