#pragma once

#include "emulator/api/json.hpp"
#include "emulator/storage/items_query.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

/// Writes items in one format other than JSON: `begin`, each `item`, `end`.
class item_writer {
public:
  virtual ~item_writer() = default;

  virtual void begin(std::string& out) = 0;
  virtual void item(std::string& out, const json_value& x) = 0;
  virtual void end(std::string& out) = 0;

  /// Whether `see` wants every item before `begin`: a table needs all columns
  /// for its first line.
  virtual bool wants_to_see() const {
    return false;
  }

  virtual void see(const json_value&) {
    // nop
  }
};

/// @param query must outlive the writer
/// @param dataset_id names a feed that has no title
/// @returns null for JSON and JSON lines, which need no writer
std::unique_ptr<item_writer>
make_item_writer(const items_query& query, std::string_view dataset_id);

/// @returns the value of the `Content-Type` of a format.
std::string_view content_type_of(items_format format);

/// @returns how a file of that format is called, such as `csv`.
std::string_view extension_of(items_format format);

} // namespace orc::emulator
