#pragma once

#include <cstdint>
#include <string>

namespace orc {

/// Finds out whether a chain of cursors leads back, in constant memory: keeps
/// one of the past, a later one each time that twice as many have been seen. A
/// chain that leads back comes upon it again (Brent).
class cursor_trail {
public:
  void pass(const std::string& cursor) {
    if (++since_mark_ < next_mark_)
      return;
    mark_ = cursor;
    next_mark_ *= 2;
    since_mark_ = 1;
  }

  bool leads_back(const std::string& cursor) const {
    return since_mark_ > 0 && cursor == mark_;
  }

private:
  std::string mark_;
  std::uint64_t since_mark_ = 0;
  std::uint64_t next_mark_ = 1;
};

} // namespace orc
