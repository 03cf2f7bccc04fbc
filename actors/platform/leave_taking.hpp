#pragma once

#include "messages/platform.hpp"

#include <cstdint>
#include <optional>

namespace orc {

/// Decides which of several reasons to leave counts.
///
///     staying --migration--> migrating --abortion--> aborting
///        `------------------abortion------------------^
///
/// A run that is aborted is not started again, so that an abortion counts even
/// where the container was about to move; nothing comes after it.
class leave_taking {
public:
  /// @returns whether to begin to leave, or to begin anew.
  bool begin(departure why) {
    if (why_ && (*why_ == departure::abortion || why == departure::migration))
      return false;
    why_ = why;
    ++number_;
    return true;
  }

  const std::optional<departure>& why() const noexcept {
    return why_;
  }

  /// @returns a number that is another one once there is a better reason.
  std::uint64_t number() const noexcept {
    return number_;
  }

private:
  std::optional<departure> why_;
  std::uint64_t number_ = 0;
};

} // namespace orc
