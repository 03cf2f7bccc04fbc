#include "app/results/csv_merger.hpp"

#include <cerrno>
#include <system_error>

namespace orc::app {

csv_merger::csv_merger(text_sink& out)
  : out_{out}, spool_{std::tmpfile(), std::fclose} {
  if (!spool_)
    throw std::system_error{errno, std::generic_category(), "temporary file"};
}

void csv_merger::add(std::string_view page) {
  auto rows = parse_csv(page);
  if (rows.size() < 2)
    return;
  std::vector<std::size_t> targets;
  for (const auto& title : rows.front())
    targets.push_back(column(title));
  for (std::size_t i = 1; i < rows.size(); ++i) {
    csv_row merged(titles_.size());
    for (std::size_t j = 0; j < std::min(targets.size(), rows[i].size()); ++j)
      merged[targets[j]] = std::move(rows[i][j]);
    keep(merged);
  }
}

void csv_merger::finish() {
  if (titles_.empty())
    return;
  out_.write(print_csv(titles_));
  std::rewind(spool_.get());
  for (csv_row row; restore(row);) {
    // It is shorter if it was kept before the last column was known.
    row.resize(titles_.size());
    out_.write(print_csv(row));
  }
}

void csv_merger::keep(const csv_row& row) {
  auto text = print_csv(row);
  std::uint64_t size = text.size();
  if (std::fwrite(&size, sizeof size, 1, spool_.get()) != 1
      || std::fwrite(text.data(), text.size(), 1, spool_.get()) != 1)
    throw std::system_error{errno, std::generic_category(), "temporary file"};
}

bool csv_merger::restore(csv_row& row) {
  std::uint64_t size = 0;
  if (std::fread(&size, sizeof size, 1, spool_.get()) != 1)
    return false;
  std::string text(size, ' ');
  if (std::fread(text.data(), size, 1, spool_.get()) != 1)
    return false;
  row = parse_csv(text).front();
  return true;
}

std::size_t csv_merger::column(const std::string& title) {
  auto [i, is_new] = columns_.emplace(title, titles_.size());
  if (is_new)
    titles_.push_back(title);
  return i->second;
}

} // namespace orc::app
