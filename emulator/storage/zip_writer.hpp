#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orc::emulator {

/// Makes a ZIP archive whose files are stored as they are.
class zip_writer {
public:
  void add(std::string_view name, std::string_view content);

  /// @returns the archive; the writer is done.
  std::string take();

private:
  std::string files_;
  std::string directory_;
  std::uint16_t count_ = 0;
};

} // namespace orc::emulator
