#pragma once

#include "emulator/storage/item_writer.hpp"
#include "emulator/storage/table_columns.hpp"

namespace orc::emulator {

/// Writes a line an item, under a line with the names of the columns.
class table_writer : public item_writer {
public:
  explicit table_writer(const items_query& query)
    : query_(query), columns_(query) {
    // nop
  }

  bool wants_to_see() const override {
    return true;
  }

  void see(const json_value& x) override {
    columns_.see(x);
  }

  void begin(std::string& out) override;

  void item(std::string& out, const json_value& x) override {
    line(out, columns_.cells(x), false);
  }

protected:
  virtual void
  line(std::string& out, const std::vector<std::string>& cells, bool header)
    = 0;

  const items_query& query_;

private:
  table_columns columns_;
};

std::unique_ptr<item_writer> make_csv_writer(const items_query& query);

/// A `<table>`.
std::unique_ptr<item_writer> make_html_writer(const items_query& query);

/// A workbook with one sheet.
std::unique_ptr<item_writer> make_xlsx_writer(const items_query& query);

} // namespace orc::emulator
