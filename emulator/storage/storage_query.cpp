#include "emulator/storage/storage_query.hpp"

#include <algorithm>

namespace orc::emulator {

list_query read_list_query(const context& ctx) {
  auto result = list_query{};
  const auto offset = ctx.number("offset").value_or(0);
  if (offset < 0)
    throw api_error{400, "invalid-parameter",
                    "Query parameter \"offset\" must not be negative."};
  result.offset = static_cast<std::int64_t>(offset);
  result.limit = read_limit(ctx, 1000, 1000);
  result.desc = ctx.flag("desc");
  result.unnamed = ctx.flag("unnamed");
  return result;
}

std::int64_t
read_limit(const context& ctx, std::int64_t fallback, std::int64_t most) {
  // The platform takes 0 for no limit given.
  const auto x = ctx.number("limit");
  if (!x || *x == 0)
    return fallback;
  if (*x < 0)
    throw api_error{400, "invalid-parameter",
                    "Query parameter \"limit\" must not be negative."};
  return static_cast<std::int64_t>(std::min(*x, static_cast<double>(most)));
}

json_document read_json_body(const context& ctx) {
  auto result = json_document{};
  result.SetObject();
  auto error = std::string{};
  const auto& body = ctx.request().body;
  if (!body.empty() && !parse_json(body, result, &error))
    throw api_error{400, "invalid-input",
                    "The request body is not valid JSON: " + error};
  return result;
}

info_changes read_info_changes(const context& ctx) {
  const auto body = read_json_body(ctx);
  if (!body.IsObject())
    throw api_error{400, "invalid-input",
                    "The request body must be a JSON object."};
  auto result = info_changes{};
  if (const auto* name = find_member(body, "name")) {
    if (!name->IsString() && !name->IsNull())
      throw api_error{400, "invalid-input",
                      "\"name\" must be a string or null."};
    result.name = string_member(body, "name");
    if (!result.name->empty())
      check_storage_name(*result.name);
  }
  if (find_member(body, "generalAccess") != nullptr)
    result.general_access
      = check_general_access(string_member(body, "generalAccess"));
  return result;
}

std::string url_of(const context& ctx, std::string_view path) {
  return "http://" + std::string{ctx.request().headers.get("host")}
         + std::string{path};
}

void check_permission(const context& ctx, const storage_info& info,
                      permission wanted) {
  if (ctx.caller() != nullptr && ctx.caller()->id == info.user_id)
    return;
  if (wanted == permission::read && info.general_access != "RESTRICTED")
    return;
  throw api_error{403, "insufficient-permissions",
                  "Insufficient permissions for the requested operation. Make "
                  "sure you're using an API token of the storage's owner."};
}

} // namespace orc::emulator
