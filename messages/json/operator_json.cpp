#include "messages/json/operator_json.hpp"

#include "messages/base/error.hpp"
#include "messages/base/percent.hpp"
#include "messages/json/codec.hpp"
#include "messages/json/crew_requests.hpp"
#include "messages/json/raw_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace orc {

template std::string to_json(const task_operator&);
template caf::expected<task_operator> from_json(std::string_view);

namespace {

/// A day: whoever wants more is mistaken.
constexpr double longest_timeout = 86'400'000;

template <class T>
std::string render(const T& x) {
  rapidjson::StringBuffer buffer;
  json::writer out{buffer};
  json::put(out, x);
  return {buffer.GetString(), buffer.GetSize()};
}

/// @returns the text of a value that stands for one: `"x"`, `7`, `true`.
std::string text_of(raw_object& in, const std::string& name) {
  auto raw = in.raw(name);
  return raw.starts_with('"') ? in.text(name).value_or("") : std::string{raw};
}

/// Whether it may be the name of a header.
bool is_token(std::string_view name) {
  constexpr std::string_view signs = "!#$%&'*+-.^_`|~";
  return !name.empty()
         && std::all_of(name.begin(), name.end(), [&](unsigned char c) {
              return c < 0x80
                     && (std::isalnum(c) != 0
                         || signs.find(static_cast<char>(c))
                              != std::string_view::npos);
            });
}

void add_pair(std::string_view name, std::string_view value, std::string& url) {
  url += fmt::format("{}{}={}", url.find('?') == std::string::npos ? "?" : "&",
                     name, percent_encode(value));
}

/// As axios does: an array becomes one parameter `name[]` for each element,
/// and null none.
void add_parameter(raw_object& in, const std::string& name, std::string& url) {
  auto raw = in.raw(name);
  if (raw == "null")
    return;
  if (!raw.starts_with('['))
    return add_pair(percent_encode(name), text_of(in, name), url);
  for (const auto& x : in.texts(name).value_or(std::vector<std::string>{}))
    add_pair(percent_encode(name) + "[]", x, url);
}

caf::expected<raw_object> nested(const raw_object& in, std::string_view name) {
  auto raw = in.raw(name);
  return raw_object::read(raw == "null" ? "" : raw, in.where(name));
}

/// What an operator says went wrong: `error`, else `message`, else the status.
json_text problem_in(const operator_answer& x) {
  if (auto body = raw_object::read(x.body))
    for (auto name : {"error", "message"})
      if (auto said = body->any(name); !said.empty())
        return said;
  return json_text{json_quote(
    x.status == 0
      ? x.problem
      : fmt::format("Request failed with status code {}", x.status))};
}

} // namespace

caf::expected<set_operator> read_operator(std::string_view body) {
  auto in = raw_object::read(body);
  if (!in)
    return std::move(in.error());
  set_operator result;
  result.channel = in->text("channel");
  result.url = in->text("url");
  for (auto [name, to] : {std::pair{"requestConfig", &result.request_config},
                          std::pair{"isPaused", &result.is_paused}})
    if (in->has(name))
      *to = json_text{std::string{in->raw(name)}};
  auto paused = result.is_paused.view();
  if (!paused.empty() && paused != "true" && paused != "false"
      && paused != "null")
    return make_error(ec::bad_field, "isPaused: must be true, false or null");
  if (in->problem())
    return in->problem();
  auto call = make_operator_call("", result.request_config,
                                 std::chrono::milliseconds{0});
  if (!call)
    return std::move(call.error());
  return result;
}

std::string render_operators(const std::vector<task_operator>& xs) {
  return render(xs);
}

caf::expected<call_operator>
make_operator_call(std::string url, const json_text& config,
                   std::chrono::milliseconds timeout) {
  auto text = config.view();
  auto in = raw_object::read(text == "null" ? "" : text, "requestConfig");
  if (!in)
    return std::move(in.error());
  auto headers = nested(*in, "headers");
  auto params = nested(*in, "params");
  auto auth = nested(*in, "auth");
  for (auto* part : {&headers, &params, &auth})
    if (!*part)
      return std::move(part->error());
  call_operator result;
  result.url = std::move(url);
  result.headers.emplace_back("Content-Type", secret{"application/json"});
  for (const auto& name : headers->names()) {
    if (!is_token(name))
      return make_error(ec::bad_field,
                        "requestConfig.headers: must have names of letters, "
                        "digits and !#$%&'*+-.^_`|~ only");
    result.headers.emplace_back(name, secret{text_of(*headers, name)});
  }
  for (const auto& name : params->names())
    add_parameter(*params, name, result.url);
  if (params->problem())
    return params->problem();
  result.user = auth->text("username");
  result.password = secret{auth->text("password").value_or("")};
  if (auth->problem())
    return auth->problem();
  auto millis = in->number("timeout", static_cast<double>(timeout.count()));
  if (in->problem())
    return in->problem();
  if (millis < 0 || millis > longest_timeout)
    return make_error(ec::bad_field, "requestConfig.timeout: must be a number "
                                     "of milliseconds, a day at most");
  result.timeout = std::chrono::milliseconds{std::llround(millis)};
  return result;
}

std::string render_operator_body(const stored_tasks& x) {
  const auto& is = x.tasks.front();
  return fmt::format(R"({{"input":{},"parents":{},"taskId":"{}"}})",
                     is.input.empty() ? "null" : is.input.view(),
                     render(x.parents), is.id);
}

release_task read_operator_answer(const operator_answer& x) {
  release_task result;
  if (x.status < 200 || x.status > 299) {
    result.error = problem_in(x);
    return result;
  }
  auto body = raw_object::read(x.body);
  if (!body)
    return result;
  auto read = read_crew_release(x.body);
  if (read)
    return std::move(*read);
  result.error = json_text{
    json_quote("the operator's answer: " + message_of(read.error()))};
  return result;
}

} // namespace orc
