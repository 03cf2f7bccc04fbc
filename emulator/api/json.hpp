#pragma once

#include <rapidjson/document.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace orc::emulator {

using json_value = rapidjson::Value;
using json_document = rapidjson::Document;

/// Lets RapidJSON write into a string.
struct string_sink {
  using Ch = char;

  void Put(char c) {
    text.push_back(c);
  }

  void Flush() {
    // nop
  }

  std::string text;
};

/// Writes one JSON value: `w.object().member("id", id).end_object()`. Whoever
/// calls it keeps objects and arrays balanced.
class json_writer {
public:
  json_writer() : out_(sink_) {
    // nop
  }

  json_writer& object();
  json_writer& end_object();
  json_writer& array();
  json_writer& end_array();
  json_writer& key(std::string_view name);
  json_writer& null();

  json_writer& value(std::string_view text);
  json_writer& value(const char* text);
  json_writer& value(bool x);
  json_writer& value(double x);
  json_writer& value(const json_value& x);

  template <std::integral T>
  json_writer& value(T x) {
    out_.Int64(static_cast<std::int64_t>(x));
    return *this;
  }

  /// Inserts JSON text as it is.
  json_writer& raw(std::string_view json);

  template <class T>
  json_writer& member(std::string_view name, const T& x) {
    return key(name).value(x);
  }

  json_writer& raw_member(std::string_view name, std::string_view json) {
    return key(name).raw(json);
  }

  const std::string& str() const noexcept {
    return sink_.text;
  }

  /// Moves the text out; the writer is done.
  std::string take() {
    return std::move(sink_.text);
  }

private:
  string_sink sink_;
  rapidjson::Writer<string_sink> out_;
};

/// Parses JSON text.
/// @returns false, and in `error` what is wrong and where, if it is none.
bool parse_json(std::string_view text, json_document& result,
                std::string* error = nullptr);

/// @returns the compact text of a value.
std::string to_text(const json_value& x);

/// @returns the member called `name`, or null if there is none (or `object` is
/// no object).
const json_value* find_member(const json_value& object, std::string_view name);

/// @returns the string member called `name`, or `fallback`.
std::string string_member(const json_value& object, std::string_view name,
                          std::string_view fallback = {});

/// @returns the number member called `name`, or `fallback`.
double number_member(const json_value& object, std::string_view name,
                     double fallback = 0);

/// @returns the bool member called `name`, or `fallback`.
bool bool_member(const json_value& object, std::string_view name,
                 bool fallback = false);

} // namespace orc::emulator
