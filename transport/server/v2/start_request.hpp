#pragma once

#include "messages/run_request.hpp"
#include "transport/http/message.hpp"
#include "transport/http/url.hpp"

#include <caf/expected.hpp>

#include <string>

namespace orc::server::v2 {

/// @returns whether the input of a start is JSON, or there is none: what is not
///          cannot be queued.
bool has_json_input(const http::request& x);

/// Reads what the platform's own parameters of a start say: options and input.
/// Target, name and account are left to the caller.
/// @returns `ec::bad_field` that names the parameter, or `ec::bad_json`.
caf::expected<run_request>
read_start_request(const http::request& x, const http::query& query);

/// @returns a query without the parameters of a start: those of the output
///          that is asked for.
std::string output_query(std::string_view query);

/// @returns the HTTP status that fits the type of an error with which the
///          platform, or this service, refuses a start.
int status_of_refusal(std::string_view type);

} // namespace orc::server::v2
