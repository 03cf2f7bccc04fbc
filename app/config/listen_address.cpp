#include "app/config/listen_address.hpp"

#include "messages/base/error.hpp"
#include "transport/http/public_address.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace orc::app {

namespace {

bool parse_port(std::string_view text, std::uint16_t& port) {
  auto [end, err]
    = std::from_chars(text.data(), text.data() + text.size(), port);
  return err == std::errc{} && end == text.data() + text.size();
}

} // namespace

std::string listen_address::url() const {
  auto is_v6 = host.find(':') != std::string::npos;
  return fmt::format("http://{}{}{}:{}", is_v6 ? "[" : "", host,
                     is_v6 ? "]" : "", port);
}

caf::expected<listen_address> parse_listen_address(const std::string& text) {
  listen_address result;
  auto colon = text.rfind(':');
  if (colon == std::string::npos
      || !parse_port(std::string_view{text}.substr(colon + 1), result.port))
    return make_error(ec::bad_config,
                      fmt::format("listen: must be ADDRESS:PORT such as "
                                  "127.0.0.1:8484, not {}",
                                  text));
  result.host = text.substr(0, colon);
  if (result.host.starts_with('[') && result.host.ends_with(']'))
    result.host = result.host.substr(1, result.host.size() - 2);
  else if (result.host == "localhost")
    result.host = "127.0.0.1";
  else if (result.host.empty() || result.host == "*")
    result.host = "0.0.0.0";
  return result;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1"
         || (http::is_address(host) && host.starts_with("127."));
}

bool listens_on_loopback(const std::string& text) {
  auto address = parse_listen_address(text);
  return address && is_loopback(address->host);
}

} // namespace orc::app
