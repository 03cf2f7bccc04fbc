#pragma once

#include "messages/base/secret.hpp"

#include <caf/expected.hpp>

#include <array>
#include <filesystem>
#include <string_view>

namespace orc {

/// The 32 bytes that seal and open. Wiped from memory when gone.
class sealing_key {
public:
  static constexpr std::size_t size = 32;

  /// @pre `bytes.size() == size`
  explicit sealing_key(std::string_view bytes);

  sealing_key(const sealing_key&) = default;

  sealing_key& operator=(const sealing_key&) = default;

  ~sealing_key();

  const unsigned char* data() const {
    return bytes_.data();
  }

private:
  std::array<unsigned char, size> bytes_;
};

/// Where the key comes from.
struct key_source {
  /// 32 bytes in base64, or else a passphrase. If empty, the file counts.
  secret text;
  /// Made on first use.
  std::filesystem::path file;
};

/// Bytes that make the keys of two stores differ under the same passphrase.
std::string make_salt();

/// Whether a key file may be made: not where something is sealed already.
enum class missing_key { make, refuse };

/// @returns the key, `ec::wrong_key` where there is none, or `ec::store_failed`
///          where it cannot be read or written.
caf::expected<sealing_key>
obtain_key(const key_source& source, std::string_view salt, missing_key policy);

} // namespace orc
