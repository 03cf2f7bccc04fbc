#pragma once

#include "emulator/api/json.hpp"
#include "emulator/storage/items_query.hpp"

#include <functional>
#include <string_view>

namespace orc::emulator {

/// Makes of an item what a query asks for: none, one or (unwound) many.
///
/// In this order: failed pages and hidden fields go; `fields`, `omit`,
/// `unwind`, `flatten`; fields get their new names; empty items go. So `fields`
/// names what is stored, as in `fields=url,reviews&unwind=reviews`, and what
/// the legacy `simplified` stands for.
class item_transform {
public:
  using sink = std::function<void(const json_value&)>;

  /// @param query must outlive the transform
  explicit item_transform(const items_query& query) : query_(query) {
    // nop
  }

  /// Calls `out` for each result; its values are good during the call.
  /// @param json one item
  void apply(std::string_view json, const sink& out);

private:
  void drop_hidden(json_value& item) const;
  void pick_fields(json_value& item);
  void
  pick_field(json_value& item, json_value& result, const std::string& name);
  void omit_fields(json_value& item) const;
  void unwind(json_value& item, std::size_t i, const sink& out);
  void unwind_part(const json_value& rest, json_value& part, std::size_t i,
                   const sink& out);
  void finish(json_value& item, const sink& out);
  void flatten_fields(json_value& item);
  void rename_fields(json_value& item);

  const items_query& query_;
  /// Owns all values while an item is transformed.
  json_document document_;
};

} // namespace orc::emulator
