#include "app/service/open_files.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace orc::app {

namespace {

/// What the units in packaging/systemd set, too. Much higher is no kindness:
/// some programs close all files that they may have.
constexpr rlim_t enough = 65'536;

} // namespace

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  auto wanted = std::min(limit.rlim_max, enough);
  if (limit.rlim_cur >= wanted)
    return;
  limit.rlim_cur = wanted;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace orc::app
