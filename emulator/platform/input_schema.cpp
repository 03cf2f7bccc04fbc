#include "emulator/platform/input_schema.hpp"

#include <algorithm>
#include <regex>
#include <string_view>

namespace orc::emulator {

namespace {

bool has_type(const json_value& x, std::string_view type) {
  if (type == "string")
    return x.IsString();
  if (type == "integer")
    return x.IsInt64() || x.IsUint64();
  if (type == "number")
    return x.IsNumber();
  if (type == "boolean")
    return x.IsBool();
  if (type == "array")
    return x.IsArray();
  if (type == "object")
    return x.IsObject();
  return type == "null" ? x.IsNull() : true;
}

/// @returns whether the value has a type that the field's schema allows.
bool type_fits(const json_value& field, const json_value& x) {
  if (x.IsNull() && bool_member(field, "nullable"))
    return true;
  const auto* type = find_member(field, "type");
  if (type == nullptr)
    return true;
  if (type->IsString())
    return has_type(x, type->GetString());
  if (!type->IsArray())
    return true;
  const auto& types = type->GetArray();
  return std::any_of(types.begin(), types.end(), [&x](const json_value& t) {
    return t.IsString() && has_type(x, t.GetString());
  });
}

std::string type_text(const json_value& field) {
  const auto* type = find_member(field, "type");
  return type != nullptr && type->IsString() ? type->GetString() : "valid";
}

/// Holds `size` against the bounds that the schema names.
std::string check_bounds(const json_value& field, double size,
                         std::string_view min, std::string_view max) {
  const auto number = [](double x) { return json_writer{}.value(x).take(); };
  if (const auto* bound = find_member(field, min);
      bound != nullptr && bound->IsNumber() && size < bound->GetDouble())
    return " must be >= " + number(bound->GetDouble());
  if (const auto* bound = find_member(field, max);
      bound != nullptr && bound->IsNumber() && size > bound->GetDouble())
    return " must be <= " + number(bound->GetDouble());
  return {};
}

std::string check_text(const json_value& field, const json_value& x) {
  auto problem
    = check_bounds(field, x.GetStringLength(), "minLength", "maxLength");
  if (!problem.empty())
    return " length" + problem;
  const auto pattern = string_member(field, "pattern");
  if (pattern.empty())
    return {};
  try {
    if (!std::regex_search(x.GetString(), std::regex{pattern}))
      return " must match pattern \"" + pattern + "\"";
  } catch (const std::regex_error&) {
    // ECMAScript of the browser knows more than ours: let it pass.
  }
  return {};
}

std::string check_choice(const json_value& field, const json_value& x) {
  const auto* choices = find_member(field, "enum");
  if (choices == nullptr || !choices->IsArray())
    return {};
  auto text = std::string{};
  for (const auto& choice : choices->GetArray()) {
    if (choice == x)
      return {};
    text += (text.empty() ? "" : ", ") + to_text(choice);
  }
  return " must be equal to one of the allowed values: " + text;
}

/// @returns what is wrong with one field's value, such as ` must be >= 1`.
std::string check_field(const json_value& field, const json_value& x) {
  if (!type_fits(field, x))
    return " must be " + type_text(field);
  auto problem = check_choice(field, x);
  if (!problem.empty())
    return problem;
  if (x.IsNumber())
    return check_bounds(field, x.GetDouble(), "minimum", "maximum");
  if (x.IsString())
    return check_text(field, x);
  if (x.IsArray())
    problem = check_bounds(field, x.Size(), "minItems", "maxItems");
  else if (x.IsObject())
    problem
      = check_bounds(field, x.MemberCount(), "minProperties", "maxProperties");
  return problem.empty() ? problem : " size" + problem;
}

std::string check_required(const json_value& schema, const json_value& input) {
  const auto* required = find_member(schema, "required");
  if (required == nullptr || !required->IsArray())
    return {};
  for (const auto& name : required->GetArray())
    if (name.IsString() && find_member(input, name.GetString()) == nullptr)
      return std::string{"Field input."} + name.GetString() + " is required";
  return {};
}

std::string check_unknown(const json_value& schema, const json_value& fields,
                          const json_value& input) {
  if (bool_member(schema, "additionalProperties", true))
    return {};
  for (const auto& member : input.GetObject())
    if (find_member(fields, member.name.GetString()) == nullptr)
      return std::string{"Property input."} + member.name.GetString()
             + " is not allowed.";
  return {};
}

} // namespace

std::string apply_input_schema(const json_value& schema, json_document& input) {
  if (!input.IsObject())
    return "Input must be object";
  const auto* fields = find_member(schema, "properties");
  if (fields == nullptr || !fields->IsObject())
    return {};
  auto& alloc = input.GetAllocator();
  for (const auto& field : fields->GetObject()) {
    const auto* preset = find_member(field.value, "default");
    if (preset != nullptr && !input.HasMember(field.name))
      input.AddMember(json_value{field.name, alloc}, json_value{*preset, alloc},
                      alloc);
  }
  auto problem = check_required(schema, input);
  if (problem.empty())
    problem = check_unknown(schema, *fields, input);
  for (const auto& field : fields->GetObject()) {
    const auto* x = find_member(input, field.name.GetString());
    if (!problem.empty() || x == nullptr)
      continue;
    const auto wrong = check_field(field.value, *x);
    if (!wrong.empty())
      problem = std::string{"Field input."} + field.name.GetString() + wrong;
  }
  return problem;
}

} // namespace orc::emulator
