#pragma once

#include "messages/json/crew_requests.hpp"
#include "transport/server/call.hpp"
#include "transport/server/routes/common.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <functional>

namespace orc::server {

// What the routes have in common that Crew's clients use, docs/tasks.md.

inline constexpr parameter id_parameter{
  "id", place::path, R"({"type":"string","pattern":"^[0-9a-fA-F]{24}$"})",
  "24 hexadecimal digits."};

inline constexpr parameter channel_parameter{"id", place::path, string_schema,
                                             "Name of the channel."};

inline constexpr parameter skip_parameter{"skip", place::query, count_schema,
                                          "Leaves out so many, the newest."};

/// @param otherwise the number of a query that does not say.
/// @returns how many of a list: 0 stands for all; or `ec::bad_field`.
caf::expected<std::uint64_t>
read_crew_limit(const call& x, std::int64_t otherwise);

caf::expected<std::uint64_t> read_crew_skip(const call& x);

/// @returns the id of the path, or `ec::bad_field` if it is none.
caf::expected<std::string> read_crew_id(const call& x);

/// Answers with the one task of what was found.
void reply_task(const call_ptr& x, const stored_tasks& found);

/// Answers with the one group of what was found, or null.
void reply_group(const call_ptr& x, const task_groups& found);

/// Makes tasks, and the group for them; once, however often it is asked with
/// the same key.
/// @param kind tells routes apart whose clients use the same key.
/// @param answer gets what was made, without what has been removed since.
void create_once(const call_ptr& x, std::string_view kind, create_tasks wanted,
                 std::function<void(const created_tasks&)> answer);

/// @returns what Crew answers where something was removed.
std::string render_removal(std::size_t count);

route crew_route(route x);

} // namespace orc::server
