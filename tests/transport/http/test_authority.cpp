#include "tests/transport/http/test_authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace orc::http::test {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using certificate_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

void add_extension(X509* to, int id, const std::string& value) {
  auto* extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str());
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

certificate_ptr make_certificate(EVP_PKEY* key, const std::string& subject) {
  constexpr long one_day = 24 * 60 * 60;
  certificate_ptr result{X509_new(), X509_free};
  X509_set_version(result.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(result.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(result.get()), -one_day);
  X509_gmtime_adj(X509_getm_notAfter(result.get()), one_day);
  X509_set_pubkey(result.get(), key);
  auto* name = X509_get_subject_name(result.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("test"), -1,
                             -1, 0);
  X509_set_issuer_name(result.get(), name);
  add_extension(result.get(), NID_subject_alt_name, subject);
  add_extension(result.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(result.get(), key, EVP_sha256());
  return result;
}

std::string write_file(X509* certificate) {
  std::string path = "/tmp/orc-authority-XXXXXX";
  auto fd = ::mkstemp(path.data());
  auto* file = ::fdopen(fd, "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  return path;
}

} // namespace

test_authority::test_authority(const std::string& subject)
  : context_{SSL_CTX_new(TLS_server_method()), SSL_CTX_free} {
  key_ptr key{EVP_EC_gen("P-256"), EVP_PKEY_free};
  auto certificate = make_certificate(key.get(), subject);
  if (SSL_CTX_use_certificate(context_.get(), certificate.get()) != 1
      || SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1)
    throw std::runtime_error("cannot use the certificate");
  file_ = write_file(certificate.get());
}

test_authority::~test_authority() {
  ::unlink(file_.c_str());
}

bool test_authority::serve(
  int fd, const std::function<std::string(std::string)>& answer) {
  std::unique_ptr<SSL, decltype(&SSL_free)> tls{SSL_new(context_.get()),
                                                SSL_free};
  SSL_set_fd(tls.get(), fd);
  if (SSL_accept(tls.get()) != 1)
    return false;
  std::string input;
  std::array<char, 4096> buffer;
  for (;;) {
    auto n = SSL_read(tls.get(), buffer.data(), buffer.size());
    if (n <= 0)
      return true;
    input.append(buffer.data(), static_cast<std::size_t>(n));
    if (!input.ends_with("\r\n\r\n"))
      continue;
    auto text = answer(std::exchange(input, {}));
    if (text.empty())
      return true;
    SSL_write(tls.get(), text.data(), static_cast<int>(text.size()));
  }
}

} // namespace orc::http::test
