// Where the items of a batch come from, as JSON.

#include "messages/json/walk_source_json.hpp"

#include "messages/base/error.hpp"
#include "messages/base/percent.hpp"
#include "messages/json/codec.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

namespace orc {

template std::string to_json(const walk_source&);
template caf::expected<walk_source> from_json(std::string_view);

namespace {

/// Reads `["a","b"]` or `"a,b"`.
caf::expected<std::string>
names_in(const char* member, const json_text& value) {
  auto bad
    = make_error(ec::bad_field, fmt::format("{}: must be an array of names, or "
                                            "one string with commas",
                                            member));
  auto object = raw_object::read(fmt::format(R"({{"x":{}}})", value.view()));
  if (!object)
    return bad;
  auto raw = object->raw("x");
  if (raw.starts_with('"'))
    return object->text("x").value_or("");
  auto names = raw.starts_with('[') ? object->texts("x") : std::nullopt;
  if (!names || object->problem())
    return bad;
  return fmt::format("{}", fmt::join(*names, ","));
}

} // namespace

caf::expected<std::string> dataset_query(const walk_source& x) {
  std::string result = x.clean.value_or(false) ? "clean=1" : "";
  for (auto [member, value] :
       {std::pair{"fields", &x.fields_wanted}, std::pair{"omit", &x.omit}}) {
    if (value->empty())
      continue;
    auto names = names_in(member, *value);
    if (!names)
      return std::move(names.error());
    result += fmt::format("{}{}={}", result.empty() ? "" : "&", member,
                          percent_encode(*names));
  }
  return result;
}

} // namespace orc
