#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace orc {

/// One operation of the HTTP API as others call it that speak no HTTP.
struct api_verb {
  /// Such as `run.submit`; parts of lower-case letters, digits and `-`.
  std::string verb;
  std::string method;
  /// Segments in braces are members of the command.
  std::string path;
  std::string doc;
  /// Its answer would never end: such verbs are refused, and this says what to
  /// use in their place. Empty for all others.
  std::string instead;
  /// Called twice, or twice with the same key, it does the same as called once.
  bool repeats = false;

  static constexpr auto fields
    = describe("api_verb", "An operation of the HTTP API.",
               field("verb", &api_verb::verb, "Such as `run.submit`."),
               field("method", &api_verb::method, "Of HTTP."),
               field("path", &api_verb::path, "Of HTTP."),
               field("doc", &api_verb::doc, "What it does."),
               field("instead", &api_verb::instead, "Why it is refused."),
               field("repeats", &api_verb::repeats, "Is it idempotent?"));
};

/// Calls an operation of the HTTP API.
struct call_api {
  std::string verb;
  /// A JSON object whose members are those of the path, of the query and of the
  /// body of the request; or the array that the operation takes. May be empty.
  json_text body;
  /// Called again with the same key, the operation does the same once more, or
  /// nothing. Empty: no key.
  std::string key;
  /// A longer answer becomes an error. In bytes.
  std::uint64_t most_bytes = 0;

  static constexpr auto fields
    = describe("call_api", "Calls an operation of the HTTP API.",
               field("verb", &call_api::verb, "Which."),
               field("body", &call_api::body, "Its members."),
               field("key", &call_api::key, "Makes repeats harmless."),
               field("mostBytes", &call_api::most_bytes, "Of the answer."));
};

/// What HTTP would answer.
struct api_answer {
  /// Of HTTP.
  std::uint32_t status = 0;
  std::string content_type;
  /// JSON, but where the content type says otherwise.
  json_text body;

  static constexpr auto fields
    = describe("api_answer", "What HTTP would answer.",
               field("status", &api_answer::status, "Of HTTP."),
               field("contentType", &api_answer::content_type, "Of the body."),
               field("body", &api_answer::body, "Mostly JSON."));
};

/// The API CALLER interface: the HTTP API without HTTP. Errors are answers with
/// a status from 400 on and the body that HTTP would have; it fails in no other
/// way. Whoever can send to it may do everything.
using api_caller_actor
  = caf::typed_actor<caf::replies_to<call_api>::with<api_answer>>;

} // namespace orc

#define ORC_API_CALL_MESSAGES(X)                                               \
  X(orc::call_api)                                                             \
  X(orc::api_answer)

ORC_API_CALL_MESSAGES(ORC_DECLARE_MESSAGE)
