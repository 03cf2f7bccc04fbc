#include "transport/server/openapi.hpp"

#include "messages/http_api.hpp"
#include "transport/server/verbs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <utility>

namespace orc::server {

namespace {

constexpr std::array<const char*, 3> places{"path", "query", "header"};

std::string render_parameter(const parameter& x) {
  return fmt::format(
    R"({{"name":{},"in":"{}","required":{},"schema":{},"description":{}}})",
    json_quote(x.name), places.at(static_cast<std::size_t>(x.in)),
    x.in == place::path, x.schema, json_quote(x.doc));
}

std::string render_content(std::string_view media_type, std::string schema) {
  return fmt::format(R"("content":{{{}:{{"schema":{}}}}})",
                     json_quote(media_type), schema);
}

/// @returns the schema of a body; where runs are submitted, one or an array.
std::string
body_schema(schema_book& book, const route& x, schema_maker schema) {
  auto one = schema(book);
  if (x.id != "submitRuns")
    return one;
  return fmt::format(R"({{"oneOf":[{},{{"type":"array","items":{}}}]}})", one,
                     one);
}

std::string render_answers(schema_book& book, const route& x) {
  std::string result;
  for (const auto& answer : x.answers) {
    auto content = answer.schema
                     ? ","
                         + render_content(answer.media_type,
                                          body_schema(book, x, answer.schema))
                     : std::string{};
    result += fmt::format(R"("{}":{{"description":{}{}}},)", answer.status,
                          json_quote(answer.doc), content);
  }
  return result
         + fmt::format(R"("default":{{"description":"What is wrong.",{}}})",
                       render_content("application/json",
                                      book.schema_of<error_answer>()));
}

/// @returns what it is called on the bus.
std::string render_verb(const route& x) {
  auto verb = verb_of(x);
  return verb.empty() ? "" : fmt::format(R"("x-bus-verb":"{}",)", verb);
}

std::string render_operation(schema_book& book, const route& x) {
  std::string parameters;
  for (const auto& parameter : x.parameters)
    parameters.append(parameters.empty() ? "" : ",")
      .append(render_parameter(parameter));
  auto body = x.body ? fmt::format(R"("requestBody":{{"required":{},{}}},)",
                                   x.id != "abortRun",
                                   render_content("application/json",
                                                  body_schema(book, x, x.body)))
                     : std::string{};
  auto method = std::string{x.method};
  for (auto& c : method)
    c = static_cast<char>(std::tolower(c));
  return fmt::format(
    R"("{}":{{"operationId":"{}","tags":["{}"],{}"description":{},"parameters":[{}],{}{}"responses":{{{}}}}})",
    method, x.id, x.part, render_verb(x), json_quote(x.doc), parameters, body,
    x.open ? R"("security":[],)" : "", render_answers(book, x));
}

/// @returns the parts of the reference, in the order of their routes.
std::string render_tags(const std::vector<route>& routes) {
  std::string result;
  std::string_view last;
  for (const auto& x : routes)
    if (x.part != std::exchange(last, x.part))
      result.append(result.empty() ? "" : ",")
        .append(fmt::format(R"({{"name":"{}"}})", x.part));
  return result;
}

std::string join_members(const std::map<std::string, std::string>& xs) {
  std::string result;
  for (const auto& [name, value] : xs)
    result.append(result.empty() ? "" : ",")
      .append(fmt::format("{}:{}", json_quote(name), value));
  return result;
}

/// @returns the operations of each path, in braces.
std::map<std::string, std::string>
render_paths(schema_book& book, const std::vector<route>& routes) {
  std::map<std::string, std::string> result;
  for (const auto& x : routes) {
    auto& path = result[std::string{x.path}];
    path.append(path.empty() ? "" : ",").append(render_operation(book, x));
  }
  for (auto& [path, operations] : result)
    operations = "{" + operations + "}";
  return result;
}

constexpr auto preamble
  = R"("openapi":"3.1.0","info":{"title":"Apify Orchestrator",)"
    R"("version":")" ORC_VERSION R"(","description":"Runs Apify Actors inside )"
    R"(the memory and run slots you have, none lost, none started twice."},)"
    R"("security":[{},{"token":[]}])";

constexpr auto security_schemes
  = R"({"token":{"type":"http","scheme":"bearer"}})";

} // namespace

std::string annotate(std::string schema, presence need, std::string_view unit,
                     std::string_view doc) {
  auto text
    = unit.empty() ? std::string{doc} : fmt::format("{} [{}]", doc, unit);
  if (need == presence::nullable)
    return fmt::format(R"({{"anyOf":[{},{{"type":"null"}}],"description":{}}})",
                       schema, json_quote(text));
  // What the schema says for itself is replaced.
  if (schema.starts_with(R"({"description")"))
    return fmt::format(R"({{"description":{}}})", json_quote(text));
  schema.pop_back();
  return fmt::format(R"({},"description":{}}})", schema, json_quote(text));
}

std::string render_openapi(const std::vector<route>& routes) {
  schema_book book;
  auto paths = render_paths(book, routes);
  return fmt::format(
    R"({{{},"tags":[{}],"paths":{{{}}},"components":{{"schemas":{{{}}},"securitySchemes":{}}}}})",
    preamble, render_tags(routes), join_members(paths),
    join_members(book.named()), security_schemes);
}

} // namespace orc::server
