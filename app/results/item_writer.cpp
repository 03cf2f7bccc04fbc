#include "app/results/item_writer.hpp"

#include "app/results/csv_merger.hpp"

namespace orc::app {

namespace {

/// Calls `f` with each line that is not empty.
template <class F>
void for_each_line(std::string_view page, F f) {
  while (!page.empty()) {
    auto end = page.find('\n');
    auto line = page.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    if (!line.empty())
      f(line);
    page.remove_prefix(end == std::string_view::npos ? page.size() : end + 1);
  }
}

class ndjson_writer : public item_writer {
public:
  explicit ndjson_writer(text_sink& out) : out_{out} {
    // nop
  }

  void add(std::string_view page) override {
    out_.write(page);
    if (!page.empty() && !page.ends_with('\n'))
      out_.write("\n");
  }

  void finish() override {
    // nop
  }

private:
  text_sink& out_;
};

class json_array_writer : public item_writer {
public:
  explicit json_array_writer(text_sink& out) : out_{out} {
    // nop
  }

  void add(std::string_view page) override {
    for_each_line(page, [this](std::string_view item) {
      out_.write(empty_ ? "[\n" : ",\n");
      out_.write(item);
      empty_ = false;
    });
  }

  void finish() override {
    out_.write(empty_ ? "[]\n" : "\n]\n");
  }

private:
  text_sink& out_;
  bool empty_ = true;
};

} // namespace

items_format format_of(const std::string& name, const std::string& file) {
  if (name == "csv" || (name.empty() && file.ends_with(".csv")))
    return items_format::csv;
  if (name == "json" || (name.empty() && file.ends_with(".json")))
    return items_format::json;
  return items_format::ndjson;
}

std::string page_format(items_format x) {
  return x == items_format::csv ? "csv" : "jsonl";
}

std::unique_ptr<item_writer>
make_item_writer(items_format format, text_sink& out) {
  switch (format) {
    case items_format::csv:
      return std::make_unique<csv_merger>(out);
    case items_format::json:
      return std::make_unique<json_array_writer>(out);
    case items_format::ndjson:
      break;
  }
  return std::make_unique<ndjson_writer>(out);
}

} // namespace orc::app
