#pragma once

#include "messages/task/operators.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace orc {

/// Reads what a client wants an operator to be, without its id. Fails with
/// `ec::bad_field`, naming the field; also where `requestConfig` makes no
/// sense.
caf::expected<set_operator> read_operator(std::string_view body);

/// @returns a JSON array of operators.
std::string render_operators(const std::vector<task_operator>& xs);

/// @returns the request that carries a task to an operator.
/// @param config `headers`, `params`, `auth` and `timeout`, as JSON.
caf::expected<call_operator>
make_operator_call(std::string url, const json_text& config,
                   std::chrono::milliseconds timeout);

/// @returns `{"input":…,"parents":[…],"taskId":…}`.
std::string render_operator_body(const stored_tasks& x);

/// @returns how a task is given back after its operator answered.
release_task read_operator_answer(const operator_answer& x);

} // namespace orc
