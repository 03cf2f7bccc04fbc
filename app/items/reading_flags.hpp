#pragma once

#include "messages/reader.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc::app {

/// What the command line says about which items to read, and how.
struct reading_flags {
  std::vector<std::string> names;
  std::vector<std::string> datasets;
  std::string format;
  std::string output;
  bool follow = false;
  bool ordered = false;
  bool unordered = false;
  bool clean = false;
  bool skip_empty = false;
  bool skip_hidden = false;
  bool desc = false;
  std::string fields;
  std::string omit;
  std::string unwind;
  std::string flatten;
  std::string view;
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> limit;
  std::vector<std::string> dedupe_by;
};

/// @returns the request, or `ec::bad_config` that names a flag.
[[nodiscard]] caf::expected<read_request>
to_request(const reading_flags& x, const std::string& space);

} // namespace orc::app
