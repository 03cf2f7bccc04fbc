#pragma once

#include "transport/sources/byte_source.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace orc {

/// A window that moves over bytes. What lies in it is read once; whoever goes
/// on where the window stands reads no byte twice.
class text_window {
public:
  explicit text_window(byte_source& bytes) : bytes_{&bytes} {
    // nop
  }

  /// Moves to a place, which costs nothing where it is in the window.
  void seek(std::uint64_t at);

  std::uint64_t position() const noexcept {
    return first_ + at_;
  }

  /// @returns what was read from the position on; valid until `more` or `seek`.
  std::string_view ahead() const noexcept {
    return std::string_view{text_}.substr(at_);
  }

  /// Reads on behind what lies ahead.
  /// @returns whether there was anything.
  caf::expected<bool> more();

  /// @pre `size <= ahead().size()`
  void advance(std::size_t size) noexcept {
    at_ += size;
  }

  /// Goes to the next byte that is no white space of JSON.
  /// @returns it, or 0 at the end.
  caf::expected<char> next();

  /// Steps over a byte order mark at the beginning.
  caf::error skip_mark();

  /// @returns the byte before the position, or nothing where there is none: the
  ///          bytes are fewer than that.
  caf::expected<std::string> byte_before();

private:
  byte_source* bytes_;
  /// Where `text_` begins.
  std::uint64_t first_ = 0;
  std::string text_;
  /// Position in `text_`.
  std::size_t at_ = 0;
};

} // namespace orc
