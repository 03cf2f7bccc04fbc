#include "actors/reader/csv_output.hpp"

#include "actors/reader/csv_table.hpp"
#include "messages/base/error.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// Looks at rows for a filter.
class row_filter {
public:
  row_filter(const csv_row& titles, item_filter& filter) : filter_{filter} {
    for (const auto& name : filter.names()) {
      auto i = std::find(titles.begin(), titles.end(), name);
      if (i != titles.end())
        columns_.push_back(static_cast<std::size_t>(i - titles.begin()));
    }
  }

  bool passes(const csv_row& row) {
    return filter_.pass_key(key_of(row));
  }

  void remember(const csv_row& row) {
    filter_.remember_key(key_of(row));
  }

private:
  std::optional<std::string> key_of(const csv_row& row) const {
    if (columns_.empty())
      return std::nullopt;
    std::string key;
    for (auto i : columns_)
      key.append(i < row.size() ? row[i] : "").append("\n");
    return key;
  }

  item_filter& filter_;
  std::vector<std::size_t> columns_;
};

caf::error replay_rows(const items_page& page, item_filter& filter) {
  auto rows = parse_csv(page.body.view());
  if (rows.empty())
    return {};
  row_filter rule{rows.front(), filter};
  for (std::size_t i = 1; i < rows.size(); ++i)
    rule.remember(rows[i]);
  return {};
}

class merged_output : public item_output {
public:
  explicit merged_output(char delimiter) : table_{delimiter} {
    // nop
  }

  caf::expected<output_piece>
  add(const items_page& page, item_filter& filter) override {
    output_piece result;
    auto rows = parse_csv(page.body.view());
    if (rows.size() < 2)
      return result;
    row_filter rule{rows.front(), filter};
    auto places = table_.add_columns(rows.front());
    for (std::size_t i = 1; i < rows.size(); ++i)
      if (rule.passes(rows[i])) {
        table_.add_row(std::move(rows[i]), places);
        ++result.items;
      }
    return result;
  }

  caf::error replay(const items_page& page, item_filter& filter) override {
    return replay_rows(page, filter);
  }

  std::optional<std::string> finish() override {
    return table_.next_piece();
  }

private:
  csv_table table_;
};

class streamed_output : public item_output {
public:
  explicit streamed_output(char delimiter) : delimiter_{delimiter} {
    // nop
  }

  caf::expected<output_piece>
  add(const items_page& page, item_filter& filter) override {
    output_piece result;
    auto rows = parse_csv(page.body.view());
    if (rows.size() < 2)
      return result;
    std::string text;
    if (titles_.empty()) {
      titles_ = rows.front();
      text = print_csv(titles_, delimiter_);
    }
    if (titles_ != rows.front())
      return make_error(ec::bad_answer, "the columns of a later page differ: "
                                        "name those you want with `fields`, or "
                                        "take another format");
    row_filter rule{titles_, filter};
    for (std::size_t i = 1; i < rows.size(); ++i)
      if (rule.passes(rows[i])) {
        text += print_csv(rows[i], delimiter_);
        ++result.items;
      }
    result.text = json_text{std::move(text)};
    return result;
  }

  caf::error replay(const items_page& page, item_filter& filter) override {
    return replay_rows(page, filter);
  }

  std::optional<std::string> finish() override {
    return std::nullopt;
  }

private:
  char delimiter_;
  csv_row titles_;
};

} // namespace

std::unique_ptr<item_output> make_csv_output(bool streamed, char delimiter) {
  if (streamed)
    return std::make_unique<streamed_output>(delimiter);
  return std::make_unique<merged_output>(delimiter);
}

} // namespace orc
