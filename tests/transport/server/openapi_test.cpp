#include "transport/server/http_errors.hpp"
#include "transport/server/openapi.hpp"

#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <cctype>

using namespace orc::server;

namespace {

const rapidjson::Document& document() {
  static const auto result = [] {
    rapidjson::Document x;
    x.Parse(render_openapi(all_routes()));
    return x;
  }();
  return result;
}

const rapidjson::Value* at(const std::string& path) {
  return rapidjson::Pointer{path}.Get(document());
}

/// Calls `f` with each `$ref` below `x`.
template <class F>
void for_each_reference(const rapidjson::Value& x, F f) {
  if (x.IsArray())
    for (const auto& element : x.GetArray())
      for_each_reference(element, f);
  if (!x.IsObject())
    return;
  for (const auto& member : x.GetObject())
    if (member.name == "$ref")
      f(std::string{member.value.GetString()});
    else
      for_each_reference(member.value, f);
}

} // namespace

TEST_CASE("the OpenAPI document is JSON and describes every route") {
  REQUIRE(!document().HasParseError());
  CHECK(std::string{at("/openapi")->GetString()} == "3.1.0");
  for (const auto& x : all_routes()) {
    auto operations = document()["paths"].FindMember(std::string{x.path});
    REQUIRE(operations != document()["paths"].MemberEnd());
    auto method = std::string{x.method};
    for (auto& c : method)
      c = static_cast<char>(std::tolower(c));
    CHECK(operations->value.HasMember(method));
  }
}

TEST_CASE("what answers with an array says so") {
  const auto* channels = at("/paths/~1api~1v1~1channels/get/responses/200/"
                            "content/application~1json/schema/type");
  REQUIRE(channels);
  CHECK(std::string{channels->GetString()} == "array");
}

TEST_CASE("an error repeats what a stranger sent as UTF-8") {
  auto text = render_error("unknown-run", "there is no run \xFC");
  CHECK(text.find('\xFC') == std::string::npos);
  CHECK(text.find("there is no run ") != std::string::npos);
}

TEST_CASE("the OpenAPI document refers only to what it holds") {
  auto count = 0;
  for_each_reference(document(), [&](const std::string& reference) {
    ++count;
    CHECK(at(reference.substr(1)) != nullptr);
  });
  CHECK(count > 20);
}

TEST_CASE("a field tells its type, unit and whether it may be null") {
  auto memory = at("/components/schemas/run/properties/memoryMbytes");
  REQUIRE(memory);
  CHECK(std::string{(*memory)["anyOf"][1]["type"].GetString()} == "null");
  CHECK(std::string{(*memory)["description"].GetString()}.find("[MiB]")
        != std::string::npos);
  auto state = at("/components/schemas/run/properties/state/enum/0");
  REQUIRE(state);
  CHECK(std::string{state->GetString()} == "queued");
}
