#pragma once

#include "emulator/api/context.hpp"
#include "emulator/storage/archive.hpp"
#include "emulator/storage/name_index.hpp"

#include <algorithm>
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

  pointer find_named(std::string_view user_id, std::string_view name) const {
    return find(names_.find(user_id, name));
  }

  /// Finds by id, `~name`, `username~name` or `userId~name`.
  pointer resolve(const std::string& reference, const user* caller) const {
    return find(names_.resolve(reference, caller));
  }

  /// Gives a storage another name, or none.
  /// @throws api_error if the owner has another storage of that name
  void rename(Storage& storage, std::string_view name) {
    auto& info = storage.info();
    const auto other = find_named(info.user_id, name);
    if (other && other.get() != &storage)
      throw api_error{409, "name-not-unique",
                      "You already have a storage named \"" + std::string{name}
                        + "\"."};
    names_.remove(info);
    info.name = name;
    names_.add(info);
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
    names_.remove(i->second.storage->info());
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
    by_age_.clear();
    names_.clear();
  }

private:
  struct entry {
    pointer storage;
    std::uint64_t age = 0;
  };

  pointer add(storage_info info) {
    auto result = std::make_shared<Storage>(std::move(info));
    by_id_.emplace(result->info().id, entry{result, next_});
    by_age_.emplace(next_++, result);
    names_.add(result->info());
    return result;
  }

  std::string_view kind_;
  const archive& archive_;
  std::unordered_map<std::string, entry> by_id_;
  std::map<std::uint64_t, pointer> by_age_;
  name_index names_;
  std::uint64_t next_ = 0;
};

} // namespace orc::emulator
