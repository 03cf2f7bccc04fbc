#include "emulator/storage/storage_info.hpp"

#include "emulator/api/context.hpp"
#include "emulator/api/ids.hpp"

#include <algorithm>
#include <array>

namespace orc::emulator {

namespace {

void write_or_null(json_writer& out, std::string_view key,
                   std::string_view text) {
  out.key(key);
  if (text.empty())
    out.null();
  else
    out.value(text);
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '-';
}

} // namespace

storage_info new_storage(const user& owner, std::string_view name) {
  auto result = storage_info{};
  result.id = new_id();
  result.name = name;
  result.user_id = owner.id;
  result.username = owner.name;
  result.created_at = result.modified_at = result.accessed_at = now();
  return result;
}

void write_info(json_writer& out, const storage_info& info,
                std::string_view kind) {
  out.member("id", info.id);
  write_or_null(out, "name", info.name);
  out.member("userId", info.user_id).member("username", info.username);
  out.member("createdAt", to_iso(info.created_at));
  out.member("modifiedAt", to_iso(info.modified_at));
  out.member("accessedAt", to_iso(info.accessed_at));
  write_or_null(out, "actId", info.act_id);
  write_or_null(out, "actRunId", info.act_run_id);
  out.member("generalAccess", info.general_access);
  out.member("consoleUrl", "https://console.apify.com/storage/"
                             + std::string{kind} + "/" + info.id);
}

void check_storage_name(std::string_view name) {
  if (!name.empty() && name.size() <= 63 && name.front() != '-'
      && name.back() != '-'
      && std::all_of(name.begin(), name.end(), is_name_character))
    return;
  throw api_error{400, "invalid-value",
                  "Storage name \"" + std::string{name}
                    + "\" is not valid: it must be 1 to 63 characters of a-z, "
                      "A-Z, 0-9 and '-', and neither start nor end with '-'."};
}

std::string check_general_access(std::string_view text) {
  static constexpr auto known
    = std::array<std::string_view, 4>{"ANYONE_WITH_ID_CAN_READ",
                                      "ANYONE_WITH_NAME_CAN_READ",
                                      "FOLLOW_USER_SETTING", "RESTRICTED"};
  if (std::find(known.begin(), known.end(), text) == known.end())
    throw api_error{400, "invalid-value",
                    "generalAccess \"" + std::string{text}
                      + "\" is not one of ANYONE_WITH_ID_CAN_READ, "
                        "ANYONE_WITH_NAME_CAN_READ, FOLLOW_USER_SETTING, "
                        "RESTRICTED."};
  return std::string{text};
}

} // namespace orc::emulator
