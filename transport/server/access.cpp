#include "transport/server/access.hpp"

#include "transport/http/url.hpp"
#include "transport/server/base64.hpp"
#include "transport/server/digest.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

namespace orc::server {

namespace {

/// @returns what follows the scheme in the header `Authorization`, or "".
std::string_view credentials(const http::request& x, std::string_view scheme) {
  auto value = x.headers.get("Authorization");
  if (!http::iequals(value.substr(0, scheme.size()), scheme))
    return {};
  value.remove_prefix(scheme.size());
  while (value.starts_with(' '))
    value.remove_prefix(1);
  return value;
}

/// A page whose own name leads here all of a sudden is of this site to its
/// browser: the name gives it away. Without a token we listen on loopback only.
bool is_misdirected(const http::request& x) {
  auto host = x.headers.get("Host");
  if (host.empty())
    return false;
  auto named = http::parse_url(fmt::format("http://{}", host));
  return !named
         || !(is_loopback(named->host)
              || http::iequals(named->host, "localhost"));
}

} // namespace

std::string_view bearer_token(const http::request& x) {
  return credentials(x, "Bearer ");
}

std::string basic_password(const http::request& x) {
  auto pair = decode_base64(credentials(x, "Basic ")).value_or("");
  auto colon = pair.find(':');
  return colon == std::string::npos ? std::string{} : pair.substr(colon + 1);
}

access_policy::access_policy(std::vector<secret> tokens, const secret& own) {
  for (const auto& token : tokens)
    if (!token.empty())
      digests_.push_back(sha256(token.reveal()));
  needs_token_ = !digests_.empty();
  if (!own.empty())
    digests_.push_back(sha256(own.reveal()));
}

bool access_policy::has_token(const http::request& x) const {
  if (!needs_token_ || knows(bearer_token(x)))
    return true;
  auto password = basic_password(x);
  // Some clients send it as it stands in a URL.
  return knows(password) || knows(http::percent_decode(password));
}

bool access_policy::knows(std::string_view token) const {
  auto given = sha256(token);
  auto known = false;
  // All are compared, whichever it is.
  for (const auto& digest : digests_)
    known |= CRYPTO_memcmp(digest.data(), given.data(), given.size()) == 0;
  return known;
}

bool access_policy::is_foreign(const http::request& x,
                               bool to_local_pages) const {
  if (needs_token())
    return false;
  if (is_misdirected(x))
    return true;
  // What a page embeds comes without `Origin`.
  if (!x.headers.contains("Origin")) {
    auto site = x.headers.get("Sec-Fetch-Site");
    return site == "cross-site" || site == "same-site";
  }
  auto origin = http::parse_url(x.headers.get("Origin"));
  if (!origin || !is_loopback(origin->host))
    return true;
  return !to_local_pages
         && !http::iequals(origin->authority(), x.headers.get("Host"));
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1"
         || (host.starts_with("127.")
             && host.find_first_not_of("0123456789.")
                  == std::string_view::npos);
}

} // namespace orc::server
