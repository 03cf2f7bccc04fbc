#include "emulator/storage/item_page.hpp"

#include <tuple>

namespace orc::emulator {

item_page::item_page(std::shared_ptr<const dataset> data, items_query query)
  : data_(std::move(data)), query_(std::move(query)), transform_(query_),
    writer_(make_item_writer(query_, data_->info().id)) {
  std::tie(first_, last_) = query_.range(data_->items().size());
}

bool item_page::next(std::string& out, std::size_t piece_bytes) {
  if (!begun_)
    begin(out);
  begun_ = true;
  while (done_ < count()) {
    if (out.size() >= piece_bytes)
      return true;
    const auto flags = data_->items().flags(place(done_));
    if (is_skipped(flags))
      ++done_;
    else if (is_raw(flags))
      done_ += append_raw_run(out, piece_bytes - out.size());
    else
      append_transformed(out);
  }
  end(out);
  return false;
}

void item_page::begin(std::string& out) {
  const auto is_text = query_.format != items_format::xlsx;
  if (is_text && query_.bom.value_or(query_.format == items_format::csv))
    out.append("\xEF\xBB\xBF");
  if (query_.format == items_format::json)
    out.push_back('[');
  if (!writer_)
    return;
  if (writer_->wants_to_see())
    for (auto n = std::size_t{0}; n < count(); ++n)
      transform_.apply(data_->items()[place(n)],
                       [this](const json_value& x) { writer_->see(x); });
  writer_->begin(out);
}

void item_page::end(std::string& out) const {
  if (writer_)
    writer_->end(out);
  else if (query_.format == items_format::json)
    out.push_back(']');
}

bool item_page::is_skipped(std::uint8_t flags) const noexcept {
  if (!query_.skip_empty)
    return false;
  return (flags & empty_item) != 0
         || (query_.skip_hidden && (flags & hidden_only_item) != 0);
}

bool item_page::is_raw(std::uint8_t flags) const noexcept {
  return !writer_ && query_.keeps_items()
         && !(query_.skip_hidden && (flags & item_with_hidden) != 0);
}

/// Copies as many raw items as follow one another, up to `most` bytes.
/// @returns how many, at least one
std::size_t item_page::append_raw_run(std::string& out, std::size_t most) {
  const auto& items = data_->items();
  const auto first = place(done_);
  if (query_.desc) {
    append_text(out, items[first]);
    return 1;
  }
  auto bytes = items[first].size();
  auto last = first + 1;
  for (; last < last_ && bytes < most; ++last) {
    const auto flags = items.flags(last);
    if (is_skipped(flags) || !is_raw(flags))
      break;
    bytes += items[last].size();
  }
  separate(out);
  items.append_range(out, first, last,
                     query_.format == items_format::json ? ',' : '\n');
  if (query_.format == items_format::json)
    out.pop_back();
  return last - first;
}

void item_page::append_transformed(std::string& out) {
  transform_.apply(data_->items()[place(done_)], [&](const json_value& x) {
    if (writer_)
      writer_->item(out, x);
    else
      append_text(out, to_text(x));
  });
  ++done_;
}

void item_page::append_text(std::string& out, std::string_view json) {
  separate(out);
  out.append(json);
  if (query_.format == items_format::jsonl)
    out.push_back('\n');
}

void item_page::separate(std::string& out) {
  if (wrote_any_ && query_.format == items_format::json)
    out.push_back(',');
  wrote_any_ = true;
}

} // namespace orc::emulator
