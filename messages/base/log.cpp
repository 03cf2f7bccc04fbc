#include "messages/base/log.hpp"

#include "messages/base/log_privacy.hpp"

#include <spdlog/spdlog.h>

#include <atomic>

namespace orc {

namespace {

std::atomic<bool> hides_sensitive = true;

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

void hide_sensitive(bool hides) {
  hides_sensitive = hides;
}

bool logger::is_on(log_level level) {
  return spdlog::should_log(to_spdlog(level));
}

void logger::write(log_level level, std::string_view event,
                   fmt::string_view details, fmt::format_args xs) const {
  auto text = fmt::vformat(details, xs);
  if (hides_sensitive)
    text = without_sensitive(text);
  spdlog::log(to_spdlog(level), "{} {} {}", component_, event, text);
}

} // namespace orc
