#include "messages/base/error.hpp"
#include "transport/http/url.hpp"
#include "transport/server/call.hpp"
#include "transport/server/item_stream.hpp"
#include "transport/server/routes/common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

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
};

constexpr std::array common{
  parameter{"offset", place::query, count_schema,
            "Items to skip, before `clean` and the like leave any out."},
  parameter{"limit", place::query, count_schema,
            "Items at most, counted as `offset` is; all if not given."},
  parameter{"dedupeBy", place::query, string_schema,
            "Leave out items whose values of these fields, divided by commas, "
            "came before; `a.b` is field b of field a. `limit` counts what is "
            "left then."},
  parameter{"delimiter", place::query, string_schema,
            "Between the cells of CSV; a comma if not given."},
  parameter{"follow", place::query, flag_schema,
            "Go on as long as the run works, from its first item."},
  parameter{"cursor", place::query, string_schema,
            "Go on behind the piece that it came with; `limit` counts from "
            "there."},
  parameter{"cursors", place::query, flag_schema,
            "Tell where to go on: a line `{\"#cursor\":…}` behind each piece, "
            "with `\"#end\":true` behind the last. Needs ndjson."},
};

constexpr std::array<std::string_view, 3> media_types{
  "application/x-ndjson; charset=utf-8", "application/json; charset=utf-8",
  "text/csv; charset=utf-8"};

caf::expected<output_format>
read_format(const call& x, output_format otherwise) {
  auto name = x.text("format");
  if (!name)
    return otherwise;
  if (name == "jsonl")
    return output_format::ndjson;
  if (auto known = parse_enum<output_format>(*name))
    return *known;
  return must_be("format", "json, jsonl, ndjson or csv", *name);
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

std::vector<std::string> divide(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    auto one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    if (!one.empty())
      result.emplace_back(one);
  }
  return result;
}

caf::error read_numbers(const call& x, read_request& into) {
  auto offset = x.number("offset", 0, 0);
  if (!offset)
    return std::move(offset.error());
  auto limit = x.number("limit", 0, 0);
  if (!limit)
    return std::move(limit.error());
  into.offset = *offset;
  if (x.text("limit"))
    into.limit = *limit;
  return {};
}

caf::error read_order(const call& x, read_request& into) {
  auto follow = x.flag("follow");
  if (!follow)
    return std::move(follow.error());
  auto ordered = x.flag("ordered");
  if (!ordered)
    return std::move(ordered.error());
  into.follow = *follow;
  // Who follows wants to see what comes, wherever it comes from.
  into.ordered = x.text("ordered") ? *ordered : !*follow;
  return {};
}

void stream(const call_ptr& x, read_request request, output_format otherwise) {
  auto format = read_format(*x, otherwise);
  if (!format)
    return x->fail(format.error());
  auto cursors = x->flag("cursors");
  if (!cursors)
    return x->fail(cursors.error());
  if (*cursors && *format != output_format::ndjson)
    return x->fail(must_be("cursors", "0 unless format is ndjson", "1"));
  auto& under = x->under();
  if (!under.readings)
    return x->fail(make_error(ec::not_found, "this service reads no items"));
  request.format = *format;
  request.delimiter = x->text("delimiter").value_or(",");
  request.query = passed_query(*x);
  request.cursor = x->text("cursor").value_or("");
  request.dedupe_by = divide(x->text("dedupeBy").value_or(""));
  auto media = media_types.at(static_cast<std::size_t>(*format));
  auto is_endless = request.follow;
  auto sender
    = under.self->spawn(item_stream, under.readings, x->release(200),
                        std::move(request),
                        item_stream_options{std::string{media}, *cursors});
  under.adopt(sender, is_endless);
}

void items_of_run(const call_ptr& x) {
  read_request request;
  auto ref = x->ref();
  request.from.push_back({ref.space, ref.name, {}});
  if (auto err = read_numbers(*x, request))
    return x->fail(err);
  if (auto err = read_order(*x, request))
    return x->fail(err);
  stream(x, std::move(request), output_format::json);
}

/// @returns the origins that the query names, in its order.
caf::expected<std::vector<item_origin>> read_origins(const call& x) {
  std::vector<item_origin> result;
  auto space = x.text("namespace").value_or("default");
  for (const auto& [name, value] : x.query())
    if (name == "runs")
      for (auto& one : divide(value))
        result.push_back({space, std::move(one), {}});
    else if (name == "datasets")
      for (auto& one : divide(value))
        result.push_back({space, {}, std::move(one)});
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& from : result)
    if (!seen.emplace(from.run, from.dataset_id).second)
      return make_error(ec::bad_field, fmt::format("runs: {}{} is given twice",
                                                   from.run, from.dataset_id));
  if (result.empty())
    return make_error(ec::bad_field, "runs: name those whose items you want, "
                                     "divided by commas");
  return result;
}

void items_of_many(const call_ptr& x) {
  auto from = read_origins(*x);
  if (!from)
    return x->fail(from.error());
  read_request request;
  request.from = std::move(*from);
  if (auto err = read_numbers(*x, request))
    return x->fail(err);
  if (auto err = read_order(*x, request))
    return x->fail(err);
  stream(x, std::move(request), output_format::ndjson);
}

std::vector<parameter> with_common(std::vector<parameter> result) {
  result.insert(result.end(), common.begin(), common.end());
  result.insert(result.end(), passed_on.begin(), passed_on.end());
  return result;
}

constexpr auto formats
  = R"({"type":"string","enum":["json","jsonl","ndjson","csv"]})";

} // namespace

std::vector<route> item_routes() {
  return {
    {"GET",
     "/api/v1/runs/{name}/items",
     "getItems",
     "Streams the items of the run's dataset, those that it has so far.",
     with_common({name_parameter,
                  namespace_parameter,
                  {"format", place::query, formats, "`json` if not given."}}),
     nullptr,
     {{200, "The items."}},
     &items_of_run,
     false,
     dialect::own,
     "run.items"},
    {"GET",
     "/api/v1/items",
     "readItems",
     "Streams the items of many runs and datasets as one document.",
     with_common(
       {{"runs", place::query, string_schema,
         "Names of runs, divided by commas."},
        {"datasets", place::query, string_schema,
         "Ids of datasets of the default account, divided by commas."},
        namespace_parameter,
        {"ordered", place::query, flag_schema,
         "One after the other, as they are named; else as items come. True if "
         "not given, save with `follow`."},
        {"format", place::query, formats, "`ndjson` if not given."}}),
     nullptr,
     {{200, "The items."}},
     &items_of_many}};
}

} // namespace orc::server
