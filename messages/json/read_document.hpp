#pragma once

#include <rapidjson/document.h>
#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace orc::json {

/// Why a text is no JSON, and at which byte that shows.
struct syntax_problem {
  std::size_t offset;
  const char* what;
};

/// @returns the number that is written there, or nothing if it is too large.
inline std::optional<double> read_real(std::string_view text) {
  double x = 0;
  auto [end, error] = std::from_chars(text.begin(), text.end(), x);
  // from_chars does not tell what is too small from what is too large.
  if (error != std::errc{})
    x = std::strtod(std::string{text}.c_str(), nullptr);
  return std::isfinite(x) ? std::optional{x} : std::nullopt;
}

/// @returns what a reader says that was stopped because a number is too large,
///          or that stopped by itself.
inline const char* explain(rapidjson::ParseErrorCode code) {
  return rapidjson::GetParseError_En(code == rapidjson::kParseErrorTermination
                                       ? rapidjson::kParseErrorNumberTooBig
                                       : code);
}

namespace detail {

/// Builds a document; reads its numbers itself. RapidJSON 1.1.0 reads beyond a
/// table where the digits and the exponent of a number are too much only
/// together: `100000000000000000000.0e300`. Found by fuzzing.
template <class Document>
class document_builder
  : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>,
                                        document_builder<Document>> {
public:
  explicit document_builder(Document& x) : document_{x} {
    // nop
  }

  bool Null() {
    return document_.Null();
  }

  bool Bool(bool x) {
    return document_.Bool(x);
  }

  bool RawNumber(const char* x, rapidjson::SizeType size, bool) {
    auto text = std::string_view{x, size};
    if (text.find_first_of(".eE") != std::string_view::npos)
      return real(text);
    if (auto n = parsed<std::int64_t>(text))
      return document_.Int64(*n);
    if (auto n = parsed<std::uint64_t>(text))
      return document_.Uint64(*n);
    return real(text);
  }

  bool String(const char* x, rapidjson::SizeType size, bool copy) {
    return document_.String(x, size, copy);
  }

  bool Key(const char* x, rapidjson::SizeType size, bool copy) {
    return document_.Key(x, size, copy);
  }

  bool StartObject() {
    return document_.StartObject();
  }

  bool EndObject(rapidjson::SizeType count) {
    return document_.EndObject(count);
  }

  bool StartArray() {
    return document_.StartArray();
  }

  bool EndArray(rapidjson::SizeType count) {
    return document_.EndArray(count);
  }

private:
  template <class T>
  static std::optional<T> parsed(std::string_view text) {
    T x{};
    auto [end, error] = std::from_chars(text.begin(), text.end(), x);
    return error == std::errc{} ? std::optional{x} : std::nullopt;
  }

  bool real(std::string_view text) {
    auto x = read_real(text);
    return x && document_.Double(*x);
  }

  Document& document_;
};

} // namespace detail

/// Reads one JSON document: of any depth, UTF-8 only, numbers exactly.
/// @returns nothing, or what is wrong with `text`; `result` is then unchanged.
template <class Document>
std::optional<syntax_problem>
read_document(std::string_view text, Document& result) {
  // Iterative: a document of a million brackets must not overflow the stack.
  constexpr auto flags = rapidjson::kParseIterativeFlag
                         | rapidjson::kParseValidateEncodingFlag
                         | rapidjson::kParseNumbersAsStringsFlag;
  std::optional<syntax_problem> problem;
  auto generate = [&](Document& document) {
    detail::document_builder<Document> builder{document};
    rapidjson::MemoryStream in{text.data(), text.size()};
    rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream>
      decoded{in};
    rapidjson::Reader reader;
    auto outcome = reader.Parse<flags>(decoded, builder);
    if (!outcome)
      problem = {outcome.Offset(), explain(outcome.Code())};
    return !problem;
  };
  result.Populate(generate);
  return problem;
}

} // namespace orc::json
