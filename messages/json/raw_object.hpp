#pragma once

#include "messages/base/json_text.hpp"
#include "messages/base/timestamp.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orc {

/// A JSON object as clients of dynamic languages write one: what is missing,
/// null, 0, "" or false stands for the default, fields that are unknown are
/// ignored, and values of any kind are kept as they were written. The first
/// field that is neither is an error, which names it.
class raw_object {
public:
  /// @param text "" stands for `{}`.
  /// @param path of the object in errors, such as `children[2]`.
  /// @returns `ec::bad_json` or `ec::bad_field` if it is no object.
  static caf::expected<raw_object>
  read(std::string_view text, std::string path = {});

  /// @returns the names of all fields, in order.
  std::vector<std::string> names() const;

  /// @returns whether the field is there, null or not.
  bool has(std::string_view name) const;

  /// @returns the value as it was written, "" if it is missing.
  std::string_view raw(std::string_view name) const;

  std::optional<std::string> text(std::string_view name);
  double number(std::string_view name, double otherwise);
  std::int64_t integer(std::string_view name, std::int64_t otherwise);
  bool flag(std::string_view name);

  /// @returns a time, of ISO 8601 (UTC where no zone is given) or milliseconds
  ///          since 1970.
  std::optional<timestamp> time(std::string_view name);

  /// @returns the value, empty for what stands for the default.
  json_text any(std::string_view name) const;

  /// @returns the elements as they were written, nothing if it is missing or
  ///          null.
  std::optional<std::vector<std::string>> array(std::string_view name);

  /// @returns the elements, each a string, or a number taken for one.
  std::optional<std::vector<std::string>> texts(std::string_view name);

  /// @returns what is wrong with the fields that were asked for.
  const caf::error& problem() const noexcept {
    return problem_;
  }

  /// @returns where a field is: `children[2].name`.
  std::string where(std::string_view name) const;

private:
  raw_object() = default;

  bool is_default(std::string_view name) const;
  void must_be(std::string_view name, std::string_view what);

  std::string text_;
  std::string path_;
  /// Names and values, both in `text_`.
  std::vector<std::pair<std::string, std::pair<std::size_t, std::size_t>>>
    members_;
  caf::error problem_;
};

} // namespace orc
