#include "emulator/storage/markup_writer.hpp"
#include "emulator/storage/table_writer.hpp"
#include "emulator/storage/zip_writer.hpp"

namespace orc::emulator {

namespace {

constexpr auto xml_head = std::string_view{
  "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"};

constexpr auto content_types = std::string_view{
  R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">)"
  R"(<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>)"
  R"(<Default Extension="xml" ContentType="application/xml"/>)"
  R"(<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>)"
  R"(<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>)"
  R"(</Types>)"};

constexpr auto package_parts = std::string_view{
  R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
  R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>)"
  R"(</Relationships>)"};

constexpr auto workbook = std::string_view{
  R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" )"
  R"(xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">)"
  R"(<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>)"};

constexpr auto workbook_parts = std::string_view{
  R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">)"
  R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>)"
  R"(</Relationships>)"};

/// Whether a spreadsheet can hold the text as a number without a change.
bool is_number(const std::string& text) {
  constexpr auto exact_digits = std::size_t{15};
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  auto value = json_document{};
  return !text.empty() && text.size() <= exact_digits && is_digit(text.back())
         && (text[0] == '-' || is_digit(text[0])) && parse_json(text, value)
         && value.IsNumber();
}

/// Keeps the sheet until its end: an archive says the size of a file first.
class xlsx_writer : public table_writer {
public:
  using table_writer::table_writer;

  void end(std::string& out) override {
    auto zip = zip_writer{};
    const auto add = [&](std::string_view name, std::string_view content) {
      zip.add(name, std::string{xml_head}.append(content));
    };
    add("[Content_Types].xml", content_types);
    add("_rels/.rels", package_parts);
    add("xl/workbook.xml", workbook);
    add("xl/_rels/workbook.xml.rels", workbook_parts);
    add(
      "xl/worksheets/sheet1.xml",
      R"(<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">)"
      "<sheetData>"
        + rows_ + "</sheetData></worksheet>");
    out.append(zip.take());
  }

private:
  void
  line(std::string&, const std::vector<std::string>& cells, bool) override {
    rows_.append("<row>");
    for (const auto& cell : cells)
      if (is_number(cell))
        rows_.append("<c><v>").append(cell).append("</v></c>");
      else
        append_text(cell);
    rows_.append("</row>");
  }

  void append_text(const std::string& text) {
    rows_.append(R"(<c t="inlineStr"><is><t xml:space="preserve">)");
    append_escaped(rows_, text);
    rows_.append("</t></is></c>");
  }

  std::string rows_;
};

} // namespace

std::unique_ptr<item_writer> make_xlsx_writer(const items_query& query) {
  return std::make_unique<xlsx_writer>(query);
}

} // namespace orc::emulator
