#include "emulator/platform/webhook.hpp"

#include <algorithm>

namespace orc::emulator {

namespace {

constexpr auto default_payload = std::string_view{
  R"({"userId":{{userId}},"createdAt":{{createdAt}},"eventType":{{eventType}},)"
  R"("eventData":{{eventData}},"resource":{{resource}}})"};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

/// Follows a dotted path; null if it leads nowhere.
const json_value* look_up(const json_value& variables, std::string_view path) {
  const auto* at = &variables;
  while (at != nullptr && !path.empty()) {
    const auto dot = std::min(path.find('.'), path.size());
    at = find_member(*at, path.substr(0, dot));
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return at;
}

/// What takes a variable's place: JSON, or text within a JSON string.
std::string replacement(const json_value* x, bool in_string) {
  if (x == nullptr)
    return in_string ? "" : "null";
  auto text = to_text(*x);
  if (!in_string)
    return text;
  // Escaped as it stood, or escaped once more if it is no text itself.
  if (!x->IsString())
    text = json_writer{}.value(text).take();
  return text.substr(1, text.size() - 2);
}

} // namespace

std::string fill_template(std::string_view text, const json_value& variables,
                          bool in_strings) {
  auto result = std::string{};
  auto in_string = false;
  for (auto i = std::size_t{0}; i < text.size(); ++i) {
    const auto end
      = text.substr(i, 2) == "{{" ? text.find("}}", i) : std::string_view::npos;
    if (end != std::string_view::npos && (!in_string || in_strings)) {
      const auto name = trim(text.substr(i + 2, end - i - 2));
      result += replacement(look_up(variables, name), in_string);
      i = end + 1;
      continue;
    }
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\'))
      in_string = !in_string;
    result.push_back(text[i]);
  }
  return result;
}

namespace {

json_document variables_of(const webhook_dispatch& what) {
  auto out = json_writer{};
  out.object()
    .member("userId", what.user_id)
    .member("createdAt", to_iso(what.created_at))
    .member("eventType", what.event.type);
  out.key("eventData").object().member("actorId", what.event.actor_id);
  if (!what.event.task_id.empty())
    out.member("actorTaskId", what.event.task_id);
  out.member("actorRunId", what.event.run_id).end_object();
  out.raw_member("resource", what.event.resource.empty()
                               ? std::string_view{"{}"}
                               : std::string_view{what.event.resource});
  out.key("globals").object().member("dateISO", to_iso(now())).end_object();
  out.end_object();
  auto result = json_document{};
  parse_json(out.str(), result);
  return result;
}

} // namespace

std::string make_payload(const webhook& to, const webhook_dispatch& what) {
  const auto variables = variables_of(what);
  return to.payload_template.empty()
           ? fill_template(default_payload, variables, false)
           : fill_template(to.payload_template, variables,
                           to.interpolate_strings);
}

std::vector<std::pair<std::string, std::string>>
make_headers(const webhook& to, const webhook_dispatch& what) {
  auto result = std::vector<std::pair<std::string, std::string>>{
    {"Content-Type", "application/json; charset=utf-8"},
    {"User-Agent", "ApifyWebhook"},
    {"X-Apify-Webhook", "true"},
    {"X-Apify-Webhook-Dispatch-Id", what.id},
    {"X-Apify-Request-Origin", "WEBHOOK"},
  };
  auto headers = json_document{};
  if (to.headers_template.empty()
      || !parse_json(fill_template(to.headers_template, variables_of(what),
                                   to.interpolate_strings),
                     headers)
      || !headers.IsObject())
    return result;
  for (const auto& member : headers.GetObject())
    if (member.value.IsString())
      result.emplace_back(member.name.GetString(), member.value.GetString());
  return result;
}

} // namespace orc::emulator
