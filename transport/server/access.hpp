#pragma once

#include "messages/base/secret.hpp"
#include "transport/http/message.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace orc::server {

/// Decides who may use the API.
class access_policy {
public:
  /// @param own one more, of what this service has started itself: without
  ///            others no request needs one.
  explicit access_policy(std::vector<secret> tokens, const secret& own = {});

  /// @returns whether a request has a token, if one is needed.
  bool has_token(const http::request& x) const;

  /// @returns whether `token` is one of those of this service.
  bool knows(std::string_view token) const;

  /// @returns whether requests need a token.
  bool needs_token() const noexcept {
    return needs_token_;
  }

  /// A web page that a user happens to look at must not start runs on an API
  /// of the same machine that asks for no token. Browsers tell which page sends
  /// a request; other clients do not, and need not. A page whose own name leads
  /// here all of a sudden is given away by `Host`.
  /// @param to_local_pages also pages of this machine may use it, whatever
  ///                       server of it they come from.
  /// @returns whether a browser sends the request for another site's page.
  bool is_foreign(const http::request& x, bool to_local_pages = false) const;

private:
  /// Digests, so that comparing tells neither content nor length.
  std::vector<std::string> digests_;
  bool needs_token_ = false;
};

/// @returns the token of `Authorization: Bearer …`, or "".
std::string_view bearer_token(const http::request& x);

/// @returns the password of `Authorization: Basic …`, or "": what clients send
///          that know of no tokens, but take a user and a password in a URL.
std::string basic_password(const http::request& x);

/// @returns whether an address or host name is this machine's own.
bool is_loopback(std::string_view host);

} // namespace orc::server
