#pragma once

#include "persistence/sealing/sealer.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace orc::kvs {

/// The largest payload of a record: the platform takes 9,437,184 bytes, of
/// which the envelope needs some.
inline constexpr std::size_t max_payload = 9'000'000;

/// What a record holds.
struct content {
  std::string payload;
  /// The next record goes on with it.
  bool has_more = false;
};

/// How the bytes of records look: one line that names format, version, kind and
/// checksum, then the payload, sealed if there is a key. What is wrong with a
/// record is therefore told apart: not ours or damaged, of a newer version, of
/// another key.
///
///     apify-orchestrator-state 1 sealed last 5f0c…\n<bytes>
class envelope {
public:
  /// Leaves payloads as they are.
  envelope() = default;

  explicit envelope(const sealing_key& key) : sealer_{sealer{key}} {
    // nop
  }

  bool seals() const noexcept {
    return sealer_.has_value();
  }

  /// @param key of the record: sealed bytes open under no other.
  std::string wrap(const content& x, std::string_view key) const;

  /// @returns the content; `ec::store_corrupt`, `ec::store_newer`, or
  ///          `ec::wrong_key` where only the key can be wrong.
  caf::expected<content>
  unwrap(std::string_view bytes, std::string_view key) const;

private:
  std::optional<sealer> sealer_;
};

} // namespace orc::kvs
