#pragma once

#include <caf/error.hpp>

#include <string>
#include <string_view>

namespace orc::server {

/// @returns the HTTP status that tells of `x`.
int http_status_of(const caf::error& x);

/// @returns `{"error":{"type":…,"message":…}}`.
std::string render_error(std::string_view type, std::string_view message);

std::string render_error(const caf::error& x);

/// @returns `{"message":…}`, as clients of Crew expect it.
std::string render_message(const caf::error& x);

/// @returns the body for an error that the HTTP server found by itself.
std::string render_status(int status, std::string_view message);

} // namespace orc::server
