#include "transport/apify/base_url.hpp"

#include "messages/base/error.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

namespace orc {

namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost") || host == "::1"
         || (host.starts_with("127.")
             && host.find_first_not_of("0123456789.")
                  == std::string_view::npos);
}

} // namespace

caf::error check_base_url(std::string_view text, bool allow_plain) {
  auto url = http::parse_url(text);
  if (!url || url->host.empty())
    return make_error(ec::bad_config,
                      fmt::format("`{}` is no URL of an Apify API; it looks "
                                  "like https://api.apify.com: check --api or "
                                  "APIFY_API_BASE_URL",
                                  text));
  if (url->scheme == "http" && !allow_plain && !is_loopback(url->host))
    return make_error(ec::bad_config,
                      fmt::format("{} is not encrypted: the token would travel "
                                  "in the clear; use https:// in --api or "
                                  "APIFY_API_BASE_URL",
                                  text));
  return {};
}

} // namespace orc
