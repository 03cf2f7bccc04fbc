#include "emulator/storage/name_index.hpp"

#include <cctype>

namespace orc::emulator {

namespace {

std::string key_of(std::string_view user_id, std::string_view name) {
  auto result = std::string{user_id} + '/';
  for (const auto c : name)
    result.push_back(
      static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return result;
}

} // namespace

void name_index::add(const storage_info& info) {
  user_ids_.try_emplace(info.username, info.user_id);
  if (!info.name.empty())
    ids_.emplace(key_of(info.user_id, info.name), info.id);
}

void name_index::remove(const storage_info& info) {
  if (!info.name.empty())
    ids_.erase(key_of(info.user_id, info.name));
}

std::string
name_index::find(std::string_view user_id, std::string_view name) const {
  const auto i = ids_.find(key_of(user_id, name));
  return i == ids_.end() ? std::string{} : i->second;
}

std::string
name_index::resolve(const std::string& reference, const user* caller) const {
  const auto tilde = reference.find('~');
  if (tilde == std::string::npos)
    return reference;
  const auto owner = reference.substr(0, tilde);
  const auto name = std::string_view{reference}.substr(tilde + 1);
  if (owner.empty())
    return caller == nullptr ? std::string{} : find(caller->id, name);
  const auto i = user_ids_.find(owner);
  return find(i == user_ids_.end() ? owner : i->second, name);
}

void name_index::clear() {
  ids_.clear();
  user_ids_.clear();
}

} // namespace orc::emulator
