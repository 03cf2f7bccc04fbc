#pragma once

#include "messages/reader.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace orc::app {

/// Keeps how far a reading has come in a file, so that the same command goes on
/// there, whatever ended it.
class cursor_file {
public:
  /// @returns what the file knows; a file that is not there knows nothing.
  ///          Fails with `ec::bad_config` if it is none of ours.
  [[nodiscard]] static caf::expected<cursor_file> open(std::string path);

  /// Where to go on; empty at the start.
  const std::string& cursor() const noexcept {
    return cursor_;
  }

  /// Items, and bytes of them, that were written so far.
  std::uint64_t items() const noexcept {
    return items_;
  }

  std::uint64_t bytes() const noexcept {
    return bytes_;
  }

  /// Remembers a piece that is written. The file is replaced as a whole, and
  /// after what it tells about: a crash in between reads the piece again.
  [[nodiscard]] caf::error save(const item_piece& piece);

private:
  explicit cursor_file(std::string path) : path_{std::move(path)} {
    // nop
  }

  std::string path_;
  std::string cursor_;
  std::uint64_t items_ = 0;
  std::uint64_t bytes_ = 0;
};

} // namespace orc::app
