#pragma once

#include "transport/sources/text_window.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// Finds the array that a JSON pointer leads to, without holding what lies
/// before it.
class array_finder {
public:
  explicit array_finder(text_window& window) : window_{&window} {
    // nop
  }

  /// Goes from the window's position to behind the opening bracket.
  /// @returns `ec::bad_json` without a place if there is no such array.
  caf::error find(const std::string& pointer);

private:
  /// Goes to the value of a member of the object or array that begins here.
  caf::error enter(const std::string& token);
  caf::error enter_object(const std::string& token);
  caf::error enter_array(const std::string& token);
  caf::error skip_value();
  /// Reads the name of a member and the colon behind it.
  caf::expected<std::string> read_name();
  caf::error step_over(char c);

  text_window* window_;
};

} // namespace orc
