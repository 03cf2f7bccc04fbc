#include "transport/sources/page_api.hpp"

#include "messages/base/timestamp.hpp"
#include "messages/json/json.hpp"
#include "messages/json/raw_object.hpp"
#include "messages/json/scanner.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace orc {

namespace {

constexpr std::chrono::seconds timeout{60};
constexpr std::size_t max_body_bytes = std::size_t{128} << 20;
constexpr std::chrono::hours longest_wait{1};

/// @returns the names in `data.items` or `/data/items`.
std::vector<std::string> names_in(std::string_view path) {
  auto is_pointer = path.starts_with('/');
  if (is_pointer)
    path.remove_prefix(1);
  else if (path.empty())
    return {};
  std::vector<std::string> result{""};
  for (std::size_t i = 0; i < path.size(); ++i) {
    auto c = path[i];
    if (c == (is_pointer ? '/' : '.'))
      result.emplace_back();
    else if (is_pointer && c == '~' && i + 1 < path.size())
      result.back() += path[++i] == '1' ? '/' : '~';
    else
      result.back() += c;
  }
  return result;
}

/// @param text compact JSON.
/// @returns the member, as it is written, or nothing.
std::optional<std::string_view>
member_of(std::string_view text, const std::string& name) {
  json_scanner in{text};
  if (!in.take('{'))
    return std::nullopt;
  auto wanted = json_quote(name);
  while (!in.take('}')) {
    in.take(',');
    auto key = in.value();
    in.take(':');
    auto value = in.value();
    if (key == wanted)
      return value;
  }
  return std::nullopt;
}

std::optional<std::string_view>
find(std::string_view text, const std::vector<std::string>& path) {
  std::optional<std::string_view> result{text};
  for (const auto& name : path)
    if (result)
      result = member_of(*result, name);
  return result;
}

std::string written(const std::vector<std::string>& path) {
  return path.empty() ? "the answer"
                      : fmt::format("`{}`", fmt::join(path, "."));
}

/// @returns how long `Retry-After` asks to wait, in seconds or until a date, by
///          the clock of whoever says so.
std::chrono::milliseconds retry_after(const http::fields& headers) {
  using std::chrono::milliseconds;
  auto text = headers.get("Retry-After");
  std::chrono::seconds::rep seconds = 0;
  auto [end, error] = std::from_chars(text.begin(), text.end(), seconds);
  milliseconds wait{0};
  if (auto until = parse_http_date(text))
    wait = *until - parse_http_date(headers.get("Date")).value_or(now());
  else if (error == std::errc{} && end == text.end())
    wait = std::chrono::seconds{
      std::min<std::chrono::seconds::rep>(seconds, 3600)};
  return std::clamp<milliseconds>(wait, milliseconds{0}, longest_wait);
}

bool is_link(std::string_view next) {
  if (next.starts_with("http://") || next.starts_with("https://"))
    return true;
  // A cursor in base64 may begin with a slash, but has no question mark.
  return next.starts_with('?')
         || (next.starts_with('/') && next.find('?') != std::string_view::npos);
}

/// What a cursor has in place of a value that the source's URL has as well, and
/// that may be a key.
constexpr std::string_view hidden = "***";

/// A plus sign is a blank to some servers and itself to others.
std::string decoded(std::string_view part) {
  auto result = http::percent_decode(part);
  std::replace(result.begin(), result.end(), '+', ' ');
  return result;
}

/// A parameter of a URL, as it is written and as it is meant.
struct parameter {
  explicit parameter(std::string_view x) : text{x} {
    auto end = std::min(x.find('='), x.size());
    name = decoded(x.substr(0, end));
    value = decoded(x.substr(std::min(end + 1, x.size())));
  }

