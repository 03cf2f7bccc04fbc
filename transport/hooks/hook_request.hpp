#pragma once

#include "messages/hooks.hpp"
#include "transport/http/client.hpp"

#include <caf/expected.hpp>

namespace orc::webhook {

/// @returns the request of one attempt, or `ec::bad_config` if URL or key make
///          no sense.
/// @param at the time of this attempt: receivers refuse what is old.
caf::expected<http::outgoing> make_request(const send_hook& x, timestamp at);

/// @returns what a receiver's answer says. Never holds any of its body: that is
///          not ours to show.
hook_answer read_answer(const http::client::result& x);

} // namespace orc::webhook
