#include "actors/reader/item_output.hpp"

#include "actors/reader/csv_output.hpp"
#include "messages/base/error.hpp"

#include <utility>

namespace orc {

namespace {

/// Calls `f` with each line that is not blank, until it returns an error.
template <class F>
caf::error for_each_line(std::string_view page, F f) {
  while (!page.empty()) {
    auto line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(line.size() + 1, page.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != std::string_view::npos)
      if (auto err = f(line))
        return err;
  }
  return {};
}

caf::error replay_lines(const items_page& page, item_filter& filter) {
  return for_each_line(page.body.view(), [&](std::string_view item) {
    return filter.remember(item);
  });
}

/// Joins the lines that pass.
caf::expected<output_piece>
join_lines(const items_page& page, item_filter& filter, std::string_view before,
           std::string_view behind, bool& is_first) {
  std::string text;
  text.reserve(page.body.view().size() + page.body.view().size() / 64 + 2);
  std::uint64_t items = 0;
  auto err
    = for_each_line(page.body.view(), [&](std::string_view item) -> caf::error {
        auto passes = filter.pass(item);
        if (!passes)
          return std::move(passes.error());
        if (*passes) {
          text.append(std::exchange(is_first, false) ? "" : before)
            .append(item)
            .append(behind);
          ++items;
        }
        return {};
      });
  if (err)
    return err;
  return output_piece{json_text{std::move(text)}, items};
}

class line_output : public item_output {
public:
  caf::expected<output_piece>
  add(const items_page& page, item_filter& filter) override {
    // Nothing asks what is in it: the bytes go on as they came.
    if (filter.is_idle() && page.body.view().ends_with('\n'))
      return output_piece{page.body, page.count};
    bool is_first = false;
    return join_lines(page, filter, "", "\n", is_first);
  }

  caf::error replay(const items_page& page, item_filter& filter) override {
    return replay_lines(page, filter);
  }

  std::optional<std::string> finish() override {
    return std::nullopt;
  }
};

class array_output : public item_output {
public:
  caf::expected<output_piece>
  add(const items_page& page, item_filter& filter) override {
    auto is_opening = is_first_;
    auto result = join_lines(page, filter, ",\n", "", is_first_);
    if (result && is_opening && !is_first_)
      result->text = json_text{"[" + std::string{result->text.view()}};
    return result;
  }

  caf::error replay(const items_page& page, item_filter& filter) override {
    return replay_lines(page, filter);
  }

  std::optional<std::string> finish() override {
    if (std::exchange(finished_, true))
      return std::nullopt;
    return is_first_ ? "[]\n" : "]\n";
  }

private:
  bool is_first_ = true;
  bool finished_ = false;
};

} // namespace

std::string page_format(output_format x) {
  return x == output_format::csv ? "csv" : "jsonl";
}

std::unique_ptr<item_output>
make_item_output(output_format format, bool streamed, char delimiter) {
  switch (format) {
    case output_format::csv:
      return make_csv_output(streamed, delimiter);
    case output_format::json:
      return std::make_unique<array_output>();
    case output_format::ndjson:
      break;
  }
  return std::make_unique<line_output>();
}

} // namespace orc
