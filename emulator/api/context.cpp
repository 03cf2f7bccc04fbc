#include "emulator/api/context.hpp"

#include "emulator/api/json.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace orc::emulator {

namespace {

[[noreturn]] void
refuse_parameter(std::string_view name, std::string_view expected) {
  throw api_error{400, "invalid-parameter",
                  "Query parameter \"" + std::string{name} + "\" must be "
                    + std::string{expected} + "."};
}

template <class T>
std::optional<T> parse_number(const http::query& query, std::string_view name,
                              std::string_view expected) {
  const auto text = query.get(name);
  if (!text || text->empty())
    return std::nullopt;
  auto result = T{};
  const auto* last = text->data() + text->size();
  const auto [end, ec] = std::from_chars(text->data(), last, result);
  if (ec != std::errc{} || end != last)
    refuse_parameter(name, expected);
  return result;
}

std::string upper(std::string_view text) {
  auto result = std::string{text};
  for (auto& c : result)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

} // namespace

context::context(http::exchange_ptr exchange, traffic& counters)
  : exchange_(std::move(exchange)), traffic_(counters) {
  const auto [path, query] = http::split_target(request().target);
  path_ = path;
  query_ = http::query{query};
  const auto override_by = query_.get("method");
  method_ = override_by ? upper(*override_by) : request().method;
}

std::string_view context::param(std::string_view name) const noexcept {
  for (const auto& [key, value] : params_)
    if (key == name)
      return value;
  return {};
}

std::string context::content_type() const {
  auto text = request().headers.get("content-type");
  text = text.substr(0, text.find(';'));
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  auto result = std::string{text};
  for (auto& c : result)
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

std::string
context::text(std::string_view name, std::string_view fallback) const {
  return std::string{query_.get(name).value_or(fallback)};
}

bool context::flag(std::string_view name, bool fallback) const {
  const auto text = query_.get(name);
  if (!text)
    return fallback;
  if (*text == "1" || *text == "true" || text->empty())
    return true;
  if (*text == "0" || *text == "false")
    return false;
  refuse_parameter(name, "a boolean (1, 0, true or false)");
}

std::optional<std::int64_t> context::integer(std::string_view name) const {
  return parse_number<std::int64_t>(query_, name, "an integer");
}

std::optional<double> context::number(std::string_view name) const {
  return parse_number<double>(query_, name, "a number");
}

std::vector<std::string> context::list(std::string_view name) const {
  auto result = std::vector<std::string>{};
  auto rest = query_.get(name).value_or(std::string_view{});
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    auto part = rest.substr(0, comma);
    while (!part.empty() && part.front() == ' ')
      part.remove_prefix(1);
    while (!part.empty() && part.back() == ' ')
      part.remove_suffix(1);
    if (!part.empty())
      result.emplace_back(part);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return result;
}

void context::reply(http::response response) {
  switch (std::exchange(fault_, reply_fault::none)) {
    case reply_fault::lost:
      return exchange_->drop();
    case reply_fault::half:
      return reply_half(std::move(response));
    case reply_fault::error_500:
      return reply_error(500, "internal-server-error",
                         "We have bad news: something went wrong.");
    case reply_fault::none:
      break;
  }
  for (const auto& [name, value] : extra_headers_)
    response.headers.add(name, value);
  exchange_->reply(std::move(response));
}

bool context::start(http::response head) {
  if (fault_ == reply_fault::lost || fault_ == reply_fault::error_500) {
    reply(std::move(head));
    return false;
  }
  for (const auto& [name, value] : extra_headers_)
    head.headers.add(name, value);
  exchange_->start(std::move(head));
  if (std::exchange(fault_, reply_fault::none) == reply_fault::none)
    return true;
  exchange_->drop();
  return false;
}

void context::reply_half(http::response response) {
  response.headers.set("Content-Length", std::to_string(response.body.size()));
  auto half = response.body.substr(0, response.body.size() / 2);
  response.body.clear();
  exchange_->start(std::move(response));
  exchange_->write(std::move(half), [x = exchange_](bool) { x->drop(); });
}

void context::reply_data(std::string_view json, int status,
                         http::fields headers) {
  auto body = std::string{};
  body.reserve(json.size() + 10);
  body.append(R"({"data":)").append(json).push_back('}');
  reply_json(std::move(body), status, std::move(headers));
}

void context::reply_json(std::string json, int status, http::fields headers) {
  headers.set("Content-Type", "application/json; charset=utf-8");
  reply({status, std::move(headers), std::move(json)});
}

void context::reply_empty() {
  reply({204, {}, {}});
}

void context::reply_error(const api_error& error) {
  ++traffic_.errors[error.type];
  auto out = json_writer{};
  out.object().key("error").object();
  out.member("type", error.type).member("message", error.message);
  if (!error.data.empty())
    out.raw_member("data", error.data);
  out.end_object().end_object();
  reply_json(out.take(), error.status);
}

void context::add_header(std::string name, std::string value) {
  extra_headers_.add(std::move(name), std::move(value));
}

} // namespace orc::emulator
