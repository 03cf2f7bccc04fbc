#include "transport/http/request_reader.hpp"

#include "transport/http/content_coding.hpp"
#include "transport/http/url.hpp"

#include <algorithm>
#include <utility>

namespace orc::http {

request_reader::request_reader(parser_limits limits)
  : limits_{limits}, parser_{message_parser::kind::request, limits} {
  // nop
}

void request_reader::append(std::string_view bytes) {
  input_ += bytes;
}

void request_reader::consume(std::size_t n) {
  // Thousands of idle connections must not keep the room of their last upload.
  constexpr std::size_t keep_capacity = 4096;
  offset_ += n;
  if (offset_ < input_.size()) {
    if (offset_ > input_.size() / 2) {
      input_.erase(0, offset_);
      offset_ = 0;
    }
    return;
  }
  offset_ = 0;
  if (input_.capacity() > keep_capacity)
    std::string{}.swap(input_);
  else
    input_.clear();
}

void request_reader::skip_empty_lines() {
  // Some clients send a line break after a body (RFC 9112, section 2.2).
  auto text = rest();
  consume(std::min(text.find_first_not_of("\r\n"), text.size()));
}

request_reader::status request_reader::read() {
  if (refusal_ != 0)
    return status::refused;
  if (!started_) {
    skip_empty_lines();
    if (rest().empty())
      return status::idle;
    started_ = true;
  }
  consume(parser_.feed(rest()));
  auto& message = parser_.message();
  http11_ = message.http11;
  is_head_ = message.method == "HEAD";
  if (message.error != parse_error::none)
    return refuse_broken();
  return message.done ? check() : status::partial;
}

request_reader::status request_reader::refuse(int code, std::string reason) {
  refusal_ = code;
  reason_ = std::move(reason);
  return status::refused;
}

request_reader::status request_reader::refuse_broken() {
  auto& message = parser_.message();
  switch (message.error) {
    case parse_error::header_too_large:
      return refuse(431, "the header exceeds "
                           + std::to_string(limits_.max_header_bytes)
                           + " bytes");
    case parse_error::body_too_large:
      return refuse(413, "the body exceeds "
                           + std::to_string(limits_.max_body_bytes) + " bytes");
    default:
      return refuse(400, "malformed request: " + message.error_text);
  }
}

request_reader::status request_reader::check() {
  auto& [method, target, code, headers, body, header_done, done, keep_alive,
         http11, until_eof, error, text]
    = parser_.message();
  keep_alive_ = keep_alive;
  if (http11 && !headers.contains("Host"))
    return refuse(400, "malformed request: no Host header");
  // As proxies are asked; what it names stands in place of `Host` (RFC 9112,
  // section 3.2.2).
  if (auto named = parse_url(target)) {
    headers.set("Host", named->authority());
    target = named->target;
  }
  wire_body_bytes_ = body.size();
  auto codings = headers.get("Content-Encoding");
  if (codings.empty())
    return status::complete;
  switch (decode_body(codings, body, limits_.max_body_bytes)) {
    case decode_status::ok:
      headers.remove("Content-Encoding");
      return status::complete;
    case decode_status::unsupported:
      return refuse(415,
                    "the content encoding is not one of gzip, deflate, br");
    case decode_status::too_large:
      return refuse(413, "the decoded body exceeds "
                           + std::to_string(limits_.max_body_bytes) + " bytes");
    default:
      return refuse(400, "the body is not what its content encoding says");
  }
}

request request_reader::take() {
  auto& message = parser_.message();
  request result;
  result.method = std::move(message.method);
  result.target = std::move(message.target);
  result.headers = std::move(message.headers);
  result.body = std::move(message.body);
  result.wire_body_bytes = wire_body_bytes_;
  parser_.begin();
  started_ = false;
  continued_ = false;
  return result;
}

bool request_reader::wants_continue() {
  auto& message = parser_.message();
  if (continued_ || !message.header_done || message.done || !message.http11
      || !iequals(message.headers.get("Expect"), "100-continue"))
    return false;
  continued_ = true;
  return true;
}

} // namespace orc::http
