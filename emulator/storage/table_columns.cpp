#include "emulator/storage/table_columns.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

constexpr auto max_columns = std::size_t{2000};

std::string_view text_of(const json_value& x) {
  return {x.GetString(), x.GetStringLength()};
}

/// Calls `f(path, value)` for each leaf below `value`: what is neither an
/// object nor an array, or an empty one.
template <class F>
void each_leaf(const json_value& value, const std::string& path, const F& f) {
  const auto below = path.empty() ? path : path + '/';
  if (value.IsObject() && (path.empty() || !value.ObjectEmpty())) {
    for (const auto& m : value.GetObject())
      each_leaf(m.value, below + std::string{text_of(m.name)}, f);
  } else if (value.IsArray() && !value.Empty()) {
    for (auto i = rapidjson::SizeType{0}; i < value.Size(); ++i)
      each_leaf(value[i], below + std::to_string(i), f);
  } else {
    f(path, value);
  }
}

/// The text of a cell; nothing for null and what is empty.
std::string cell_text(const json_value& x) {
  if (x.IsString())
    return std::string{text_of(x)};
  if (x.IsNull() || x.IsObject() || x.IsArray())
    return {};
  return to_text(x);
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether `column` is `field` or below it.
bool belongs_to(const std::string& column, const std::string& field,
                bool flattened) {
  if (column.compare(0, field.size(), field) != 0)
    return false;
  if (column.size() == field.size())
    return true;
  const auto next = column[field.size()];
  return next == '/' || (flattened && next == '.');
}

} // namespace

table_columns::table_columns(const items_query& query) {
  for (auto i = std::size_t{0}; i < query.fields.size(); ++i) {
    const auto& field = query.fields[i];
    auto wanted = wanted_field{field, contains(query.unwind, field)
                                        || contains(query.flatten, field)};
    // A field of a field is a column of its own path.
    std::replace(wanted.name.begin(), wanted.name.end(), '.', '/');
    if (!query.output_fields.empty())
      wanted.name = query.output_fields[i];
    wanted_.push_back(std::move(wanted));
  }
}

void table_columns::see(const json_value& item) {
  each_leaf(item, {}, [this](const auto& path, const auto&) {
    if (names_.size() < max_columns
        && index_.emplace(path, names_.size()).second)
      names_.push_back(path);
  });
}

void table_columns::settle() {
  auto sorted = std::vector<std::string>{};
  for (const auto& field : wanted_)
    take_field(field, sorted);
  for (auto& name : names_)
    if (!name.empty())
      sorted.push_back(std::move(name));
  names_ = std::move(sorted);
  index_.clear();
  for (auto i = std::size_t{0}; i < names_.size(); ++i)
    index_.emplace(names_[i], i);
}

/// Moves the columns of a field to `sorted`: itself, even if no item has it, or
/// those below it.
void table_columns::take_field(const wanted_field& field,
                               std::vector<std::string>& sorted) {
  auto found = field.dissolved;
  for (auto& name : names_)
    if (!name.empty() && belongs_to(name, field.name, field.dissolved)) {
      sorted.push_back(std::move(name));
      name.clear();
      found = true;
    }
  if (!found)
    sorted.push_back(field.name);
}

std::vector<std::string> table_columns::cells(const json_value& item) const {
  auto result = std::vector<std::string>(names_.size());
  each_leaf(item, {}, [&](const auto& path, const auto& value) {
    if (const auto i = index_.find(path); i != index_.end())
      result[i->second] = cell_text(value);
  });
  return result;
}

} // namespace orc::emulator
