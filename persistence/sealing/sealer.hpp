#pragma once

#include "persistence/sealing/sealing_key.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orc {

/// Seals values so that only the holder of the key reads them, and nobody
/// changes them or puts one in the place of another unseen
/// (XChaCha20-Poly1305).
class sealer {
public:
  explicit sealer(const sealing_key& key) : key_{key} {
    // nop
  }

  /// @param place what the value belongs to: it opens only there.
  std::string seal(std::string_view value, std::string_view place) const;

  /// @returns the value, or nothing if key or place is another, or a bit is.
  std::optional<std::string>
  open(std::string_view sealed, std::string_view place) const;

private:
  sealing_key key_;
};

} // namespace orc
