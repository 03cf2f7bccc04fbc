#pragma once

#include "emulator/storage/queued_request.hpp"
#include "emulator/storage/storage_info.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc::emulator {

/// What became of a request that was added or updated.
struct queue_operation {
  std::string request_id;
  std::string unique_key;
  bool was_already_present = false;
  bool was_already_handled = false;
};

enum class lock_result : std::uint8_t {
  done,
  no_such_request,
  held_by_another
};

/// A request queue: requests by id, each unique key once, and the order of
/// those that are not handled.
class request_queue {
public:
  explicit request_queue(storage_info info) : info_(std::move(info)) {
    // nop
  }

  storage_info& info() noexcept {
    return info_;
  }

  const storage_info& info() const noexcept {
    return info_;
  }

  const std::map<std::string, queued_request>& requests() const noexcept {
    return requests_;
  }

  /// Adds a request unless one with its unique key is there.
  /// @throws api_error if it has no `url` or `uniqueKey`
  queue_operation add(const json_value& request, bool forefront);

  /// Replaces a request, which gives back its lock; adds it if it is not there.
  queue_operation
  update(const std::string& id, const json_value& request, bool forefront);

  const queued_request* find(const std::string& id) const;

  bool remove(const std::string& id);

  /// @returns the first requests that are not handled, locked ones included.
  std::vector<const queued_request*> head(std::size_t limit) const;

  /// Locks the first requests that nobody holds.
  std::vector<const queued_request*>
  lock_head(std::size_t limit, std::chrono::milliseconds time,
            const std::string& client);

  /// Holds a request for `time` from now.
  lock_result prolong(const std::string& id, std::chrono::milliseconds time,
                      const std::string& client, bool forefront);

  lock_result
  unlock(const std::string& id, const std::string& client, bool forefront);

  /// Gives back all that a client holds.
  /// @returns how many
  std::size_t unlock_all(const std::string& client);

  bool has_locked() const;

  /// Notes who uses the queue; whoever has no key counts as a new client.
  void note_client(const std::string& client);

  bool had_multiple_clients() const noexcept {
    return had_multiple_clients_;
  }

  /// Writes the RequestQueue object of the API.
  void write(json_writer& out) const;

  /// Takes back a request as `queued_request::json` has it.
  void restore(const json_value& request, std::int64_t order);

private:
  using place = std::pair<std::int64_t, std::int64_t>;

  void put(queued_request request);
  void enqueue(queued_request& request, std::int64_t order);
  void dequeue(const queued_request& request);

  storage_info info_;
  std::map<std::string, queued_request> requests_;
  /// What is not handled, in order.
  std::map<place, queued_request*> order_;
  std::int64_t next_sequence_ = 1;
  std::uint64_t handled_ = 0;
  std::uint64_t reads_ = 0;
  std::uint64_t writes_ = 0;
  std::uint64_t deletes_ = 0;
  std::uint64_t bytes_ = 0;
  std::optional<std::string> client_;
  bool had_multiple_clients_ = false;
};

} // namespace orc::emulator
