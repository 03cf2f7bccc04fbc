#include "actors/splitter/item_parser.hpp"

#include "actors/splitter/array_parser.hpp"
#include "actors/splitter/csv_parser.hpp"
#include "actors/splitter/line_splitter.hpp"
#include "messages/json/json_quoter.hpp"
#include "messages/json/value_checker.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

/// What both formats of lines share.
class lines_parser : public item_parser {
public:
  explicit lines_parser(item_sink sink) : sink_{std::move(sink)} {
    // nop
  }

  caf::error feed(std::string_view piece) final {
    return lines_.feed(piece, [this](std::string_view x) { return line(x); });
  }

  caf::error finish() final {
    return lines_.finish([this](std::string_view x) { return line(x); });
  }

protected:
  virtual caf::error item(std::string_view line) = 0;

  item_sink sink_;
  std::uint64_t number_ = 0;

private:
  caf::error line(std::string_view x) {
    if (++number_ == 1 && x.starts_with(byte_order_mark))
      x.remove_prefix(byte_order_mark.size());
    return is_blank(x) ? caf::error{} : item(x);
  }

  line_splitter lines_;
};

class plain_lines : public lines_parser {
public:
  using lines_parser::lines_parser;

private:
  caf::error item(std::string_view line) override {
    return sink_(quote_.quoted(line));
  }

  json_quoter quote_;
};

class json_lines : public lines_parser {
public:
  using lines_parser::lines_parser;

private:
  caf::error item(std::string_view line) override {
    auto value = check_.check(line);
    if (!value)
      return make_error(ec::bad_json, fmt::format("line {}, {}", number_,
                                                  message_of(value.error())));
    return sink_(*value);
  }

  json_value_checker check_;
};

} // namespace

std::unique_ptr<item_parser>
make_item_parser(item_format format, item_sink sink) {
  switch (format) {
    case item_format::lines:
      return std::make_unique<plain_lines>(std::move(sink));
    case item_format::ndjson:
      return std::make_unique<json_lines>(std::move(sink));
    case item_format::json:
      return std::make_unique<array_parser>(std::move(sink));
    case item_format::csv:
      break;
  }
  return std::make_unique<csv_parser>(std::move(sink));
}

} // namespace orc
