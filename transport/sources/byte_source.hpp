#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace orc {

/// Bytes that can be read at any place.
class byte_source {
public:
  virtual ~byte_source() = default;

  /// Reads up to `size` bytes.
  /// @returns how many there were: 0 at the end, and beyond it.
  virtual caf::expected<std::size_t>
  read(std::uint64_t at, char* to, std::size_t size) = 0;
};

/// Opens a file.
/// @returns `ec::bad_config` if it cannot be read.
caf::expected<std::unique_ptr<byte_source>> open_file(const std::string& path);

} // namespace orc
