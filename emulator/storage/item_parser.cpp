#include "emulator/storage/item_parser.hpp"

#include "emulator/api/context.hpp"
#include "emulator/api/json.hpp"
#include "emulator/storage/item_store.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace orc::emulator {

namespace {

using rapidjson::SizeType;

/// Follows a parse: copies it without white space and notes where the items
/// begin and end.
class item_handler {
public:
  item_handler() : out_(sink_) {
    sink_.text.clear();
  }

  bool Null() {
    return scalar() && out_.Null();
  }

  bool Bool(bool x) {
    return scalar() && out_.Bool(x);
  }

  bool RawNumber(const char* text, SizeType size, bool) {
    return scalar() && out_.RawValue(text, size, rapidjson::kNumberType);
  }

  bool String(const char* text, SizeType size, bool) {
    return scalar() && out_.String(text, size);
  }

  bool Key(const char* text, SizeType size, bool) {
    if (depth_ == 1)
      (size > 0 && text[0] == '#' ? hidden_ : shown_) = true;
    return out_.Key(text, size);
  }

  bool StartObject() {
    if (depth_++ == 0)
      begin_item();
    return out_.StartObject();
  }

  bool EndObject(SizeType) {
    if (!out_.EndObject())
      return false;
    if (--depth_ == 0)
      end_item();
    return true;
  }

  bool StartArray() {
    if (depth_ > 0)
      return ++depth_, out_.StartArray();
    if (in_array_)
      return scalar();
    in_array_ = true;
    return true;
  }

  bool EndArray(SizeType) {
    if (depth_ == 0)
      return true;
    --depth_;
    return out_.EndArray();
  }

  // The rest is never called while numbers are parsed as text.

  bool Int(int) {
    return false;
  }

  bool Uint(unsigned) {
    return false;
  }

  bool Int64(std::int64_t) {
    return false;
  }

  bool Uint64(std::uint64_t) {
    return false;
  }

  bool Double(double) {
    return false;
  }

  parsed_items take() {
    return {std::move(sink_.text), std::move(items_)};
  }

  /// @returns whether the parse stopped at an item that is no object.
  bool refused() const noexcept {
    return refused_;
  }

  std::size_t count() const noexcept {
    return items_.size();
  }

private:
  bool scalar() {
    refused_ = depth_ == 0;
    return !refused_;
  }

  void begin_item() {
    hidden_ = shown_ = false;
    begin_ = sink_.text.size();
    out_.Reset(sink_);
  }

  void end_item() {
    auto flags = std::uint8_t{plain_item};
    if (hidden_)
      flags = item_with_hidden | (shown_ ? plain_item : hidden_only_item);
    else if (!shown_)
      flags = empty_item;
    items_.push_back({begin_, sink_.text.size() - begin_, flags});
  }

  string_sink sink_;
  rapidjson::Writer<string_sink> out_;
  std::vector<parsed_items::item> items_;
  std::size_t begin_ = 0;
  int depth_ = 0;
  bool in_array_ = false;
  bool hidden_ = false;
  bool shown_ = false;
  bool refused_ = false;
};

} // namespace

parsed_items parse_items(std::string_view json) {
  auto handler = item_handler{};
  auto stream = rapidjson::MemoryStream{json.data(), json.size()};
  auto reader = rapidjson::Reader{};
  const auto ok
    = reader.Parse<rapidjson::kParseNumbersAsStringsFlag
                   | rapidjson::kParseIterativeFlag
                   | rapidjson::kParseValidateEncodingFlag>(stream, handler);
  if (handler.refused())
    throw api_error{400, "invalid-input",
                    "Item " + std::to_string(handler.count())
                      + " is not an object: only objects can be stored in a "
                        "dataset."};
  if (!ok)
    throw api_error{400, "invalid-input",
                    std::string{"The request body is not valid JSON: "}
                      + rapidjson::GetParseError_En(ok.Code()) + " (at byte "
                      + std::to_string(ok.Offset()) + ")"};
  return handler.take();
}

} // namespace orc::emulator
