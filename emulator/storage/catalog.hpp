#pragma once

#include "emulator/api/context.hpp"
#include "emulator/storage/archive.hpp"
#include "emulator/storage/storage_info.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orc::emulator {

/// What a list of storages is asked for.
struct list_query {
  std::int64_t offset = 0;
  std::int64_t limit = 1000;
  bool desc = false;
  /// Lists unnamed storages, too.
  bool unnamed = false;
};

/// All storages of one kind, found by id or by owner and name, listed in the
/// order of their creation; what exists is kept in an archive. `Storage` has
/// `info()`.
///
/// Storages are shared so that an answer that is still being sent outlives the
/// removal of what it reads.
template <class Storage>
class catalog {
public:
  using pointer = std::shared_ptr<Storage>;

  struct page {
    std::int64_t total = 0;
    std::vector<pointer> items;
  };

  /// @param kind the part of the path, such as `datasets`; a literal
  /// @param files must outlive the catalog
  catalog(std::string_view kind, const archive& files)
    : kind_(kind), archive_(files) {
    // nop
  }

  std::string_view kind() const noexcept {
    return kind_;
  }

  pointer create(storage_info info) {
    archive_.save(kind_, info);
    return add(std::move(info));
  }

  /// Brings back what was created in an earlier life of the emulator.
  void load() {
    archive_.load(kind_, [this](storage_info info) { add(std::move(info)); });
  }

  pointer find(const std::string& id) const {
    const auto i = by_id_.find(id);
    return i == by_id_.end() ? nullptr : i->second.storage;
  }

  /// Names compare without case, as on the platform.
  pointer find_named(std::string_view user_id, std::string_view name) const {
    const auto i = by_name_.find(key_of(user_id, name));
    return i == by_name_.end() ? nullptr : find(i->second);
  }

  /// Finds by id, `~name`, `username~name` or `userId~name`.
  /// @param caller whose name a bare `~` stands for; may be null
  pointer resolve(const std::string& reference, const user* caller) const {
    const auto tilde = reference.find('~');
    if (tilde == std::string::npos)
      return find(reference);
    const auto owner = reference.substr(0, tilde);
    const auto name = std::string_view{reference}.substr(tilde + 1);
    if (owner.empty())
      return caller == nullptr ? nullptr : find_named(caller->id, name);
    const auto i = user_ids_.find(owner);
    return find_named(i == user_ids_.end() ? owner : i->second, name);
  }

  /// Gives a storage another name, or none.
  /// @throws api_error if the owner has another storage of that name
  void rename(Storage& storage, std::string_view name) {
    auto& info = storage.info();
    if (const auto other = find_named(info.user_id, name);
        other && other.get() != &storage)
      throw api_error{409, "name-not-unique",
                      "You already have a storage named \"" + std::string{name}
                        + "\"."};
    by_name_.erase(key_of(info.user_id, info.name));
    info.name = name;
    if (!name.empty())
      by_name_.emplace(key_of(info.user_id, name), info.id);
    save(storage);
  }

  /// Keeps what was changed in the info of a storage.
  void save(Storage& storage) {
    storage.info().change();
    archive_.save(kind_, storage.info());
  }

  void remove(const std::string& id) {
    const auto i = by_id_.find(id);
    if (i == by_id_.end())
      return;
    archive_.remove(kind_, id);
    const auto& info = i->second.storage->info();
    by_name_.erase(key_of(info.user_id, info.name));
    by_age_.erase(i->second.age);
    by_id_.erase(i);
  }

  page list(std::string_view user_id, const list_query& query) const {
    auto result = page{};
    for (const auto& [age, storage] : by_age_)
      if (storage->info().user_id == user_id
          && (query.unnamed || !storage->info().name.empty()))
        result.items.push_back(storage);
    result.total = static_cast<std::int64_t>(result.items.size());
    if (query.desc)
      std::reverse(result.items.begin(), result.items.end());
    const auto first = std::min(query.offset, result.total);
    const auto count = std::min(query.limit, result.total - first);
    result.items.erase(result.items.begin(), result.items.begin() + first);
    result.items.resize(static_cast<std::size_t>(count));
    return result;
  }

  /// Calls `f` with every storage, oldest first.
  template <class F>
  void each(F f) const {
    for (const auto& [age, storage] : by_age_)
      f(*storage);
  }

  void clear() {
    by_id_.clear();
    by_name_.clear();
    by_age_.clear();
  }

private:
  pointer add(storage_info info) {
    auto result = std::make_shared<Storage>(std::move(info));
    const auto& kept = result->info();
    by_id_.emplace(kept.id, entry{result, next_});
    by_age_.emplace(next_++, result);
    if (!kept.name.empty())
      by_name_.emplace(key_of(kept.user_id, kept.name), kept.id);
    user_ids_.emplace(kept.username, kept.user_id);
    return result;
  }

  struct entry {
    pointer storage;
    std::uint64_t age = 0;
  };

  static std::string key_of(std::string_view user_id, std::string_view name) {
    auto result = std::string{user_id} + '/';
    for (const auto c : name)
      result.push_back(
        static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
    return result;
  }

  std::string_view kind_;
  const archive& archive_;
  std::unordered_map<std::string, entry> by_id_;
  std::unordered_map<std::string, std::string> by_name_;
  std::map<std::uint64_t, pointer> by_age_;
  /// By username.
  std::unordered_map<std::string, std::string> user_ids_;
  std::uint64_t next_ = 0;
};

} // namespace orc::emulator
