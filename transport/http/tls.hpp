#pragma once

#include "transport/asio/net.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>

namespace orc::http {

/// Makes the settings for TLS connections that verify the other side.
/// @param ca_file PEM file of authorities; empty: the system's.
/// @param error says what to do if there is no result.
std::shared_ptr<net::asio::ssl::context>
make_tls_context(const std::string& ca_file, std::string& error);

/// Tells a TLS connection whom it expects at the other end.
/// @param host a name or an address.
bool expect_host(SSL* connection, const std::string& host);

/// @returns what went wrong in a handshake and what to do about it.
std::string explain_handshake(const SSL* connection, net::error_code ec);

} // namespace orc::http
