#include "transport/server/verbs.hpp"

#include "messages/base/error.hpp"
#include "messages/json/raw_object.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace orc::server {

namespace {

constexpr std::string_view wait_parameter = "waitSecs";

/// What a verb that waits waits for unless told otherwise, in seconds.
constexpr std::string_view default_wait = "60";

bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}

bool replace_end(std::string& x, std::string_view end, std::string_view by) {
  if (!x.ends_with(end))
    return false;
  x.replace(x.size() - end.size(), end.size(), by);
  return true;
}

/// @returns `batch` of `batches`.
std::string singular(std::string x) {
  if (x.ends_with("ss") || replace_end(x, "ies", "y")
      || replace_end(x, "ches", "ch"))
    return x;
  replace_end(x, "s", "");
  return x;
}

/// @returns `task-group` of `TaskGroup`.
std::string in_kebab(std::string_view camel) {
  std::string result;
  for (auto c : camel) {
    if (is_upper(c) && !result.empty())
      result += '-';
    result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

bool has_query(const route& x, std::string_view name) {
  return std::any_of(x.parameters.begin(), x.parameters.end(),
                     [=](const parameter& y) {
                       return y.in == place::query && y.name == name;
                     });
}

/// @returns the verb that waits, if the route has one: `run.wait`.
std::optional<std::string> waiting_verb(const route& x) {
  auto verb = verb_of(x);
  if (!has_query(x, wait_parameter) || !replace_end(verb, ".get", ".wait"))
    return std::nullopt;
  return verb;
}

std::string endless_text(const route& x) {
  if (!x.instead.empty())
    return std::string{x.instead};
  for (const auto& answer : x.answers)
    if (answer.media_type == "text/event-stream")
      return "it streams without end: use HTTP";
  return {};
}

/// Operations that POST, and do nothing more if they are done again: what they
/// make is named, or named after the key, or noted under it. What is left takes
/// a limit back, which done again takes back that.
constexpr std::array<std::string_view, 39> repeatable_posts{
  "abortBatch",
  "abortRun",
  "abortRuns",
  "acquireTask",
  "bootstrapNow",
  "cancelBatch",
  "cleanNow",
  "createOperator",
  "createSchedule",
  "createTask",
  "createTaskGroup",
  "examineTask",
  "executeTask",
  "extendLease",
  "getChannelLoads",
  "loseWorker",
  "pauseBatch",
  "pauseSchedule",
  "pauseTaskGroup",
  "pluckTask",
  "redriveBatch",
  "redriveDeadTasks",
  "redriveDeliveries",
  "releaseTask",
  "resetTask",
  "resetTaskGroup",
  "resumeBatch",
  "resumeSchedule",
  "resumeTaskGroup",
  "retryBatch",
  "retryTask",
  "retryTaskGroup",
  "runSchedule",
  "setBatchParallelism",
  "split",
  "startBatch",
  "submitBatch",
  "submitRuns",
  "syncNow"};

bool repeats(const route& x) {
  return x.method != "POST"
         || std::find(repeatable_posts.begin(), repeatable_posts.end(), x.id)
              != repeatable_posts.end();
}

struct target {
  const route* found = nullptr;
  bool waits = false;
};

caf::expected<target> find_verb(std::string_view verb) {
  for (const auto& x : all_routes()) {
    if (verb_of(x) == verb && !verb.empty())
      return target{&x, false};
    if (waiting_verb(x) == verb)
      return target{&x, true};
  }
  return make_error(ec::not_found,
                    fmt::format("there is no verb `{}`: /openapi.json names "
                                "them all in x-bus-verb",
                                verb));
}

/// @returns a member as it stands in a query, nothing if it is null.
caf::expected<std::optional<std::string>>
query_text(raw_object& members, const std::string& name) {
  auto raw = members.raw(name);
  if (raw == "null")
    return std::optional<std::string>{};
  if (raw.starts_with('"'))
    return std::optional{members.text(name).value_or("")};
  if (raw.starts_with('{'))
    return make_error(ec::bad_field,
                      fmt::format("{}: must be a string, a number, a flag or "
                                  "an array of them",
                                  name));
  if (!raw.starts_with('['))
    return std::optional{std::string{raw}};
  auto parts = members.texts(name).value_or(std::vector<std::string>{});
  if (members.problem())
    return members.problem();
  return std::optional{fmt::format("{}", fmt::join(parts, ","))};
}

/// Sorts the members of a command into path, query and body.
class sorter {
public:
  sorter(const target& where, raw_object members)
    : to_{where}, members_{std::move(members)} {
    // nop
  }

  caf::expected<verb_request> run() {
    result_.where.found = to_.found;
    for (const auto& name : members_.names())
      if (auto err = take(name))
        return err;
    if (auto err = check_path())
      return err;
    if (to_.waits && !members_.has(wait_parameter))
      query_.add(wait_parameter, default_wait);
    finish();
    return std::move(result_);
  }

private:
  const parameter* find(std::string_view name) const {
    const auto& known = to_.found->parameters;
    auto i = std::find_if(known.begin(), known.end(), [=](const parameter& x) {
      return x.name == name && x.in != place::header;
    });
    return i != known.end() ? &*i : nullptr;
  }

  /// What the route does not know goes where HTTP would refuse it.
  bool takes_body() const {
    return to_.found->body
           || (to_.found->speaks == dialect::crew
               && to_.found->method != "GET");
  }

  caf::error take(const std::string& name) {
    const auto* known = find(name);
    if (!known && takes_body()) {
      body_.append(body_.empty() ? "" : ",")
        .append(fmt::format("{}:{}", json_quote(name), members_.raw(name)));
      return {};
    }
    auto text = query_text(members_, name);
    if (!text)
      return std::move(text.error());
    if (!*text)
      return {};
    if (known && known->in == place::path)
      result_.where.values.emplace(name, std::move(**text));
    else
      query_.add(name, **text);
    return {};
  }

  caf::error check_path() const {
    for (const auto& x : to_.found->parameters)
      if (x.in == place::path && !result_.where.values.contains(x.name))
        return make_error(ec::bad_field,
                          fmt::format("{}: is missing: it stands in the path "
                                      "of this verb, {}",
                                      x.name, to_.found->path));
    return {};
  }

  void finish() {
    auto& request = result_.request;
    request.method = to_.found->method;
    request.target = std::string{to_.found->path} + query_.str();
    result_.query = query_.str().empty() ? "" : query_.str().substr(1);
    if (!takes_body())
      return;
    request.headers.set("Content-Type", "application/json");
    request.body = "{" + body_ + "}";
  }

  target to_;
  raw_object members_;
  verb_request result_;
  http::query_builder query_;
  std::string body_;
};

bool is_array(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '[';
}

/// An array is the body, and nothing else.
caf::expected<verb_request>
request_of_array(const target& where, const json_text& body) {
  auto result = sorter{where, *raw_object::read("")}.run();
  if (result)
    result->request.body = body.view();
  return result;
}

caf::expected<verb_request>
with_key(caf::expected<verb_request> made, const std::string& key) {
  if (made && !key.empty())
    made->request.headers.set("Idempotency-Key", key);
  return made;
}

} // namespace

std::string verb_of(const route& x) {
  if (!x.verb.empty())
    return x.verb == "-" ? "" : std::string{x.verb};
  auto noun = std::find_if(x.id.begin(), x.id.end(), is_upper);
  auto verb = std::string{x.id.begin(), noun};
  if (noun == x.id.end())
    return "service." + verb;
  auto camel = std::string_view{noun, x.id.end()};
  // A group is always one of tasks.
  if (camel.starts_with("TaskGroup"))
    camel.remove_prefix(4);
  return singular(in_kebab(camel)) + "." + verb;
}

std::vector<api_verb> all_verbs() {
  std::vector<api_verb> result;
  auto add = [&](std::string verb, const route& x) {
    result.push_back({std::move(verb), std::string{x.method},
                      std::string{x.path}, std::string{x.doc}, endless_text(x),
                      repeats(x)});
  };
  for (const auto& x : all_routes()) {
    if (auto verb = verb_of(x); !verb.empty())
      add(verb, x);
    if (auto verb = waiting_verb(x))
      add(*verb, x);
  }
  return result;
}

caf::expected<verb_request> make_request(const call_api& x) {
  auto where = find_verb(x.verb);
  if (!where)
    return std::move(where.error());
  if (auto text = endless_text(*where->found); !text.empty())
    return make_error(ec::bad_field, fmt::format("{}: {}", x.verb, text));
  if (is_array(x.body.view()))
    return with_key(request_of_array(*where, x.body), x.key);
  auto members = raw_object::read(x.body.view());
  if (!members)
    return std::move(members.error());
  if (members->raw("follow") == "true")
    return make_error(ec::bad_field,
                      "follow: a command has one answer, so it cannot follow: "
                      "ask again with the last `cursor`, or use HTTP");
  return with_key(sorter{*where, std::move(*members)}.run(), x.key);
}

} // namespace orc::server