  std::string text;
  std::string name;
  std::string value;
};

std::vector<parameter> parameters_of(std::string_view query) {
  std::vector<parameter> result;
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    result.emplace_back(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  return result;
}

/// Calls `f` with each parameter of a link that the source's URL has as well.
/// @returns the link with what `f` has made of them.
template <class F>
std::string exchange_shared(std::string_view link, const http::url& base, F f) {
  auto known = parameters_of(http::split_target(base.target).second);
  auto query = http::split_target(link).second;
  std::vector<std::string> parts;
  for (auto& x : parameters_of(query)) {
    auto same = std::find_if(known.begin(), known.end(),
                             [&](const auto& y) { return y.name == x.name; });
    if (same != known.end())
      f(x, *same);
    parts.push_back(std::move(x.text));
  }
  return fmt::format("{}{}", link.substr(0, link.size() - query.size()),
                     fmt::join(parts, "&"));
}

/// @returns a message of the client without the URL that it begins with, which
///          may have a key in its query.
std::string_view without_url(std::string_view message) {
  auto end = message.find(": ");
  if (!message.starts_with("GET ") || end == std::string_view::npos)
    return message;
  return message.substr(end + 2);
}

ec meaning_of(http::failure x) {
  switch (x) {
    case http::failure::not_sent:
      return ec::not_sent;
    case http::failure::stopped:
      return ec::stopping;
    default:
      return ec::answer_lost;
  }
}

} // namespace

caf::expected<page_api> page_api::make(const walk_source& source) {
  page_api result;
  auto url = http::parse_url(source.url.reveal());
  if (!url)
    return make_error(ec::bad_field, "source.url: must be an HTTP URL without "
                                     "user and password, such as "
                                     "https://example.com/api/products");
  result.base_ = std::move(*url);
  for (const auto& [name, value] : source.headers)
    result.headers_.set(name, std::string{value.reveal()});
  if (!result.headers_.contains("Accept"))
    result.headers_.set("Accept", "application/json");
  result.items_path_ = names_in(source.items_path.value_or("items"));
  result.next_path_ = names_in(source.next_path.value_or("next"));
  result.cursor_param_ = source.cursor_param.value_or("cursor");
  result.size_param_ = source.size_param.value_or("limit");
  return result;
}

caf::expected<http::outgoing>
page_api::request_for(const std::string& at, std::uint64_t size) const {
  http::outgoing result;
  result.headers = headers_;
  result.timeout = timeout;
  result.max_body_bytes = max_body_bytes;
  if (is_link(at)) {
    auto url = follow(at);
    if (!url)
      return std::move(url.error());
    result.url = std::move(*url);
    return result;
  }
  result.url = base_;
  auto add = [&](const std::string& name, const std::string& value) {
    auto& target = result.url.target;
    target += target.find('?') == std::string::npos ? '?' : '&';
    target += http::percent_encode(name) + '=' + http::percent_encode(value);
  };
  if (!at.empty() && cursor_param_.empty())
    return make_error(ec::bad_config, "source.cursorParam: the API answers "
                                      "cursors, so say in which parameter it "
                                      "takes them");
  if (!at.empty())
    add(cursor_param_, at);
  if (!size_param_.empty())
    add(size_param_, std::to_string(size));
  return result;
}

/// The headers may have secrets, which are for one server only.
caf::expected<http::url> page_api::follow(const std::string& cursor) const {
  auto link
    = exchange_shared(cursor, base_, [](parameter& x, const parameter& known) {
        if (x.value == hidden)
          x.text = known.text;
      });
  auto result = base_;
  if (link.starts_with('?')) {
    result.target = base_.target.substr(0, base_.target.find('?')) + link;
    return result;
  }
  if (link.starts_with('/')) {
    result.target = link;
    return result;
  }
  auto url = http::parse_url(link);
  if (!url)
    return make_error(ec::bad_config,
                      name() + ": the next page's URL makes no sense");
  auto is_same = http::iequals(url->host, base_.host) && url->port == base_.port
                 && url->scheme == base_.scheme;
  // A server behind one that speaks TLS for it does not know of that.
  auto is_plain = http::iequals(url->host, base_.host)
                  && base_.scheme == "https" && url->scheme == "http"
                  && url->port == 80;
  if (!is_same && !is_plain)
    return make_error(ec::bad_config,
                      fmt::format("{}: the next page is on another server, "
                                  "{}://{}: make that one the source's URL",
                                  name(), url->scheme, url->authority()));
  result.target = url->target;
  return result;
}

caf::expected<api_page>
page_api::read(const http::client::result& result) const {
  if (const auto* error = std::get_if<http::send_error>(&result))
    return make_page_error(meaning_of(error->kind),
                           fmt::format("{}: {}", name(),
                                       without_url(error->message)));
  const auto& response = std::get<http::response>(result);
  if (response.status < 200 || response.status > 299)
    return refusal(response);
  auto body = minify_json(response.body);
  if (!body)
    return make_page_error(ec::bad_answer,
                           fmt::format("{}: the answer is no JSON: {}", name(),
                                       message_of(body.error())));
  auto items = find(*body, items_path_);
  if (!items || !items->starts_with('['))
    return make_error(ec::bad_config,
                      fmt::format("source.itemsPath: {} of {} is no array of "
                                  "items",
                                  written(items_path_), name()));
  api_page page;
  json_scanner in{*items};
  in.take('[');
  while (!in.take(']')) {
    in.take(',');
    page.items.emplace_back(in.value());
  }
  auto next = read_next(*body);
  if (!next)
    return std::move(next.error());
  page.next = std::move(*next);
  return page;
}

caf::expected<std::optional<std::string>>
page_api::read_next(std::string_view body) const {
  using result = std::optional<std::string>;
  // An answer that is the array itself has no room for more.
  auto next = next_path_.empty() ? std::nullopt : find(body, next_path_);
  if (!next || *next == "null" || *next == "false" || *next == R"("")")
    return result{};
  auto is_number
    = next->front() == '-' || (next->front() >= '0' && next->front() <= '9');
  if (is_number)
    return result{std::string{*next}};
  if (next->front() != '"')
    return make_error(ec::bad_config,
                      fmt::format("source.nextPath: {} of {} is neither text "
                                  "nor number",
                                  written(next_path_), name()));
  auto object = raw_object::read(fmt::format(R"({{"next":{}}})", *next));
  if (!object)
    return std::move(object.error());
  auto text = object->text("next").value_or("");
  return result{is_link(text) ? without_keys(text) : text};
}

/// A link often repeats all that its page was asked for with, a key among that.
/// As a cursor it is stored, logged and shown to the page's processor.
std::string page_api::without_keys(std::string_view link) const {
  // What comes after a # is never sent.
  return exchange_shared(
    link.substr(0, link.find('#')), base_,
    [](parameter& x, const parameter& known) {
      if (!x.value.empty() && x.value == known.value)
        x.text
          = fmt::format("{}={}", x.text.substr(0, x.text.find('=')), hidden);
    });
}

caf::error page_api::refusal(const http::response& x) const {
  auto wait = retry_after(x.headers);
  auto says = fmt::format("{} answers {} {}", name(), x.status,
                          http::reason_phrase(x.status));
  if (x.status == 429)
    return make_page_error(ec::rate_limited, says, wait);
  if (x.status >= 500 || x.status == 408 || x.status == 425)
    return make_page_error(ec::answer_lost, says, wait);
  if (x.status == 401 || x.status == 403)
    return make_error(x.status == 401 ? ec::unauthorized : ec::forbidden,
                      says + ": see that source.headers has what it asks for");
  if (x.status == 404 || x.status == 410)
    return make_error(ec::not_found, says + ": see to source.url");
  if (x.status >= 300 && x.status < 400)
    return make_error(ec::bad_config, says
                                        + ": make the URL that it leads to "
                                          "the source's URL");
  return make_error(ec::api_refused, says);
}

std::string page_api::name() const {
  return fmt::format("{}://{}{}", base_.scheme, base_.authority(),
                     base_.target.substr(0, base_.target.find('?')));
}

} // namespace orc
