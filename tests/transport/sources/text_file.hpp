#pragma once

#include "tests/support/pages.hpp"
#include "transport/sources/byte_source.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>

namespace orc::test {

/// A text that can be read at any place, and changed meanwhile.
struct text_file {
  std::string text;
  /// How many bytes were read.
  std::uint64_t bytes_read = 0;
};

class text_bytes : public byte_source {
public:
  explicit text_bytes(std::shared_ptr<text_file> file)
    : file_{std::move(file)} {
    // nop
  }

  caf::expected<std::size_t>
  read(std::uint64_t at, char* to, std::size_t size) override {
    const auto& text = file_->text;
    if (at >= text.size())
      return std::size_t{0};
    auto got = std::min<std::size_t>(size, text.size() - at);
    std::memcpy(to, text.data() + at, got);
    file_->bytes_read += got;
    return got;
  }

private:
  std::shared_ptr<text_file> file_;
};

inline std::shared_ptr<text_file> file_of(std::string text) {
  return std::make_shared<text_file>(text_file{std::move(text)});
}

inline std::unique_ptr<byte_source> bytes_of(std::shared_ptr<text_file> file) {
  return std::make_unique<text_bytes>(std::move(file));
}

} // namespace orc::test
