#include "messages/walk/spec_help.hpp"

#include "messages/base/error.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

namespace orc {

namespace {

/// A kind, and the members that it cannot do without.
struct kind_needs {
  std::string_view kind;
  std::string_view needs;
};

using kinds = std::vector<kind_needs>;

/// A member that has a kind.
struct kind_member {
  std::string_view name;
  std::string_view what;
  std::string_view example;
  kinds known;
};

const kind_needs by_command{"command", "command"};
const kind_needs by_http{"http", "url or urlEnv"};
const kind_needs by_class{"class", "name"};

kind_member source_member() {
  return {"source",
          "where the items come from",
          R"({"kind":"ndjson","path":"rows.ndjson"})",
          {{"ndjson", "path"},
           {"csv", "path"},
           {"json", "path"},
           {"sqlite", "path, and query, or table and key"},
           {"postgres", "url or urlEnv, and query, or table and key"},
           {"http", "url or urlEnv"},
           {"dataset", "datasetId or run"},
           {"processor", "nothing: the processor fetches its pages itself"}}};
}

kind_member processor_member() {
  return {"processor",
          "who does the pages",
          R"({"kind":"command","command":["python3","page.py"]})",
          {by_command,
           by_http,
           {"task", "channel"},
           {"run", "actor or task"},
           by_class}};
}

/// Trackers and last steps.
kind_member teller_member(std::string_view name, std::string_view what) {
  return {name,
          what,
          R"({"kind":"command","command":["python3","told.py"]})",
          {by_command, by_http, by_class}};
}

caf::error wrong(std::string_view where, std::string_view what) {
  return make_error(ec::bad_field, fmt::format("{}: {}", where, what));
}

/// @returns `such as EXAMPLE; kinds are A (what it needs), B (…)`.
std::string advice(const kind_member& x) {
  auto result = fmt::format("such as {}; kinds are ", x.example);
  for (const auto& one : x.known)
    result += fmt::format("{}{} ({})", &one == &x.known.front() ? "" : ", ",
                          one.kind, one.needs);
  return result;
}

caf::error check_kind(std::string_view text, const kind_member& x) {
  if (text.empty())
    return wrong(x.name, fmt::format("is missing: {}, {}", x.what, advice(x)));
  auto in = raw_object::read(text);
  if (!text.starts_with('{') || !in)
    return wrong(x.name,
                 fmt::format("must be an object: {}, {}", x.what, advice(x)));
  auto where = fmt::format("{}.kind", x.name);
  if (!in->has("kind"))
    return wrong(where, "is missing: " + advice(x));
  auto kind = from_json<std::string>(in->raw("kind"));
  if (kind && std::any_of(x.known.begin(), x.known.end(), [&](const auto& y) {
        return y.kind == *kind;
      }))
    return {};
  return wrong(where,
               fmt::format("there is no {}; {}", in->raw("kind"), advice(x)));
}

} // namespace

caf::error check_outline(std::string_view spec) {
  auto in = raw_object::read(spec);
  if (!in)
    return {};
  if (!in->has("name"))
    return wrong("name", "is missing: what the batch is called; the same name "
                         "again joins it");
  for (const auto& x : {source_member(), processor_member()})
    if (auto err = check_kind(in->raw(x.name), x))
      return err;
  for (const auto& x :
       {teller_member("tracker", "who is told how the batch stands"),
        teller_member("reduce", "who does the last step")})
    if (auto raw = in->raw(x.name); !raw.empty() && raw != "null")
      if (auto err = check_kind(raw, x))
        return err;
  return {};
}

} // namespace orc
