#pragma once

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orc::kvs {

/// Who has the store: the record LOCK. Only whoever opens the store writes it;
/// whoever finds another writer in it has to stop.
struct claim {
  /// Grows with every opening.
  std::uint64_t epoch = 0;
  /// 8 hexadecimal digits, unique to one process.
  std::string writer;
  /// The name of the store.
  std::string instance;
  /// The platform run in which the writer lives, or "-".
  std::string owner = "-";
  /// In hexadecimal, for keys made of a passphrase; "-" if nothing is sealed.
  std::string salt = "-";
  /// The HEAD that it took over from: counts until it has one of its own.
  std::string from = "-";
};

std::string write_claim(const claim& x);

/// @returns `ec::store_corrupt` if it makes no sense.
caf::expected<claim> read_claim(std::string_view text);

/// A whole state: what was known when it began, and a journal of what happened
/// since.
struct generation {
  /// What the keys of its records have in common; one writer has it alone.
  std::string stem;
  std::uint32_t base_records = 0;
  std::uint32_t journal_records = 0;
};

/// Which generations there are: the record HEAD of one writer.
struct head {
  /// Its journal goes on: `journal_records` counts for nothing.
  generation current;
  /// It has all that the current one began with.
  std::optional<generation> previous;
};

std::string write_head(const head& x);

/// @returns `ec::store_corrupt` if it makes no sense.
caf::expected<head> read_head(std::string_view text);

/// The keys of all records of a store.
class record_names {
public:
  explicit record_names(std::string prefix) : prefix_{std::move(prefix)} {
    // nop
  }

  const std::string& prefix() const noexcept {
    return prefix_;
  }

  std::string lock() const;
  std::string heads() const;
  std::string head(const claim& x) const;
  std::string stem(const claim& x, std::uint32_t number) const;
  std::string base(const std::string& stem, std::uint32_t number) const;
  std::string journal(const std::string& stem, std::uint32_t number) const;

  /// @returns whether `key` is a HEAD, or a record of a generation: there may
  /// be records of others that happen to have the prefix.
  bool is_of_writer(std::string_view key) const;

private:
  std::string prefix_;
};

/// @returns what is wrong with a prefix, or "".
std::string prefix_problem(std::string_view prefix);

} // namespace orc::kvs
