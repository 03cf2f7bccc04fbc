#include "transport/server/item_pages.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orc::server {

namespace {

/// What the platform is asked for: lines are easier to join, and to count.
constexpr std::array<const char*, 3> names{"jsonl", "jsonl", "csv"};

constexpr std::array<const char*, 3> media_types{
  "application/json; charset=utf-8", "application/x-ndjson; charset=utf-8",
  "text/csv; charset=utf-8"};

std::string_view trim(std::string_view x) {
  constexpr auto blanks = " \t\r\n";
  auto begin = std::min(x.find_first_not_of(blanks), x.size());
  x.remove_prefix(begin);
  return x.substr(0, x.find_last_not_of(blanks) + 1);
}

std::string with_newline(std::string_view x) {
  auto result = std::string{x};
  if (!result.empty() && !result.ends_with('\n'))
    result += '\n';
  return result;
}

} // namespace

item_pages::item_pages(item_request wanted, std::uint64_t items_per_page)
  : wanted_{std::move(wanted)}, page_size_{items_per_page} {
  done_ = wanted_.limit == 0;
}

std::optional<get_items> item_pages::next() const {
  if (done_)
    return std::nullopt;
  auto limit = wanted_.limit ? std::min(page_size_, *wanted_.limit - position_)
                             : page_size_;
  return get_items{{},
                   wanted_.offset + position_,
                   limit,
                   names.at(static_cast<std::size_t>(wanted_.format)),
                   wanted_.query};
}

caf::expected<std::string> item_pages::accept(const items_page& page) {
  auto asked = next().value();
  position_ += asked.limit;
  auto is_short
    = page.count < asked.limit && asked.offset + asked.limit >= page.total;
  done_ = is_short || (wanted_.limit && position_ >= *wanted_.limit);
  if (wanted_.format == item_format::json)
    return join_json(page.body.view());
  if (wanted_.format == item_format::csv)
    return join_csv(page.body.view());
  return with_newline(page.body.view());
}

std::string item_pages::join_json(std::string_view body) {
  auto result = std::string{std::exchange(first_, false) ? "[" : ""};
  result.reserve(body.size() + body.size() / 64 + 2);
  while (!body.empty()) {
    auto line = body.substr(0, body.find('\n'));
    body.remove_prefix(std::min(line.size() + 1, body.size()));
    if (trim(line).empty())
      continue;
    result.append(std::exchange(wrote_items_, true) ? ",\n" : "")
      .append(trim(line));
  }
  return result;
}

caf::expected<std::string> item_pages::join_csv(std::string_view body) {
  if (trim(body).empty())
    return std::string{};
  auto header = body.substr(0, body.find('\n'));
  if (header_.empty()) {
    header_ = header;
    return with_newline(body);
  }
  if (header_ != header)
    return make_error(ec::bad_answer, "the columns of a later page differ; "
                                      "name those you want with `fields`");
  body.remove_prefix(std::min(header.size() + 1, body.size()));
  return with_newline(body);
}

std::string item_pages::finish() const {
  if (wanted_.format != item_format::json)
    return {};
  return first_ ? "[]\n" : "]\n";
}

std::string_view item_pages::media_type() const noexcept {
  return media_types.at(static_cast<std::size_t>(wanted_.format));
}

} // namespace orc::server
