#include "messages/base/log.hpp"

#include <spdlog/spdlog.h>

namespace orc {

namespace {

spdlog::level::level_enum to_spdlog(log_level x) {
  switch (x) {
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warn:
      return spdlog::level::warn;
    case log_level::error:
      break;
  }
  return spdlog::level::err;
}

} // namespace

bool logger::is_on(log_level level) {
  return spdlog::should_log(to_spdlog(level));
}

void logger::write(log_level level, std::string_view event,
                   fmt::string_view details, fmt::format_args xs) const {
  spdlog::log(to_spdlog(level), "{} {} {}", component_, event,
              fmt::vformat(details, xs));
}

} // namespace orc
