#pragma once

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"

#include <cstdint>
#include <string>

namespace orc::emulator {

/// A request of a queue, and where it stands.
///
///     pending ──lock──▶ locked ──expires, unlock──▶ pending
///        ╲                 ╲
///         ╲────handled──────╲──▶ handled ──update without handledAt──▶ pending
struct queued_request {
  std::string id;
  std::string unique_key;
  std::string url;
  std::string method = "GET";
  std::int64_t retry_count = 0;
  bool handled = false;
  /// The request as JSON, with its id.
  std::string json;
  /// Its place: by time, negative if it was put to the front. As on the
  /// platform, a lock moves a request to where its lock ends.
  std::int64_t order = 0;
  /// Tells apart what has the same `order`.
  std::int64_t sequence = 0;
  /// Who holds the lock; counts only until `locked_until`.
  std::string locked_by;
  moment locked_until{};

  bool is_locked(moment at) const noexcept {
    return locked_until > at;
  }
};

/// Reads a request that is to be queued; it has its id, and no place yet.
/// @throws api_error as `check_request` does
queued_request read_request(const json_value& request);

/// Throws `api_error` unless it is an object with a `url` and, in its place, a
/// `uniqueKey`.
void check_request(const json_value& request);

/// Writes a request as `GET …/requests/ID` answers it: with its lock, if any.
void write_request(json_writer& out, const queued_request& request);

} // namespace orc::emulator
