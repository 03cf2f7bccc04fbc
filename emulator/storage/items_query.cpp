#include "emulator/storage/items_query.hpp"

#include "emulator/api/context.hpp"

#include <algorithm>
#include <array>

namespace orc::emulator {

namespace {

constexpr auto format_names = std::array<std::string_view, 7>{
  "json", "jsonl", "csv", "html", "xlsx", "xml", "rss"};

[[noreturn]] void refuse(std::string message) {
  throw api_error{400, "invalid-parameter", std::move(message)};
}

items_format read_format(const context& ctx) {
  const auto text = ctx.text("format", "json");
  const auto i = std::find(format_names.begin(), format_names.end(), text);
  if (i == format_names.end())
    refuse("Query parameter \"format\" must be one of json, jsonl, csv, html, "
           "xlsx, xml, rss.");
  return static_cast<items_format>(i - format_names.begin());
}

std::int64_t
read_count(const context& ctx, std::string_view name, std::int64_t fallback) {
  // The document calls these numbers, so 10.0 is one, too.
  const auto x = ctx.number(name);
  if (!x)
    return fallback;
  if (*x < 0)
    refuse("Query parameter \"" + std::string{name}
           + "\" must be greater than or equal to 0.");
  return static_cast<std::int64_t>(
    std::min(*x, static_cast<double>(items_query::no_limit)));
}

void read_fields(const context& ctx, items_query& result) {
  result.fields = ctx.list("fields");
  result.output_fields = ctx.list("outputFields");
  result.omit = ctx.list("omit");
  result.unwind = ctx.list("unwind");
  result.flatten = ctx.list("flatten");
  if (ctx.flag("simplified")) {
    result.fields = {"url", "pageFunctionResult", "errorInfo"};
    result.unwind = {"pageFunctionResult"};
  }
  if (!result.output_fields.empty()
      && result.output_fields.size() != result.fields.size())
    refuse("Query parameter \"outputFields\" must name as many fields as "
           "\"fields\".");
}

} // namespace

std::pair<std::size_t, std::size_t>
items_query::range(std::size_t total) const noexcept {
  const auto n = static_cast<std::int64_t>(total);
  const auto skipped = std::min(offset, n);
  const auto count = std::min(limit, n - skipped);
  const auto first = desc ? n - skipped - count : skipped;
  return {static_cast<std::size_t>(first),
          static_cast<std::size_t>(first + count)};
}

bool items_query::keeps_items() const noexcept {
  return !skip_failed_pages && fields.empty() && omit.empty() && unwind.empty()
         && flatten.empty();
}

items_query read_items_query(const context& ctx) {
  auto result = items_query{};
  result.format = read_format(ctx);
  result.offset = read_count(ctx, "offset", 0);
  result.limit = read_count(ctx, "limit", items_query::no_limit);
  // The platform takes 0 for no limit given.
  if (result.limit == 0)
    result.limit = items_query::no_limit;
  result.desc = ctx.flag("desc");
  const auto clean = ctx.flag("clean");
  result.skip_empty = ctx.flag("skipEmpty", clean) || clean;
  result.skip_hidden = ctx.flag("skipHidden", clean) || clean;
  result.skip_failed_pages = ctx.flag("skipFailedPages");
  read_fields(ctx, result);
  result.attachment = ctx.flag("attachment");
  if (ctx.query().contains("bom"))
    result.bom = ctx.flag("bom");
  result.delimiter = ctx.text("delimiter", ",");
  result.skip_header_row = ctx.flag("skipHeaderRow");
  result.xml_root = ctx.text("xmlRoot", "items");
  result.xml_row = ctx.text("xmlRow", "item");
  result.feed_title = ctx.text("feedTitle");
  result.feed_description = ctx.text("feedDescription");
  return result;
}

} // namespace orc::emulator
