#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace orc {

enum class log_level : std::uint8_t { debug, info, warn, error };

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
    if (is_on(log_level::debug))
      write(log_level::debug, event, details, fmt::make_format_args(xs...));
  }

  template <class... Ts>
  void info(std::string_view event, fmt::format_string<Ts...> details,
            Ts&&... xs) const {
    if (is_on(log_level::info))
      write(log_level::info, event, details, fmt::make_format_args(xs...));
  }

  template <class... Ts>
  void warn(std::string_view event, fmt::format_string<Ts...> details,
            Ts&&... xs) const {
    if (is_on(log_level::warn))
      write(log_level::warn, event, details, fmt::make_format_args(xs...));
  }

  template <class... Ts>
  void error(std::string_view event, fmt::format_string<Ts...> details,
             Ts&&... xs) const {
    if (is_on(log_level::error))
      write(log_level::error, event, details, fmt::make_format_args(xs...));
  }

private:
  static bool is_on(log_level level);

  void write(log_level level, std::string_view event, fmt::string_view details,
             fmt::format_args xs) const;

  std::string_view component_;
};

} // namespace orc
