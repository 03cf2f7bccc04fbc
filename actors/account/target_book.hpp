#pragma once

#include "actors/account/pacer.hpp"
#include "messages/run_record.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace orc {

/// What an ACCOUNT knows of an Apify actor or task that it starts.
struct target_entry {
  run_target target;
  /// What a run gets that asks for nothing: told by the platform, or seen.
  std::optional<mebibytes> memory;
  bool asked = false;
  /// The platform told, or would not tell.
  bool answered = false;
  /// Runs whose start is under way.
  std::uint32_t starting = 0;
  pacer pace;
};

/// Numbers the targets of an ACCOUNT, so that its queue need not carry names.
class target_book {
public:
  std::uint32_t id_of(const run_target& target);

  /// @pre `id` is one that `id_of` returned.
  target_entry& at(std::uint32_t id) {
    return entries_[id];
  }

  const target_entry& at(std::uint32_t id) const {
    return entries_[id];
  }

  /// @returns the entry of a target that is known already, else null.
  const target_entry* find(const run_target& target) const;

  /// @returns the id of one of its entries.
  std::uint32_t number_of(const target_entry& x) const {
    return static_cast<std::uint32_t>(&x - entries_.data());
  }

  /// @returns what a run gets that asks for nothing; nothing while the platform
  /// was not heard about it.
  static std::optional<mebibytes> default_memory(const target_entry& x);

private:
  std::vector<target_entry> entries_;
  std::map<run_target, std::uint32_t> ids_;
};

} // namespace orc
