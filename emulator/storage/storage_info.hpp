#pragma once

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"
#include "emulator/api/user.hpp"

#include <string>
#include <string_view>

namespace orc::emulator {

/// What datasets, key-value stores and request queues have in common: who owns
/// them, what they are called, when they were used.
struct storage_info {
  std::string id;
  /// Empty: unnamed.
  std::string name;
  std::string user_id;
  std::string username;
  /// The Apify actor and the run whose default storage it is, if any.
  std::string act_id;
  std::string act_run_id;
  std::string general_access = "FOLLOW_USER_SETTING";
  moment created_at{};
  moment modified_at{};
  moment accessed_at{};

  void touch() {
    accessed_at = now();
  }

  void change() {
    modified_at = accessed_at = now();
  }
};

/// @returns a storage that was made just now, with a new id.
storage_info new_storage(const user& owner, std::string_view name);

/// Writes the members that all storages share; null for what is not known.
/// @param kind the part of the path, such as `datasets`
void write_info(json_writer& out, const storage_info& info,
                std::string_view kind);

/// Throws `api_error` unless `name` is one that the platform takes: 1 to 63
/// letters, digits and hyphens, no hyphen at either end.
void check_storage_name(std::string_view name);

/// Reads and checks `generalAccess`.
/// @throws api_error for an unknown level
std::string check_general_access(std::string_view text);

} // namespace orc::emulator
