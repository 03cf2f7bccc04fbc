#pragma once

#include "messages/apify_storage.hpp"

#include <caf/expected.hpp>
#include <caf/scoped_actor.hpp>

#include <optional>
#include <string>
#include <vector>

namespace orc::kvs {

/// One key-value store, for a thread that may wait.
class record_client {
public:
  record_client(caf::actor_system& system, apify_storage_actor storage,
                std::string store_id)
    : self_{system}, storage_{std::move(storage)}, store_id_{
                                                     std::move(store_id)} {
    // nop
  }

  /// The bytes of a record, nothing if there is none.
  using bytes = std::optional<std::string>;

  caf::expected<bytes> get(const std::string& key);

  /// Gets several at the same time. @returns them in order.
  caf::expected<std::vector<bytes>> get(const std::vector<std::string>& keys);

  [[nodiscard]] caf::error put(const std::string& key, std::string body);

  /// @returns all keys that begin so.
  caf::expected<std::vector<std::string>> list(const std::string& prefix);

private:
  caf::scoped_actor self_;
  apify_storage_actor storage_;
  std::string store_id_;
};

/// The content type of all our records.
inline constexpr auto record_type = "application/octet-stream";

} // namespace orc::kvs
