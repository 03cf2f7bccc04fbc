#pragma once

#include "messages/http_api.hpp"
#include "transport/server/route.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::server {

// What several routes have in common.

inline constexpr auto string_schema = R"({"type":"string"})";
inline constexpr auto flag_schema = R"({"type":"boolean"})";
inline constexpr auto count_schema = R"({"type":"integer","minimum":0})";

/// How long an answer may be waited for.
inline constexpr std::uint64_t max_wait_secs = 3600;
inline constexpr auto wait_schema
  = R"({"type":"integer","minimum":0,"maximum":3600,"default":0})";

/// What an answer may take beyond the wait that was asked for.
inline constexpr std::chrono::seconds wait_margin{30};

inline constexpr parameter limit_parameter{
  "limit", place::query,
  R"({"type":"integer","minimum":1,"maximum":1000,"default":100})",
  "How many at most."};

inline constexpr parameter name_parameter{
  "name", place::path, string_schema,
  "Name of the run; a `/` in it is escaped as `%2F`."};

inline constexpr parameter namespace_parameter{
  "namespace", place::query, string_schema,
  "Where the name is looked for; `default` if not given."};

inline constexpr parameter space_filter{
  "namespace", place::query, string_schema,
  "Only this namespace; all if not given."};

inline constexpr parameter key_parameter{
  "Idempotency-Key", place::header, string_schema,
  "Sent again with the same body, the request does the same; with another body "
  "it is refused."};

/// @returns the key of a request, "" if it has none.
std::string key_of(const call& x);

/// Refuses a key that is too long, or was used with another body.
/// @returns whether the request may go on.
bool check_key(call& x, std::string_view key);

/// @param kind tells requests apart whose clients use the same key.
/// @returns the token under which a request is done once, "" if it has no key;
///          nothing if the key is refused.
std::optional<std::string> token_of(call& x, std::string_view kind);

/// @returns why there is no answer to a key that was used before.
caf::error gone_since();

/// The request of a key was done: the key belongs to its body.
void remember_key(call& x);

/// @returns the seconds of `waitSecs`, 0 if not given, or `ec::bad_field`.
caf::expected<std::chrono::seconds> read_wait(const call& x);

/// @returns the `limit` of a list, or `ec::bad_field`.
caf::expected<std::uint32_t> read_limit(const call& x);

/// Reads the body of an abort, which may be missing.
caf::expected<abort_options> read_abort_options(const call& x);

std::vector<route> crew_group_routes();
std::vector<route> crew_limit_routes();
std::vector<route> crew_operator_routes();
std::vector<route> crew_task_routes();
std::vector<route> crew_work_routes();
std::vector<route> page_routes();
std::vector<route> run_routes();
std::vector<route> item_routes();
std::vector<route> event_routes();
std::vector<route> batch_routes();
std::vector<route> budget_routes();
std::vector<route> health_routes();
std::vector<route> hook_routes();
std::vector<route> schedule_routes();
std::vector<route> split_routes();
std::vector<route> system_routes();

} // namespace orc::server
