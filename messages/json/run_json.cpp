// The values that cross the border of the process as JSON.

#include "messages/actor_input.hpp"
#include "messages/http_api.hpp"
#include "messages/json/codec.hpp"
#include "messages/npm_runs.hpp"
#include "messages/orchestrator.hpp"

namespace orc {

template std::string to_json(const run&);
template std::string to_json(const run_event&);
template std::string to_json(const run_page&);
template std::string to_json(const run_record&);
template std::string to_json(const report&);
template std::string to_json(const account_views&);
template std::string to_json(const abort_runs&);
template std::string to_json(const aborted_runs&);
template std::string to_json(const readiness&);
template std::string to_json(const run_error&);

template caf::expected<actor_input> from_json(std::string_view);
template caf::expected<run> from_json(std::string_view);
template caf::expected<std::vector<run>> from_json(std::string_view);
template caf::expected<npm_runs> from_json(std::string_view);
template caf::expected<npm_sealed> from_json(std::string_view);
template caf::expected<std::string> from_json(std::string_view);
template caf::expected<run_ref> from_json(std::string_view);
template caf::expected<run_record> from_json(std::string_view);
template caf::expected<run_request> from_json(std::string_view);
template caf::expected<std::vector<run_request>> from_json(std::string_view);
template caf::expected<abort_options> from_json(std::string_view);
template caf::expected<abort_runs> from_json(std::string_view);
template caf::expected<run_event> from_json(std::string_view);
template caf::expected<report> from_json(std::string_view);
template caf::expected<run_page> from_json(std::string_view);
template caf::expected<account_views> from_json(std::string_view);
template caf::expected<aborted_runs> from_json(std::string_view);
template caf::expected<error_answer> from_json(std::string_view);

} // namespace orc
