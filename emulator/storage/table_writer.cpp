#include "emulator/storage/table_writer.hpp"

#include "emulator/storage/markup_writer.hpp"

namespace orc::emulator {

namespace {

class csv_writer : public table_writer {
public:
  using table_writer::table_writer;

  void end(std::string&) override {
    // nop
  }

private:
  void
  line(std::string& out, const std::vector<std::string>& cells, bool) override {
    for (auto i = std::size_t{0}; i < cells.size(); ++i) {
      if (i > 0)
        out.append(query_.delimiter);
      quoted(out, cells[i]);
    }
    out.push_back('\n');
  }

  void quoted(std::string& out, const std::string& text) const {
    const auto plain = text.find_first_of("\"\r\n") == std::string::npos
                       && (query_.delimiter.empty()
                           || text.find(query_.delimiter) == std::string::npos);
    if (plain) {
      out.append(text);
      return;
    }
    out.push_back('"');
    for (const auto c : text) {
      if (c == '"')
        out.push_back('"');
      out.push_back(c);
    }
    out.push_back('"');
  }
};

class html_writer : public table_writer {
public:
  using table_writer::table_writer;

  void begin(std::string& out) override {
    out.append("<table>");
    table_writer::begin(out);
  }

  void end(std::string& out) override {
    out.append("</table>");
  }

private:
  void line(std::string& out, const std::vector<std::string>& cells,
            bool header) override {
    out.append("<tr>");
    for (const auto& cell : cells) {
      out.append(header ? "<th>" : "<td>");
      append_escaped(out, cell);
      out.append(header ? "</th>" : "</td>");
    }
    out.append("</tr>");
  }
};

} // namespace

void table_writer::begin(std::string& out) {
  columns_.settle();
  if (!query_.skip_header_row && !columns_.names().empty())
    line(out, columns_.names(), true);
}

std::unique_ptr<item_writer> make_csv_writer(const items_query& query) {
  return std::make_unique<csv_writer>(query);
}

std::unique_ptr<item_writer> make_html_writer(const items_query& query) {
  return std::make_unique<html_writer>(query);
}

} // namespace orc::emulator
