#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orc {

/// How the input of a part is made of its items: a JSON document in which one
/// object says where they go.
///
///     {"startUrls": {"$items": {"url": "$item"}}}    mapped one by one
///     {"list": {"$items": "$item"}}                  as they are
///     {"queries": {"$items": {"join": "\n"}}}        joined to one string
///
/// `$item` may stand in the map as often as needed. Sizes are those of the text
/// that is sent, to the byte.
class item_template {
public:
  /// @param document the template.
  /// @param name what whoever wrote it knows it by.
  /// @returns `ec::bad_json`, or `ec::bad_field` that says what is wrong.
  static caf::expected<item_template>
  parse(std::string_view document, std::string_view name = "template");

  /// @returns what an item adds, without a separator; `ec::bad_field` if it
  ///          cannot be joined. Valid until the next call.
  caf::expected<std::string_view> map(std::string_view item);

  std::string_view head() const noexcept {
    return head_;
  }

  /// Between two items.
  std::string_view separator() const noexcept {
    return separator_;
  }

  std::string_view tail() const noexcept {
    return tail_;
  }

  /// @returns the template with `{"$items":…}` in one spelling: equal ones make
  ///          equal inputs.
  std::string canonical() const;

private:
  static caf::expected<item_template> read(std::string_view document);
  caf::error read_place(std::string_view place);
  caf::error read_join(std::string_view separator);
  void read_map(std::string_view map);

  std::string head_;
  std::string separator_;
  std::string tail_;
  /// The text around each `$item`; one piece more than there are of them.
  std::vector<std::string> around_;
  bool joins_ = false;
  std::string mapped_;
};

} // namespace orc
