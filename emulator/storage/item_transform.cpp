#include "emulator/storage/item_transform.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

/// Refers to a name that outlives the value.
json_value name_value(std::string_view name) {
  return json_value{rapidjson::StringRef(
    name.data(), static_cast<rapidjson::SizeType>(name.size()))};
}

bool starts_with_hash(const json_value& name) {
  return name.GetStringLength() > 0 && name.GetString()[0] == '#';
}

json_value* find(json_value& object, std::string_view name) {
  return const_cast<json_value*>(find_member(object, name));
}

void set_member(json_value& object, json_value name, json_value value,
                json_document::AllocatorType& alloc) {
  const auto i = object.FindMember(name);
  if (i == object.MemberEnd())
    object.AddMember(name, value, alloc);
  else
    i->value = value;
}

/// Removes `a.b` of an object; a field that is itself called `a.b` goes first.
void remove_path(json_value& object, std::string_view path) {
  if (!object.IsObject() || object.RemoveMember(name_value(path)))
    return;
  const auto dot = path.find('.');
  if (dot == std::string_view::npos)
    return;
  if (auto* child = find(object, path.substr(0, dot)))
    remove_path(*child, path.substr(dot + 1));
}

/// Finds `a.b` of an object; a field that is itself called `a.b` goes first.
/// @param parts takes the names on the way
json_value* find_path(json_value& object, std::string_view path,
                      std::vector<std::string_view>& parts) {
  if (auto* value = find(object, path)) {
    parts.push_back(path);
    return value;
  }
  const auto dot = path.find('.');
  if (dot == std::string_view::npos)
    return nullptr;
  auto* child = find(object, path.substr(0, dot));
  parts.push_back(path.substr(0, dot));
  return child == nullptr ? nullptr
                          : find_path(*child, path.substr(dot + 1), parts);
}

/// Adds what is below `value` to `result`, objects by their dotted names.
void add_flat(json_value& result, const std::string& name, json_value& value,
              json_document::AllocatorType& alloc) {
  if (!value.IsObject() || value.ObjectEmpty()) {
    set_member(result, json_value{name, alloc}, json_value{value, alloc},
               alloc);
    return;
  }
  for (auto& m : value.GetObject())
    add_flat(result,
             name + '.'
               + std::string{m.name.GetString(), m.name.GetStringLength()},
             m.value, alloc);
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view text_of(const json_value& name) {
  return {name.GetString(), name.GetStringLength()};
}

} // namespace

void item_transform::apply(std::string_view json, const sink& out) {
  // A document keeps what it allocated until it is destroyed.
  document_ = json_document{};
  if (!parse_json(json, document_))
    return;
  json_value& item = document_;
  if (query_.skip_failed_pages && find(item, "errorInfo") != nullptr)
    return;
  if (query_.skip_hidden)
    drop_hidden(item);
  if (!query_.fields.empty())
    pick_fields(item);
  omit_fields(item);
  unwind(item, 0, out);
}

void item_transform::drop_hidden(json_value& item) const {
  for (auto i = item.MemberBegin(); i != item.MemberEnd();)
    i = starts_with_hash(i->name) ? item.EraseMember(i) : i + 1;
}

void item_transform::pick_fields(json_value& item) {
  auto result = json_value{rapidjson::kObjectType};
  for (const auto& name : query_.fields)
    pick_field(item, result, name);
  item = result;
}

void item_transform::pick_field(json_value& item, json_value& result,
                                const std::string& name) {
  auto& alloc = document_.GetAllocator();
  auto parts = std::vector<std::string_view>{};
  auto* value = find_path(item, name, parts);
  if (value == nullptr)
    return;
  // What gets a new name needs none of the objects around it.
  if (!query_.output_fields.empty())
    parts.assign(1, name);
  auto* to = &result;
  for (auto i = std::size_t{0}; i + 1 < parts.size(); ++i) {
    if (find(*to, parts[i]) == nullptr)
      to->AddMember(name_value(parts[i]), json_value{rapidjson::kObjectType},
                    alloc);
    to = find(*to, parts[i]);
    if (!to->IsObject())
      return;
  }
  set_member(*to, name_value(parts.back()), json_value{*value, alloc}, alloc);
}

void item_transform::omit_fields(json_value& item) const {
  for (const auto& name : query_.omit)
    remove_path(item, name);
}

void item_transform::unwind(json_value& item, std::size_t i, const sink& out) {
  if (i == query_.unwind.size())
    return finish(item, out);
  const auto& name = query_.unwind[i];
  auto* field = find(item, name);
  if (field == nullptr || (!field->IsArray() && !field->IsObject()))
    return unwind(item, i + 1, out);
  auto taken = json_value{};
  taken.Swap(*field);
  item.EraseMember(item.FindMember(name_value(name)));
  if (taken.IsObject())
    return unwind_part(item, taken, i, out);
  for (auto& element : taken.GetArray())
    unwind_part(item, element, i, out);
}

void item_transform::unwind_part(const json_value& rest, json_value& part,
                                 std::size_t i, const sink& out) {
  auto& alloc = document_.GetAllocator();
  auto item = json_value{rest, alloc};
  if (part.IsObject())
    for (auto& m : part.GetObject())
      set_member(item, json_value{m.name, alloc}, json_value{m.value, alloc},
                 alloc);
  else
    set_member(item, name_value(query_.unwind[i]), json_value{part, alloc},
               alloc);
  unwind(item, i + 1, out);
}

void item_transform::finish(json_value& item, const sink& out) {
  if (!query_.flatten.empty())
    flatten_fields(item);
  if (!query_.output_fields.empty())
    rename_fields(item);
  if (!query_.skip_empty || !item.ObjectEmpty())
    out(item);
}

void item_transform::flatten_fields(json_value& item) {
  auto& alloc = document_.GetAllocator();
  auto result = json_value{rapidjson::kObjectType};
  for (auto& m : item.GetObject())
    if (contains(query_.flatten, text_of(m.name)))
      add_flat(result, std::string{text_of(m.name)}, m.value, alloc);
    else
      set_member(result, json_value{m.name, alloc}, json_value{m.value, alloc},
                 alloc);
  item = result;
}

void item_transform::rename_fields(json_value& item) {
  const auto& from = query_.fields;
  for (auto& m : item.GetObject()) {
    const auto i = std::find(from.begin(), from.end(), text_of(m.name));
    if (i != from.end())
      m.name = name_value(
        query_.output_fields[static_cast<std::size_t>(i - from.begin())]);
  }
}

} // namespace orc::emulator
