#include "actors/reader/csv_table.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace orc {

namespace {

constexpr std::size_t piece_size = 1 << 20;

[[noreturn]] void fail() {
  throw std::system_error{errno, std::generic_category(), "temporary file"};
}

} // namespace

csv_table::csv_table(char delimiter)
  : spool_{std::tmpfile(), std::fclose}, delimiter_{delimiter} {
  if (!spool_)
    fail();
}

std::vector<std::size_t> csv_table::add_columns(const csv_row& titles) {
  std::vector<std::size_t> places;
  for (const auto& title : titles)
    places.push_back(column(title));
  return places;
}

void csv_table::add_row(csv_row row, const std::vector<std::size_t>& places) {
  csv_row merged(titles_.size());
  for (std::size_t i = 0; i < std::min(places.size(), row.size()); ++i)
    merged[places[i]] = std::move(row[i]);
  keep(merged);
}

std::optional<std::string> csv_table::next_piece() {
  std::string result;
  if (!std::exchange(has_begun_, true) && !titles_.empty()) {
    result = print_csv(titles_, delimiter_);
    std::rewind(spool_.get());
  }
  csv_row row;
  while (result.size() < piece_size && restore(row)) {
    // It is shorter if it was kept before the last column was known.
    row.resize(titles_.size());
    result += print_csv(row, delimiter_);
  }
  return result.empty() ? std::nullopt : std::optional{std::move(result)};
}

void csv_table::keep(const csv_row& row) {
  auto text = print_csv(row);
  std::uint64_t size = text.size();
  if (std::fwrite(&size, sizeof size, 1, spool_.get()) != 1
      || std::fwrite(text.data(), text.size(), 1, spool_.get()) != 1)
    fail();
}

bool csv_table::restore(csv_row& row) {
  std::uint64_t size = 0;
  if (std::fread(&size, sizeof size, 1, spool_.get()) != 1)
    return false;
  std::string text(size, ' ');
  if (std::fread(text.data(), size, 1, spool_.get()) != 1)
    return false;
  row = parse_csv(text).front();
  return true;
}

std::size_t csv_table::column(const std::string& title) {
  auto [i, is_new] = columns_.emplace(title, titles_.size());
  if (is_new)
    titles_.push_back(title);
  return i->second;
}

} // namespace orc
