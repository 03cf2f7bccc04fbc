#pragma once

#include "messages/bus/api_calls.hpp"
#include "transport/http/message.hpp"
#include "transport/server/router.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace orc::server {

// The HTTP API without HTTP: every route has a verb, under which it is called
// with the members of its path, its query and its body in one JSON object.

/// @returns the verb of a route: its own, else `noun.verb` made of its id, so
///          that `listBatches` becomes `batch.list`; "" if it has none.
std::string verb_of(const route& x);

/// @returns all verbs, those that wait included: where a route `run.get` takes
///          `waitSecs` there is a verb `run.wait`, which waits a minute unless
///          told otherwise.
std::vector<api_verb> all_verbs();

/// A request that was made of a command.
struct verb_request {
  match where;
  std::string query;
  http::request request;
};

/// @returns the request, `ec::not_found` if there is no such verb, or what is
///          wrong with the body.
caf::expected<verb_request> make_request(const call_api& x);

} // namespace orc::server
