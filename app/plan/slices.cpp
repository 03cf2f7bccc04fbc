#include "app/plan/slices.hpp"

#include "messages/json/scanner.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace orc::app {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

caf::error fail(std::string problem) {
  return make_error(ec::bad_field, std::move(problem));
}

/// @returns whether there is an array, whose elements are kept.
bool take_array(json_scanner& in, std::vector<slice>& elements) {
  if (!in.take('['))
    return false;
  while (!in.take(']')) {
    elements.push_back({in.value(), 0});
    in.take(',');
  }
  return true;
}

} // namespace

plan_form form_of(std::string_view text) {
  auto body = trimmed(text);
  if (body.starts_with('{')) {
    auto first_field = trimmed(body.substr(1));
    if (first_field.starts_with("\"runs\"")
        || first_field.starts_with("\"splits\"")
        || first_field.starts_with("\"fixedInput\""))
      return plan_form::document;
  }
  auto first_line = trimmed(body.substr(0, body.find('\n')));
  if (first_line.size() < body.size() && first_line.ends_with('}'))
    return plan_form::lines;
  return plan_form::single;
}

std::vector<slice> split_lines(std::string_view text) {
  std::vector<slice> result;
  for (std::size_t number = 1; !text.empty(); ++number) {
    auto end = text.find('\n');
    auto line = trimmed(text.substr(0, end));
    if (!line.empty())
      result.push_back({line, number});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return result;
}

caf::expected<document_slices> split_document(std::string_view text) {
  document_slices result;
  json_scanner in{text};
  if (!in.take('{'))
    return fail("document: must be an object with `runs`");
  std::set<std::string_view> seen;
  while (!in.take('}')) {
    auto name = in.value();
    name = name.substr(1, name.size() - 2);
    in.take(':');
    if (!seen.insert(name).second)
      return fail(fmt::format("{}: is there twice", name));
    if (name == "fixedInput")
      result.fixed_input = in.value();
    else if (name != "runs" && name != "splits")
      return fail(fmt::format("{}: is no known field; a plan has `runs`, "
                              "`splits` and `fixedInput`",
                              name));
    else if (!take_array(in, name == "runs" ? result.runs : result.splits))
      return fail(fmt::format("{}: must be an array", name));
    in.take(',');
  }
  if (!result.fixed_input.empty() && !result.fixed_input.starts_with('{'))
    return fail("fixedInput: must be an object");
  return result;
}

} // namespace orc::app
