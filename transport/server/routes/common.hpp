#pragma once

#include "transport/server/route.hpp"

#include <vector>

namespace orc::server {

// What several routes have in common.

inline constexpr auto string_schema = R"({"type":"string"})";
inline constexpr auto flag_schema = R"({"type":"boolean"})";
inline constexpr auto count_schema = R"({"type":"integer","minimum":0})";

inline constexpr parameter name_parameter{
  "name", place::path, string_schema,
  "Name of the run; a `/` in it is escaped as `%2F`."};

inline constexpr parameter namespace_parameter{
  "namespace", place::query, string_schema,
  "Where the name is looked for; `default` if not given."};

inline constexpr parameter space_filter{
  "namespace", place::query, string_schema,
  "Only this namespace; all if not given."};

std::vector<route> run_routes();
std::vector<route> item_routes();
std::vector<route> event_routes();
std::vector<route> batch_routes();
std::vector<route> budget_routes();
std::vector<route> hook_routes();
std::vector<route> split_routes();
std::vector<route> system_routes();

} // namespace orc::server
