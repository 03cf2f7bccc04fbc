#pragma once

#include "embedding/client_values.hpp"
#include "embedding/outcome.hpp"
#include "messages/event.hpp"
#include "messages/run.hpp"
#include "messages/run_store/reading.hpp"
#include "messages/walk/walk.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <string>

namespace orc {

/// What hosts without CAF are told, of what actors say.
problem problem_of(const caf::error& x);
run_info info_of(const run& x);
event_info info_of(const run_event& x);
batch_info info_of(const walk_view& x);

/// @returns what was asked for, or `ec::bad_field`.
caf::expected<list_runs> question_of(const run_query& x);

/// @returns what was asked for, as JSON of a run request; or what is wrong with
///          `input` or `more`.
caf::expected<std::string> request_of(const run_spec& x);

} // namespace orc
