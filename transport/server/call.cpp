#include "transport/server/call.hpp"

#include "messages/base/error.hpp"
#include "messages/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace orc::server {

namespace {

http::response make_json(int status, std::string body) {
  return {status,
          {{"Content-Type", "application/json; charset=utf-8"},
           {"Cache-Control", "no-store"}},
          std::move(body)};
}

} // namespace

call::call(services& under, http::exchange_ptr exchange, match where,
           std::string_view query)
  : under_{under}, exchange_{std::move(exchange)}, where_{std::move(where)},
    query_{query} {
  // nop
}

const http::request& call::request() const noexcept {
  return exchange_->request();
}

std::string call::take_body() {
  return exchange_->take_body();
}

const std::string& call::path(std::string_view name) const {
  return where_.values.find(name)->second;
}

std::optional<std::string> call::text(std::string_view name) const {
  auto value = query_.get(name);
  return value ? std::optional<std::string>{*value} : std::nullopt;
}

caf::expected<std::uint64_t>
call::number(std::string_view name, std::uint64_t otherwise,
             std::uint64_t least, std::uint64_t most) const {
  auto given = query_.get(name);
  if (!given)
    return otherwise;
  std::uint64_t result = 0;
  auto end = given->data() + given->size();
  auto [stop, error] = std::from_chars(given->data(), end, result);
  if (error == std::errc{} && stop == end && result >= least && result <= most)
    return result;
  auto no_end = most == std::numeric_limits<std::uint64_t>::max();
  return must_be(name,
                 no_end ? fmt::format("a number of at least {}", least)
                        : fmt::format("a number from {} to {}", least, most),
                 *given);
}

caf::expected<bool> call::flag(std::string_view name) const {
  auto given = query_.get(name);
  if (!given || *given == "0" || *given == "false")
    return false;
  if (given->empty() || *given == "1" || *given == "true")
    return true;
  return must_be(name, "1, true, 0 or false", *given);
}

run_ref call::ref() const {
  return {text("namespace").value_or("default"), path("name")};
}

caf::error call::check_texts() const {
  auto refused = [](std::string_view what) {
    return make_error(ec::bad_field, fmt::format("{}: must be UTF-8", what));
  };
  for (const auto& [name, value] : where_.values)
    if (!is_utf8(value))
      return refused(name);
  for (const auto& [name, value] : query_)
    if (!is_utf8(name) || !is_utf8(value))
      return refused(is_utf8(name) ? name : "the query");
  return {};
}

caf::error call::check_parameters() const {
  if (auto err = check_texts())
    return err;
  if (where_.found->speaks == dialect::crew)
    return {};
  for (const auto& [name, value] : query_) {
    const auto& known = where_.found->parameters;
    if (std::any_of(known.begin(), known.end(), [&](const auto& x) {
          return x.in == place::query && x.name == name;
        }))
      continue;
    std::string names;
    for (const auto& x : known)
      if (x.in == place::query)
        names.append(names.empty() ? "; known are " : ", ").append(x.name);
    return make_error(ec::bad_field,
                      fmt::format("{}: is no known parameter of {} {}{}", name,
                                  where_.found->method, where_.found->path,
                                  names));
  }
  return {};
}

void call::reply(int status, std::string json) {
  reply(make_json(status, std::move(json)));
}

void call::reply(http::response response) {
  auto route = where_.found ? where_.found->path : "other";
  if (where_.found && where_.found->speaks == dialect::crew)
    response.headers.set("Access-Control-Allow-Origin", "*");
  under_.counters.count(exchange_->request().method, route, response.status);
  exchange_->reply(std::move(response));
}

void call::fail(const caf::error& why) {
  auto is_crew = where_.found && where_.found->speaks == dialect::crew;
  reply(http_status_of(why), is_crew ? render_message(why) : render_error(why));
}

void call::on_gone(std::function<void()> f) {
  exchange_->on_gone(std::move(f));
}

http::exchange_ptr call::release(int status) {
  under_.counters.count(exchange_->request().method, where_.found->path,
                        status);
  return exchange_;
}

caf::error must_be(std::string_view parameter, std::string_view what,
                   std::string_view got) {
  return make_error(ec::bad_field, fmt::format("{}: must be {}, not `{}`",
                                               parameter, what, got));
}

} // namespace orc::server
