#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace orc {

/// A JSON document as text, shared and immutable, so that a message that
/// carries megabytes costs as much as one that carries none.
class json_text {
public:
  json_text() = default;

  explicit json_text(std::string text)
    : text_{std::make_shared<const std::string>(std::move(text))} {
    // nop
  }

  /// @returns whether there is no document at all.
  bool empty() const noexcept {
    return !text_ || text_->empty();
  }

  std::string_view view() const noexcept {
    return text_ ? std::string_view{*text_} : std::string_view{};
  }

  /// Never null once the text is not empty.
  const std::shared_ptr<const std::string>& shared() const noexcept {
    return text_;
  }

  friend bool operator==(const json_text& x, const json_text& y) {
    return x.view() == y.view();
  }

  template <class Inspector>
  friend auto inspect(Inspector& f, json_text& x) {
    auto text = std::string{x.view()};
    if constexpr (Inspector::reads_state) {
      return f(text);
    } else {
      auto error = f(text);
      x = json_text{std::move(text)};
      return error;
    }
  }

private:
  std::shared_ptr<const std::string> text_;
};

} // namespace orc
