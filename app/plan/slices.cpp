#include "app/plan/slices.hpp"

#include "app/text/nearest.hpp"

#include <fmt/format.h>

namespace orc::app {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Walks over valid JSON without white space, value by value.
class scanner {
public:
  explicit scanner(std::string_view text) : text_{text} {
    // nop
  }

  /// @returns whether `c` comes next, and steps over it then.
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c)
      return false;
    ++at_;
    return true;
  }

  /// Steps over one value of any kind.
  std::string_view value() {
    auto first = at_;
    std::size_t depth = 0;
    do {
      auto c = text_[at_];
      if (c == '"')
        skip_string();
      else if (c == '[' || c == '{')
        ++depth, ++at_;
      else if (c == ']' || c == '}')
        --depth, ++at_;
      else if (depth > 0)
        ++at_;
      else
        at_ = std::min(text_.find_first_of(",]}", at_), text_.size());
    } while (depth > 0);
    return text_.substr(first, at_ - first);
  }

private:
  void skip_string() {
    for (++at_; text_[at_] != '"'; ++at_)
      if (text_[at_] == '\\')
        ++at_;
    ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

caf::error fail(std::string problem) {
  return make_error(ec::bad_field, std::move(problem));
}

} // namespace

plan_form form_of(std::string_view text) {
  auto body = trimmed(text);
  if (body.starts_with('{')) {
    auto first_field = trimmed(body.substr(1));
    if (first_field.starts_with("\"runs\""))
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

caf::expected<std::vector<slice>> split_document(std::string_view text) {
  std::vector<slice> result;
  scanner in{text};
  if (!in.take('{'))
    return fail("document: must be an object with `runs`");
  auto seen = false;
  while (!in.take('}')) {
    auto name = in.value();
    if (name != "\"runs\"")
      return fail(fmt::format("{}: is no known field; a plan has only `runs`",
                              name.substr(1, name.size() - 2)));
    if (seen)
      return fail("runs: is there twice");
    seen = true;
    in.take(':');
    if (!in.take('['))
      return fail("runs: must be an array");
    while (!in.take(']')) {
      result.push_back({in.value(), 0});
      in.take(',');
    }
    in.take(',');
  }
  return result;
}

} // namespace orc::app
