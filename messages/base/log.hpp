#pragma once

#include <spdlog/spdlog.h>

#include <string_view>
#include <utility>

namespace orc {

/// Writes the log lines of one component. Every line names its component and a
/// stable event, so that `grep run-started` finds all of them:
///
///     run run-started name=job-1/3 attempt=1 runId=HG7ML7M8z78YcAPEB
///
/// info = a fact a user asked about; warn = someone should look; error = the
/// service lost something. Tokens are of type `secret`, which has no formatter.
class logger {
public:
  constexpr explicit logger(std::string_view component) noexcept
    : component_{component} {
    // nop
  }

  template <class... Ts>
  void debug(std::string_view event, fmt::format_string<Ts...> details,
             Ts&&... xs) const {
    write(spdlog::level::debug, event, details, std::forward<Ts>(xs)...);
  }

  template <class... Ts>
  void info(std::string_view event, fmt::format_string<Ts...> details,
            Ts&&... xs) const {
    write(spdlog::level::info, event, details, std::forward<Ts>(xs)...);
  }

  template <class... Ts>
  void warn(std::string_view event, fmt::format_string<Ts...> details,
            Ts&&... xs) const {
    write(spdlog::level::warn, event, details, std::forward<Ts>(xs)...);
  }

  template <class... Ts>
  void error(std::string_view event, fmt::format_string<Ts...> details,
             Ts&&... xs) const {
    write(spdlog::level::err, event, details, std::forward<Ts>(xs)...);
  }

private:
  template <class... Ts>
  void write(spdlog::level::level_enum level, std::string_view event,
             fmt::format_string<Ts...> details, Ts&&... xs) const {
    if (spdlog::should_log(level))
      spdlog::log(level, "{} {} {}", component_, event,
                  fmt::format(details, std::forward<Ts>(xs)...));
  }

  std::string_view component_;
};

} // namespace orc
