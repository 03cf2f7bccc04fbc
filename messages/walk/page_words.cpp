#include "messages/walk/page_words.hpp"

#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <charconv>

namespace orc {

namespace {

std::string_view or_null(const json_text& x) {
  return x.empty() ? std::string_view{"null"} : x.view();
}

/// @returns the members that both kinds of pages have.
std::string members_of(const process_page& x) {
  return fmt::format(R"("batch":{},"page":{},"cursor":{},"attempt":{},)"
                     R"("args":{})",
                     json_quote(x.batch), x.page, json_quote(x.cursor),
                     x.attempt, or_null(x.args));
}

std::string places_of(const process_page& x) {
  return fmt::format("[{}]", fmt::join(x.only, ","));
}

/// @returns a value as people read it: of a string what is in it.
std::string plain(std::string_view raw) {
  auto text = from_json<std::string>(raw);
  return text ? *text : std::string{raw};
}

std::optional<std::uint64_t> number_in(std::string_view raw) {
  std::uint64_t result = 0;
  auto [end, err]
    = std::from_chars(raw.data(), raw.data() + raw.size(), result);
  if (raw.empty() || err != std::errc{} || end != raw.data() + raw.size())
    return std::nullopt;
  return result;
}

void read_item(const raw_object& in, page_words& to) {
  auto item = number_in(in.raw("item"));
  if (item)
    to.items.push_back({*item, plain(in.raw("error"))});
}

void read_error(const raw_object& in, page_words& to) {
  auto raw = in.raw("error");
  if (raw.empty() || raw == "null")
    return;
  if (!raw.starts_with('{')) {
    to.error = plain(raw);
  } else if (auto nested = raw_object::read(raw)) {
    to.error = nested->has("message") ? plain(nested->raw("message"))
                                      : std::string{raw};
    if (nested->has("type"))
      to.type = plain(nested->raw("type"));
    to.hopeless |= nested->raw("retryable") == "false";
  }
  if (in.has("type"))
    to.type = plain(in.raw("type"));
  to.hopeless |= in.raw("retryable") == "false";
}

} // namespace

std::string render_page_head(const process_page& x) {
  return x.only.empty()
           ? fmt::format("{{{}}}", members_of(x))
           : fmt::format(R"({{{},"items":{}}})", members_of(x), places_of(x));
}

std::string render_page(const process_page& x) {
  auto result
    = fmt::format(R"({{{},"pageSize":{},"items":[)", members_of(x), x.size);
  auto lines = x.items.view();
  while (!lines.empty()) {
    auto end = std::min(lines.find('\n'), lines.size());
    if (result.back() != '[')
      result.push_back(',');
    result.append(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  result.append("]");
  if (!x.only.empty())
    result.append(fmt::format(R"(,"places":{})", places_of(x)));
  return result + "}";
}

std::string render_progress(const tell_progress& x) {
  auto result = std::string{x.progress.view()};
  result.pop_back();
  return fmt::format(R"({},"args":{}}})", result, or_null(x.args));
}

page_words read_page_words(std::string_view text) {
  page_words result;
  auto in = raw_object::read(text);
  if (!in)
    return result;
  if (auto raw = in->raw("nextCursor"); !raw.empty() && raw != "null") {
    result.next_cursor = plain(raw);
    result.next_size = number_in(in->raw("pageSize")).value_or(0);
  }
  if (in->has("item")) {
    read_item(*in, result);
    return result;
  }
  if (in->has("itemErrors"))
    for (const auto& one :
         in->array("itemErrors").value_or(std::vector<std::string>{}))
      if (auto nested = raw_object::read(one))
        read_item(*nested, result);
  result.count = number_in(in->raw("items")).value_or(0);
  read_error(*in, result);
  return result;
}

void take_words(page_result& to, page_words words) {
  for (auto& x : words.items)
    to.items.push_back(std::move(x));
  to.count += words.count;
  if (words.error)
    to.error = std::move(*words.error);
  if (words.type)
    to.types.push_back(std::move(*words.type));
  if (words.hopeless)
    to.end = page_end::hopeless;
}

} // namespace orc
