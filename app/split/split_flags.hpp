#pragma once

#include "messages/splitter.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>

namespace orc::app {

/// A list to be cut, as the command line says it.
struct split_flags {
  std::string items;
  std::string dataset;
  std::string format;
  std::string input_template;
  std::string prefix;
  std::string actor;
  std::string task;
  std::string fixed_input;
  std::optional<std::uint64_t> max_bytes;
  std::optional<std::uint64_t> max_items;
  std::optional<std::uint64_t> parts;
  std::string on_oversize = "error";
  std::optional<std::uint64_t> memory;
  std::optional<std::int64_t> timeout;
  std::string build;
  std::uint32_t attempts = 1;
};

/// @returns `ec::bad_config`, `ec::bad_json` or `ec::bad_field` that names the
///          option.
[[nodiscard]] caf::expected<split_request> to_request(const split_flags& x);

/// @returns the format that the name of a file tells, ndjson if it tells none.
item_format format_of_items(const std::string& path);

} // namespace orc::app
