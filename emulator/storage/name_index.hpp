#pragma once

#include "emulator/storage/storage_info.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace orc::emulator {

/// Finds the ids of named storages by owner and name. Names compare without
/// case, as on the platform.
class name_index {
public:
  /// Learns the name of a storage, if it has one, and of its owner.
  void add(const storage_info& info);

  void remove(const storage_info& info);

  /// @returns an id, or "".
  std::string find(std::string_view user_id, std::string_view name) const;

  /// Finds `~name`, `username~name` or `userId~name`.
  /// @param caller whose name a bare `~` stands for; may be null
  /// @returns an id, "" if there is none, or `reference` if it has no `~`
  std::string resolve(const std::string& reference, const user* caller) const;

  void clear();

private:
  /// Ids of storages by `userId/name`.
  std::unordered_map<std::string, std::string> ids_;
  /// By username.
  std::unordered_map<std::string, std::string> user_ids_;
};

} // namespace orc::emulator
