#pragma once

#include "messages/base/secret.hpp"
#include "messages/base/timestamp.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orc::webhook {

/// Signs webhooks as the Standard Webhooks specification 1.0 says, so that
/// receivers can use any of its libraries.
class signer {
public:
  /// @param key `whsec_` and 24 to 64 bytes in base64.
  /// @returns nothing if `key` is no such key.
  static std::optional<signer> make(const secret& key);

  /// @returns the header `webhook-signature`: HMAC-SHA256 of id, time and body.
  /// @param id has no dots, which part what is signed.
  std::string
  sign(std::string_view id, timestamp at, std::string_view body) const;

private:
  explicit signer(std::string_view key) : key_{key} {
    // nop
  }

  std::string key_;
};

/// @returns the header `webhook-timestamp`: seconds since 1970.
std::string signed_time(timestamp at);

} // namespace orc::webhook
