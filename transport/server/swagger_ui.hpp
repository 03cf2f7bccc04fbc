#pragma once

#include <string_view>
#include <vector>

namespace orc::server {

/// A file of Swagger UI in this binary.
struct packed_file {
  /// As a browser asks for it below `/api-docs/`.
  std::string_view name;
  /// Compressed with gzip.
  std::string_view bytes;
};

/// @returns nothing if the binary was built without: `ORC_SWAGGER_UI`.
const std::vector<packed_file>& swagger_ui_files();

} // namespace orc::server
