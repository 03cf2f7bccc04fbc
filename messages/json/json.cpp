#include "messages/json/codec.hpp"
#include "messages/json/read_document.hpp"

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace orc::json {

namespace {

/// @returns `x` as JSON, cut so that it fits an error message.
std::string excerpt(const rapidjson::Value& x) {
  if (x.IsObject())
    return "an object";
  if (x.IsArray())
    return "an array";
  rapidjson::StringBuffer buffer;
  writer out{buffer};
  x.Accept(out);
  auto text = std::string{buffer.GetString(), buffer.GetSize()};
  return text.size() > 60 ? text.substr(0, 57) + "..." : text;
}

/// @returns how many letters differ between two words, roughly.
std::size_t edit_distance(std::string_view x, std::string_view y) {
  std::vector<std::size_t> row(y.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < x.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < y.size(); ++j) {
      auto substituted = diagonal + (x[i] == y[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
    }
  }
  return row.back();
}

caf::error bad_field(const path& where, std::string_view problem) {
  auto name = where.str();
  return make_error(ec::bad_field,
                    fmt::format("{}: {}", name.empty() ? "document" : name,
                                problem));
}

caf::error
syntax_error(std::string_view text, std::size_t offset, const char* problem) {
  auto before = text.substr(0, std::min(offset, text.size()));
  auto line = std::count(before.begin(), before.end(), '\n') + 1;
  auto last_break = before.rfind('\n');
  auto column = last_break == std::string_view::npos
                  ? before.size() + 1
                  : before.size() - last_break;
  return make_error(ec::bad_json, fmt::format("line {}, column {}: {}", line,
                                              column, problem));
}

} // namespace

void put(writer& out, std::string_view x) {
  out.String(x.data(), static_cast<rapidjson::SizeType>(x.size()));
}

void put(writer& out, const json_text& x) {
  if (x.empty())
    out.Null();
  else
    out.RawValue(x.view().data(), x.view().size(), rapidjson::kObjectType);
}

void put(writer& out, double x) {
  // Most readers speak JavaScript, which knows no 1.0 but 1.
  if (x == std::floor(x) && std::abs(x) < 9e15)
    out.Int64(static_cast<std::int64_t>(x));
  else
    out.Double(x);
}

std::string path::str() const {
  if (!parent_)
    return {};
  auto prefix = parent_->str();
  if (field_.empty())
    return fmt::format("{}[{}]", prefix, index_);
  return prefix.empty() ? std::string{field_}
                        : fmt::format("{}.{}", prefix, field_);
}

caf::error
must_be(const path& where, std::string_view what, const rapidjson::Value& got) {
  return bad_field(where,
                   fmt::format("must be {}, not {}", what, excerpt(got)));
}

caf::error is_missing(const path& where, std::string_view field) {
  return bad_field(path{&where, field}, "is missing");
}

caf::error is_unknown(const path& where, std::string_view field,
                      const std::vector<std::string_view>& known) {
  auto best = std::min_element(known.begin(), known.end(), [&](auto x, auto y) {
    return edit_distance(x, field) < edit_distance(y, field);
  });
  auto near = best != known.end()
              && edit_distance(*best, field) <= 1 + field.size() / 4;
  auto hint = near ? fmt::format("; did you mean `{}`?", *best)
                   : fmt::format("; known are {}", fmt::join(known, ", "));
  return bad_field(path{&where, field}, "is no known field" + hint);
}

caf::error take(const rapidjson::Value& in, std::string& x, const path& where) {
  if (!in.IsString())
    return must_be(where, "a string", in);
  x.assign(in.GetString(), in.GetStringLength());
  return {};
}

caf::error take(const rapidjson::Value& in, bool& x, const path& where) {
  if (!in.IsBool())
    return must_be(where, "true or false", in);
  x = in.GetBool();
  return {};
}

caf::error take(const rapidjson::Value& in, double& x, const path& where) {
  if (!in.IsNumber())
    return must_be(where, "a number", in);
  x = in.GetDouble();
  return {};
}

caf::error take(const rapidjson::Value& in, timestamp& x, const path& where) {
  if (in.IsString())
    if (auto at = parse_timestamp({in.GetString(), in.GetStringLength()})) {
      x = *at;
      return {};
    }
  return must_be(where, "a time such as 2026-11-22T17:33:05.120Z", in);
}

caf::error take(const rapidjson::Value& in, secret& x, const path& where) {
  // Never quotes what it got: it may be a token in the wrong shape.
  if (!in.IsString())
    return bad_field(where, "must be a string");
  x = secret{{in.GetString(), in.GetStringLength()}};
  return {};
}

caf::error take(const rapidjson::Value& in, json_text& x, const path&) {
  rapidjson::StringBuffer buffer;
  writer out{buffer};
  in.Accept(out);
  x = json_text{{buffer.GetString(), buffer.GetSize()}};
  return {};
}

caf::error take(const rapidjson::Value& in, mebibytes& x, const path& where) {
  return take_integer(in, x.count, where);
}

caf::error parse(std::string_view text, rapidjson::Document& result) {
  if (auto problem = read_document(text, result))
    return syntax_error(text, problem->offset, problem->what);
  return {};
}

} // namespace orc::json

namespace orc {

namespace {

/// Passes tokens on to a writer, numbers as they were written.
struct minifier : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, minifier> {
  explicit minifier(json::writer& x) : out{x} {
    // nop
  }

  bool Null() {
    return out.Null();
  }

  bool Bool(bool x) {
    return out.Bool(x);
  }

  bool RawNumber(const char* x, rapidjson::SizeType size, bool) {
    // What is passed on can be read.
    return json::read_real({x, size})
           && out.RawValue(x, size, rapidjson::kNumberType);
  }

  bool String(const char* x, rapidjson::SizeType size, bool) {
    return out.String(x, size);
  }

  bool Key(const char* x, rapidjson::SizeType size, bool) {
    return out.Key(x, size);
  }

  bool StartObject() {
    return out.StartObject();
  }

  bool EndObject(rapidjson::SizeType count) {
    return out.EndObject(count);
  }

  bool StartArray() {
    return out.StartArray();
  }

  bool EndArray(rapidjson::SizeType count) {
    return out.EndArray(count);
  }

  json::writer& out;
};

} // namespace

caf::expected<std::string> minify_json(std::string_view text) {
  rapidjson::StringBuffer buffer;
  json::writer out{buffer};
  minifier handler{out};
  rapidjson::MemoryStream in{text.data(), text.size()};
  rapidjson::Reader reader;
  constexpr auto flags = rapidjson::kParseIterativeFlag
                         | rapidjson::kParseValidateEncodingFlag
                         | rapidjson::kParseNumbersAsStringsFlag;
  if (!reader.Parse<flags>(in, handler))
    return json::syntax_error(text, reader.GetErrorOffset(),
                              json::explain(reader.GetParseErrorCode()));
  return std::string{buffer.GetString(), buffer.GetSize()};
}

bool json_contains(std::string_view whole, std::string_view part) {
  rapidjson::Document dw;
  rapidjson::Document dp;
  if (json::read_document(whole, dw) || json::read_document(part, dp))
    return false;
  // RapidJSON finds only the first of two fields with one name.
  if (minify_json(whole) == minify_json(part))
    return true;
  if (!dw.IsObject() || !dp.IsObject())
    return dw == dp;
  return std::all_of(dp.MemberBegin(), dp.MemberEnd(), [&](const auto& x) {
    auto same = dw.FindMember(x.name);
    return same != dw.MemberEnd() && same->value == x.value;
  });
}

std::string json_quote(std::string_view text) {
  rapidjson::StringBuffer buffer;
  json::writer out{buffer};
  json::put(out, text);
  return {buffer.GetString(), buffer.GetSize()};
}

} // namespace orc
