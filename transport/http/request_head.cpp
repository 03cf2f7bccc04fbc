#include "transport/http/request_head.hpp"

#include "transport/http/response_head.hpp"

#include <algorithm>

namespace orc::http {

namespace {

/// Names that the client sets by itself.
bool is_ours(std::string_view name) {
  return iequals(name, "Host") || iequals(name, "Content-Length")
         || iequals(name, "Transfer-Encoding") || iequals(name, "Connection");
}

/// @returns whether `text` has nothing that would end a word of a request line.
bool is_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < 0x7F;
  });
}

/// @returns the value of `Host`: without the port that the scheme implies.
std::string host_of(const url& to) {
  auto result = to.authority();
  if (to.port == (to.scheme == "https" ? 443 : 80))
    result.resize(result.rfind(':'));
  return result;
}

bool wants_body(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

} // namespace

std::string render_request_head(const outgoing& from) {
  auto host = host_of(from.url);
  if (!is_word(from.method) || !is_word(from.url.target) || !is_word(host))
    return {};
  std::string result;
  result.reserve(256 + from.url.target.size());
  result += from.method;
  result += ' ';
  result += from.url.target;
  result += " HTTP/1.1\r\nHost: ";
  result += host;
  result += "\r\n";
  append_fields(result, from.headers, is_ours);
  if (!from.headers.contains("Accept-Encoding"))
    result += "Accept-Encoding: gzip, br\r\n";
  if (from.body || wants_body(from.method)) {
    result += "Content-Length: ";
    result += std::to_string(from.body ? from.body->size() : 0);
    result += "\r\n";
  }
  result += "\r\n";
  return result;
}

std::string describe(const outgoing& request) {
  const auto& to = request.url;
  auto path = to.target.substr(0, to.target.find('?'));
  return request.method + " " + to.scheme + "://" + to.authority() + path;
}

} // namespace orc::http
