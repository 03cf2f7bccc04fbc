#include "transport/http/tls.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace orc::http {

namespace ssl = net::asio::ssl;

std::shared_ptr<ssl::context>
make_tls_context(const std::string& ca_file, std::string& error) {
  auto result = std::make_shared<ssl::context>(ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(result->native_handle(), TLS1_2_VERSION);
  result->set_verify_mode(ssl::verify_peer);
  net::error_code ec;
  if (ca_file.empty())
    result->set_default_verify_paths(ec);
  else
    result->load_verify_file(ca_file, ec);
  if (!ec)
    return result;
  error = "cannot read certificate authorities from "
          + (ca_file.empty() ? "the system's store" : ca_file) + ": "
          + ec.message() + "; give a PEM file";
  return nullptr;
}

bool expect_host(SSL* connection, const std::string& host) {
  net::error_code ec;
  net::asio::ip::make_address(host, ec);
  // SNI is for names only (RFC 6066, section 3).
  if (!ec)
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(connection),
                                         host.c_str())
           == 1;
  return SSL_set_tlsext_host_name(connection, host.c_str()) == 1
         && SSL_set1_host(connection, host.c_str()) == 1;
}

std::string explain_handshake(const SSL* connection, net::error_code ec) {
  auto verdict = SSL_get_verify_result(connection);
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH
      || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
    return "the certificate is for another host; check the address";
  if (verdict == X509_V_ERR_CERT_HAS_EXPIRED
      || verdict == X509_V_ERR_CERT_NOT_YET_VALID)
    return std::string{X509_verify_cert_error_string(verdict)}
           + "; check the clock of this machine, then that server";
  if (verdict != X509_V_OK)
    return std::string{"the certificate is not trusted: "}
           + X509_verify_cert_error_string(verdict)
           + "; install the package ca-certificates, or give a PEM file with "
             "the authority that signed it";
  if (ERR_GET_REASON(static_cast<unsigned long>(ec.value()))
        == SSL_R_WRONG_VERSION_NUMBER
      && ec.category() == net::asio::error::get_ssl_category())
    return "the server does not speak TLS on this port; is it an http:// "
           "address?";
  return ec.message();
}

} // namespace orc::http
