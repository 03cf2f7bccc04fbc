#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/names.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace orc::app {

enum class log_level : std::uint8_t { debug, info, warn, error, off };
enum class log_format : std::uint8_t { text, json };

} // namespace orc::app

namespace orc {

template <>
struct enum_names<app::log_level> {
  static constexpr std::array<std::string_view, 5> values{
    "debug", "info", "warn", "error", "off"};
};

template <>
struct enum_names<app::log_format> {
  static constexpr std::array<std::string_view, 2> values{"text", "json"};
};

} // namespace orc

namespace orc::app {

struct log_options {
  log_level level = log_level::info;
  log_format format = log_format::text;
  bool hide_sensitive = true;

  static constexpr auto fields = describe(
    "log", "What is logged, on standard error.",
    field("level", &log_options::level, presence::optional,
          "debug, info, warn, error or off."),
    field("format", &log_options::format, presence::optional,
          "text or json, one line each."),
    field("hide_sensitive", &log_options::hide_sensitive, presence::optional,
          "Leave ids and URLs of platform runs and storages out of "
          "the log. Tokens are never in it."));
};

} // namespace orc::app
