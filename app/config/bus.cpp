#include "app/config/bus.hpp"

#include "messages/bus/bus_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

namespace orc::app {

namespace {

caf::error fail(std::string_view option, std::string_view problem) {
  return make_error(ec::bad_config,
                    fmt::format("nats.{}: {}", option, problem));
}

bool has_scheme(std::string_view url) {
  auto end = url.find("://");
  if (end == std::string_view::npos)
    return true;
  auto scheme = url.substr(0, end);
  return scheme == "nats" || scheme == "tls";
}

/// An address without a scheme is one of NATS. Not shown in errors: it may hold
/// a password.
caf::expected<std::vector<secret>> read_urls(const secret& from) {
  std::vector<secret> result;
  auto text = std::string_view{from.reveal()};
  while (!text.empty()) {
    auto one = text.substr(0, text.find(','));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    while (one.starts_with(' '))
      one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('/'))
      one.remove_suffix(1);
    if (one.empty())
      continue;
    if (!has_scheme(one) || one.find(' ') != std::string_view::npos)
      return fail("url", "must be servers such as nats://127.0.0.1:4222 or "
                         "tls://bus.example.com:4222, divided by commas");
    auto scheme = one.find("://") == std::string_view::npos ? "nats://" : "";
    result.push_back(secret{scheme + std::string{one}});
  }
  if (result.empty())
    return fail("url", "names no server");
  return result;
}

caf::error check_instance(const std::string& x) {
  auto is_fit = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_';
  };
  if (!x.empty() && x.size() <= 64 && std::all_of(x.begin(), x.end(), is_fit))
    return {};
  return fail("instance",
              fmt::format("must be 1 to 64 letters, digits, `-` and "
                          "`_`, not `{}`",
                          x));
}

caf::error check_identity(const nats_options& x) {
  auto ways = int{!x.credentials_file.empty()} + int{!x.nkey_file.empty()}
              + int{!x.token.empty()} + int{!x.user.empty()};
  if (ways > 1)
    return fail("token", "give one of credentials_file, nkey_file, token and "
                         "user");
  if (x.user.empty() && !x.password.empty())
    return fail("user", "is missing: there is a password");
  if (x.cert_file.empty() != x.key_file.empty())
    return fail("cert_file", "cert_file and key_file go together");
  return {};
}

caf::error check_range(std::string_view option, std::uint64_t x,
                       std::uint64_t least, std::uint64_t most) {
  if (x >= least && x <= most)
    return {};
  return fail(option,
              fmt::format("must be from {} to {}, not {}", least, most, x));
}

caf::error check_numbers(const nats_options& x) {
  if (auto err = check_range("max_in_flight", x.max_in_flight, 1, 1'000))
    return err;
  if (auto err = check_range("max_requests", x.max_requests, 1, 100'000))
    return err;
  if (auto err = check_range("max_backlog", x.max_backlog, 1, 1'000'000'000))
    return err;
  if (auto err = check_range("keep_events_days", x.keep_events_days, 1, 3'650))
    return err;
  return check_range("replicas", x.replicas, 1, 5);
}

} // namespace

caf::expected<std::optional<bus_settings>> bus_settings_of(const config& all) {
  const auto& x = all.nats;
  if (x.url.empty())
    return std::optional<bus_settings>{};
  auto urls = read_urls(x.url);
  if (!urls)
    return std::move(urls.error());
  if (auto err = check_instance(x.instance))
    return err;
  if (auto err = check_identity(x))
    return err;
  if (auto err = check_numbers(x))
    return err;
  bus_settings result;
  result.urls = std::move(*urls);
  result.instance = x.instance;
  result.credentials_file = x.credentials_file;
  result.nkey_file = x.nkey_file;
  result.token = x.token;
  result.user = x.user;
  result.password = x.password;
  result.ca_file = x.ca_file;
  result.cert_file = x.cert_file;
  result.key_file = x.key_file;
  result.max_in_flight = static_cast<std::uint32_t>(x.max_in_flight);
  result.max_requests = static_cast<std::uint32_t>(x.max_requests);
  result.keep_events = std::chrono::hours{24 * x.keep_events_days};
  result.replicas = static_cast<std::uint32_t>(x.replicas);
  return std::optional{std::move(result)};
}

std::optional<hook_filter> bus_filter(const config& x) {
  if (x.nats.url.empty())
    return std::nullopt;
  hook_filter result;
  result.name = bus_outbox;
  result.max_backlog = x.nats.max_backlog;
  return result;
}

} // namespace orc::app
