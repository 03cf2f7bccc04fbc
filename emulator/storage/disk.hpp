#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

/// Files below one directory. What one call wrote survives the death of this
/// process, whole or not at all; it may be lost with the power of the machine.
class disk {
public:
  /// @param root is made if it is not there; empty: nothing is ever written
  explicit disk(std::filesystem::path root);

  bool enabled() const noexcept {
    return !root_.empty();
  }

  /// Appends text that ends with a new line.
  void append(const std::filesystem::path& file, std::string_view text) const;

  /// Replaces a file as a whole.
  void replace(const std::filesystem::path& file, std::string_view text) const;

  /// Removes a file, or a folder with all in it.
  void remove(const std::filesystem::path& path) const;

  std::optional<std::string> read(const std::filesystem::path& file) const;

  /// Reads a file that was appended to. A line that is cut off at its end, by
  /// the death of who wrote it, is removed.
  std::string read_lines(const std::filesystem::path& file) const;

  /// @returns the names of the files in a folder.
  std::vector<std::string> list(const std::filesystem::path& folder) const;

private:
  std::filesystem::path root_;
};

/// Calls `f` with each line of `text`.
template <class F>
void each_line(std::string_view text, F f) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    f(text.substr(0, end));
    if (end == std::string_view::npos)
      return;
    text.remove_prefix(end + 1);
  }
}

} // namespace orc::emulator
