#pragma once

#include "emulator/api/context.hpp"
#include "emulator/api/json.hpp"
#include "emulator/storage/catalog.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc::emulator {

/// Reads offset, limit, desc and unnamed.
list_query read_list_query(const context& ctx);

/// Reads `limit`, at most `most`.
/// @throws api_error if it is negative
std::int64_t
read_limit(const context& ctx, std::int64_t fallback, std::int64_t most);

/// @returns the JSON body of a request; an empty object if there is no body.
/// @throws api_error if it is no JSON
json_document read_json_body(const context& ctx);

/// What a PUT changes of a storage.
struct info_changes {
  std::optional<std::string> name;
  std::optional<std::string> general_access;
};

/// @throws api_error for a value that the platform refuses
info_changes read_info_changes(const context& ctx);

/// @returns the absolute URL of a path on this server.
std::string url_of(const context& ctx, std::string_view path);

enum class permission : std::uint8_t { read, write };

/// Throws `api_error` unless the caller may do so: owners may do all, others
/// read what is not restricted, as anyone may who knows an id on the platform.
void check_permission(const context& ctx, const storage_info& info,
                      permission wanted);

} // namespace orc::emulator
