#include "emulator/api/json.hpp"

#include "messages/json/read_document.hpp"

#include <cmath>

namespace orc::emulator {

json_writer& json_writer::object() {
  out_.StartObject();
  return *this;
}

json_writer& json_writer::end_object() {
  out_.EndObject();
  return *this;
}

json_writer& json_writer::array() {
  out_.StartArray();
  return *this;
}

json_writer& json_writer::end_array() {
  out_.EndArray();
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  out_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  return *this;
}

json_writer& json_writer::null() {
  out_.Null();
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  out_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return *this;
}

json_writer& json_writer::value(const char* text) {
  return value(std::string_view{text});
}

json_writer& json_writer::value(bool x) {
  out_.Bool(x);
  return *this;
}

json_writer& json_writer::value(double x) {
  // JavaScript, which speaks to the real platform, knows no 1.0 but 1.
  if (x == std::floor(x) && std::abs(x) < 9e15)
    out_.Int64(static_cast<std::int64_t>(x));
  else
    out_.Double(x);
  return *this;
}

json_writer& json_writer::value(const json_value& x) {
  x.Accept(out_);
  return *this;
}

json_writer& json_writer::raw(std::string_view json) {
  out_.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}

bool parse_json(std::string_view text, json_document& result,
                std::string* error) {
  auto problem = json::read_document(text, result);
  if (!problem)
    return true;
  if (error != nullptr)
    *error = std::string{problem->what} + " (at byte "
             + std::to_string(problem->offset) + ")";
  return false;
}

std::string to_text(const json_value& x) {
  return json_writer{}.value(x).take();
}

const json_value* find_member(const json_value& object, std::string_view name) {
  if (!object.IsObject())
    return nullptr;
  auto key = json_value{
    rapidjson::StringRef(name.data() == nullptr ? "" : name.data(),
                         static_cast<rapidjson::SizeType>(name.size()))};
  auto i = object.FindMember(key);
  return i == object.MemberEnd() ? nullptr : &i->value;
}

std::string string_member(const json_value& object, std::string_view name,
                          std::string_view fallback) {
  const auto* x = find_member(object, name);
  if (x == nullptr || !x->IsString())
    return std::string{fallback};
  return {x->GetString(), x->GetStringLength()};
}

double number_member(const json_value& object, std::string_view name,
                     double fallback) {
  const auto* x = find_member(object, name);
  return x != nullptr && x->IsNumber() ? x->GetDouble() : fallback;
}

bool bool_member(const json_value& object, std::string_view name,
                 bool fallback) {
  const auto* x = find_member(object, name);
  return x != nullptr && x->IsBool() ? x->GetBool() : fallback;
}

} // namespace orc::emulator
