#include "messages/base/error.hpp"
#include "transport/http/url.hpp"
#include "transport/server/call.hpp"
#include "transport/server/item_stream.hpp"
#include "transport/server/routes/common.hpp"

#include <algorithm>
#include <array>

namespace orc::server {

namespace {

/// What the platform understands by itself.
constexpr std::array passed_on{
  parameter{"fields", place::query, string_schema,
            "Only these fields, divided by commas."},
  parameter{"omit", place::query, string_schema, "Without these fields."},
  parameter{"clean", place::query, flag_schema,
            "Without empty items and hidden fields."},
  parameter{"desc", place::query, flag_schema, "Last item first."},
  parameter{"unwind", place::query, string_schema,
            "One item for each element of this field."},
  parameter{"flatten", place::query, string_schema,
            "Objects in these fields become dotted names."},
  parameter{"skipEmpty", place::query, flag_schema, "Without empty items."},
  parameter{"skipHidden", place::query, flag_schema,
            "Without fields that begin with `#`."},
  parameter{"view", place::query, string_schema, "View of the dataset."},
  parameter{"delimiter", place::query, string_schema, "Of CSV; a comma."},
};

caf::expected<item_format> read_format(const call& x) {
  auto name = x.text("format").value_or("json");
  if (name == "json")
    return item_format::json;
  if (name == "jsonl" || name == "ndjson")
    return item_format::jsonl;
  if (name == "csv")
    return item_format::csv;
  return must_be("format", "json, jsonl, ndjson or csv", name);
}

/// @returns what goes to the platform as it is.
std::string passed_query(const call& x) {
  std::string result;
  for (const auto& [name, value] : x.query())
    if (std::any_of(passed_on.begin(), passed_on.end(),
                    [&](const auto& y) { return y.name == name; }))
      result.append(result.empty() ? "" : "&")
        .append(name + "=" + http::percent_encode(value));
  return result;
}

caf::expected<item_request> read_wishes(const call& x) {
  item_request result;
  auto format = read_format(x);
  if (!format)
    return std::move(format.error());
  auto offset = x.number("offset", 0, 0);
  if (!offset)
    return std::move(offset.error());
  auto limit = x.number("limit", 0, 0);
  if (!limit)
    return std::move(limit.error());
  result.format = *format;
  result.offset = *offset;
  if (x.text("limit"))
    result.limit = *limit;
  result.query = passed_query(x);
  return result;
}

void items(const call_ptr& x) {
  auto wishes = read_wishes(*x);
  if (!wishes)
    return x->fail(wishes.error());
  auto& under = x->under();
  auto pages = item_pages{std::move(*wishes), under.options.items_per_page};
  auto stream = under.self->spawn(item_stream, under.orchestrator,
                                  x->release(200), x->ref(), std::move(pages));
  under.adopt(stream, false);
}

} // namespace

std::vector<route> item_routes() {
  std::vector<parameter> parameters{
    name_parameter,
    namespace_parameter,
    {"format", place::query,
     R"({"type":"string","enum":["json","jsonl","ndjson","csv"]})",
     "`json` if not given."},
    {"offset", place::query, count_schema, "Items to skip."},
    {"limit", place::query, count_schema, "Items at most; all if not given."}};
  parameters.insert(parameters.end(), passed_on.begin(), passed_on.end());
  return {{"GET",
           "/api/v1/runs/{name}/items",
           "getItems",
           "Streams the items of the run's dataset, those that it has so far.",
           std::move(parameters),
           nullptr,
           {{200, "The items."}},
           &items}};
}

} // namespace orc::server
