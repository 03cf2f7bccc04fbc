#pragma once

#include "messages/base/message.hpp"
#include "messages/run.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace orc::server::v2 {

/// Makes ids for runs that the platform does not know yet, and knows them again
/// without looking anything up. They look like the platform's own: 17 letters
/// and digits. The key of the run is in eight of them, and nine say that this
/// store made it: one in 2^52 of the platform's own ids would pass for one, and
/// who wants to guess one has to try as often.
class virtual_ids {
public:
  /// @param instance of the store, see `store_health`.
  explicit virtual_ids(std::string instance);

  /// @pre the key is below 2^46
  std::string make(run_key key) const;

  /// @returns nothing if the id is none of ours.
  std::optional<run_key> parse(std::string_view id) const;

private:
  std::string instance_;
};

} // namespace orc::server::v2
