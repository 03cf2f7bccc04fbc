#pragma once

#include "transport/http/client.hpp"

#include <cstdint>
#include <string>

namespace orc::apify {

/// What a call wants; the names stand in metrics.
enum class call_kind : std::uint8_t {
  start,
  resurrect,
  abort,
  get,
  list,
  input,
  limits,
  user,
  target,
  datasets,
  items,
  log,
  store,
  record,
  put,
  remove,
  keys,
  push,
  status,
  reboot,
};

/// One request to the platform, and what to know about it when it fails.
struct api_call {
  call_kind kind = call_kind::get;
  http::outgoing request;
  /// What people call it: `start of acme~crawler`.
  std::string subject;
};

/// @returns whether carrying out a call twice is the same as once. Starting a
///          run has no idempotency key on the platform: whoever repeats a start
///          whose answer is lost may start a second run. Items are appended, so
///          that they would be there twice.
constexpr bool is_repeatable(call_kind x) {
  return x != call_kind::start && x != call_kind::resurrect
         && x != call_kind::push;
}

} // namespace orc::apify
