#pragma once

#include "messages/base/error.hpp"
#include "transport/apify/api_call.hpp"

#include <caf/error.hpp>

#include <optional>
#include <string_view>

namespace orc::apify {

/// Says what an answer that is no success means: by the platform's `error.type`
/// first, which tells more, then by the HTTP status. The sentence holds the
/// platform's message, and what to do where we know it.
caf::error explain_refusal(const api_call& call, const http::response& answer);

/// @returns what an `error.type` of the platform means, if it tells by itself.
std::optional<ec> meaning_of_type(std::string_view type);

/// Says what it means that there is no complete answer.
/// @param origin where the API is said to be.
caf::error explain_failure(const api_call& call, const http::send_error& why,
                           std::string_view origin);

/// Says what it means that a successful answer cannot be read: of a start, that
/// it is as good as lost.
caf::error explain_unreadable(const api_call& call, const caf::error& why);

} // namespace orc::apify
