#pragma once

#include <string>
#include <utility>
#include <variant>

namespace orc {

/// Why something did not work.
struct problem {
  /// Stable, as `error.type` of the HTTP API: `unknown-run`, `bad-field`,
  /// `store-locked`, `stopping`, …; the platform's own types pass through.
  std::string type;
  /// One sentence that tells people what to do.
  std::string message;
};

/// A value, or why there is none. Nothing here throws.
template <class T>
class outcome {
public:
  outcome(T value) : content_{std::in_place_index<0>, std::move(value)} {
    // nop
  }

  outcome(problem why) : content_{std::in_place_index<1>, std::move(why)} {
    // nop
  }

  explicit operator bool() const noexcept {
    return content_.index() == 0;
  }

  /// @pre there is a value
  T& operator*() noexcept {
    return *std::get_if<0>(&content_);
  }

  const T& operator*() const noexcept {
    return *std::get_if<0>(&content_);
  }

  T* operator->() noexcept {
    return std::get_if<0>(&content_);
  }

  const T* operator->() const noexcept {
    return std::get_if<0>(&content_);
  }

  /// @pre there is no value
  const problem& error() const noexcept {
    return *std::get_if<1>(&content_);
  }

private:
  std::variant<T, problem> content_;
};

} // namespace orc
