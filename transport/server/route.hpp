#pragma once

#include "transport/server/schema.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orc::server {

class call;

using call_ptr = std::shared_ptr<call>;

enum class place : std::uint8_t { path, query, header };

/// A parameter of a route. A query parameter that is not in the list of its
/// route is refused by name.
struct parameter {
  std::string_view name;
  place in = place::query;
  /// JSON schema.
  std::string_view schema;
  std::string_view doc;
};

/// Adds the schema of a body to the document that describes the API.
using schema_maker = std::string (*)(schema_book&);

template <class T>
std::string schema_for(schema_book& book) {
  return book.schema_of<T>();
}

/// Whose clients a route is for.
enum class dialect : std::uint8_t {
  /// Errors are `{"error":{"type","message"}}`, unknown parameters are refused.
  own,
  /// Crew's: errors are `{"message"}`, unknown parameters are ignored, and web
  /// pages of other origins may use it.
  crew,
};

struct answer {
  int status = 200;
  std::string_view doc;
  /// None: the body is no JSON.
  schema_maker schema = nullptr;
  std::string_view media_type = "application/json";
};

/// One operation of the API, described once: the router, the check of
/// parameters and the OpenAPI document are made from it.
struct route {
  std::string_view method;
  /// Segments in braces stand for anything: `/api/v1/runs/{name}`.
  std::string_view path;
  std::string_view id;
  std::string_view doc;
  std::vector<parameter> parameters;
  schema_maker body = nullptr;
  std::vector<answer> answers;
  void (*handle)(const call_ptr&) = nullptr;
  /// Needs no token.
  bool open = false;
  dialect speaks = dialect::own;
  /// What it is called where there is no HTTP, such as `run.submit`. Empty:
  /// made of `id`, see `verb_of`; `-`: nothing, since it is for browsers only.
  std::string_view verb = {};
  /// Its answer never ends: what those use in its place who get one answer.
  std::string_view instead = {};
  /// With which others it stands in the reference; set by `all_routes`.
  std::string_view part = {};
};

/// All routes of the API.
const std::vector<route>& all_routes();

} // namespace orc::server
