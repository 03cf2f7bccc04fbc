#pragma once

#include "emulator/api/api_error.hpp"
#include "emulator/api/user.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace orc::emulator {

/// What the unfinished runs of an account take, and what it spent.
struct account_usage {
  std::int64_t memory_mbytes = 0;
  std::int64_t runs = 0;
  std::int64_t peak_memory_mbytes = 0;
  std::int64_t peak_runs = 0;
  double spent_usd = 0;
  double compute_units = 0;
};

/// The accounts of the platform and what they use of their limits.
class account_book {
public:
  /// Adds an account, or changes the one of that name.
  const user& add(std::string name, std::string token,
                  std::int64_t memory_mbytes, std::int64_t max_runs);

  const user* by_token(std::string_view token) const;

  /// @param name a name or an id
  const user* find(std::string_view name) const;

  /// Takes memory and a slot for a run.
  /// @throws api_error 402 if the account has not enough of them
  void reserve(const user& who, std::int64_t memory_mbytes);

  /// Takes memory and a slot, whether or not there is room.
  void take(const user& who, std::int64_t memory_mbytes);

  void release(const user& who, std::int64_t memory_mbytes);

  account_usage& usage_of(const user& who);

  const std::vector<std::unique_ptr<user>>& users() const noexcept {
    return users_;
  }

  /// Forgets what was used and spent.
  void reset_usage();

private:
  std::vector<std::unique_ptr<user>> users_;
  std::unordered_map<std::string, const user*> by_token_;
  std::unordered_map<const user*, account_usage> usage_;
};

} // namespace orc::emulator
