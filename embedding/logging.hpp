#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace orc {

enum class host_log_level : std::uint8_t { debug, info, warn, error, off };

/// Hands every log line of this library to a function, in place of standard
/// output, where lines go otherwise: one log a process, for all orchestrators
/// in it. Call it before the first one is opened.
///
/// A line is `component event key=value…`, such as
/// `run run-started name=shop/1 attempt=1`; events keep their names. Tokens are
/// never in it; ids and URLs of platform runs are left out.
///
/// @param least lines below are dropped; `off` drops all.
/// @param f called on any thread, one at a time; must neither block nor throw.
///          Empty: nothing is logged.
void log_to(host_log_level least,
            std::function<void(host_log_level, std::string_view line)> f);

} // namespace orc
