#include "transport/sources/text_window.hpp"

#include <algorithm>

namespace orc {

namespace {

/// Enough that system calls cost nothing, little enough for one row alone.
constexpr std::size_t piece_size = std::size_t{128} << 10;
constexpr std::string_view mark = "\xEF\xBB\xBF";

} // namespace

void text_window::seek(std::uint64_t at) {
  if (at >= first_ && at - first_ <= text_.size()) {
    at_ = static_cast<std::size_t>(at - first_);
    return;
  }
  first_ = at;
  text_.clear();
  at_ = 0;
}

caf::expected<bool> text_window::more() {
  // What lies behind is let go; an item that is longer than a piece has pieces
  // put behind it until it is whole.
  first_ += at_;
  text_.erase(0, at_);
  at_ = 0;
  auto size = text_.size();
  text_.resize(size + std::max(piece_size, size));
  auto got
    = bytes_->read(first_ + size, text_.data() + size, text_.size() - size);
  text_.resize(size + (got ? *got : 0));
  if (!got)
    return std::move(got.error());
  return *got > 0;
}

caf::expected<char> text_window::next() {
  while (true) {
    auto text = ahead();
    auto at = text.find_first_not_of(" \t\r\n");
    if (at != std::string_view::npos) {
      advance(at);
      return text[at];
    }
    advance(text.size());
    auto got = more();
    if (!got)
      return std::move(got.error());
    if (!*got)
      return '\0';
  }
}

caf::error text_window::skip_mark() {
  while (ahead().size() < mark.size()) {
    auto got = more();
    if (!got)
      return std::move(got.error());
    if (!*got)
      return {};
  }
  if (ahead().starts_with(mark))
    advance(mark.size());
  return {};
}

caf::expected<std::string> text_window::byte_before() {
  auto at = position();
  if (at == 0)
    return std::string{};
  if (at_ > 0)
    return std::string{text_.substr(at_ - 1, 1)};
  std::string result(1, '\0');
  auto got = bytes_->read(at - 1, result.data(), 1);
  if (!got)
    return std::move(got.error());
  result.resize(*got);
  return result;
}

} // namespace orc
