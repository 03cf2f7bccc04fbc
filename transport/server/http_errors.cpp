#include "transport/server/http_errors.hpp"

#include "messages/base/error.hpp"
#include "messages/base/utf8.hpp"
#include "messages/json/json.hpp"

#include <caf/sec.hpp>
#include <fmt/format.h>

namespace orc::server {

namespace {

int status_of(ec x) {
  switch (x) {
    case ec::bad_json:
    case ec::bad_field:
    case ec::duplicate_name:
    case ec::invalid_input:
      return 400;
    case ec::billing_refused:
    case ec::budget_reached:
      return 402;
    case ec::unknown_run:
    case ec::unknown_account:
    case ec::unknown_budget:
    case ec::not_found:
      return 404;
    case ec::name_conflict:
    case ec::already_bound:
    case ec::aborted:
    case ec::not_assigned:
      return 409;
    case ec::input_too_large:
      return 413;
    case ec::memory_exceeds_account:
      return 422;
    // What the platform says of the account's token must not look as if the
    // token of the request were wrong.
    case ec::unauthorized:
    case ec::forbidden:
    case ec::api_refused:
    case ec::not_sent:
    case ec::answer_lost:
    case ec::bad_answer:
      return 502;
    case ec::memory_refused:
    case ec::slots_refused:
    case ec::rate_limited:
    case ec::stopping:
      return 503;
    case ec::timed_out:
      return 504;
    case ec::store_failed:
      return 507;
    default:
      return 500;
  }
}

/// @returns whether the actor that was asked is no more.
bool is_gone(const caf::error& x) {
  return x == caf::sec::request_receiver_down;
}

std::string_view type_of_status(int status) {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 405:
      return "method-not-allowed";
    case 408:
      return "timed-out";
    case 413:
      return "request-too-large";
    case 415:
      return "unsupported-media-type";
    case 431:
      return "headers-too-large";
    default:
      return status < 500 ? "bad-request" : "internal";
  }
}

} // namespace

int http_status_of(const caf::error& x) {
  return is_gone(x) ? 503 : status_of(code_of(x));
}

std::string render_error(std::string_view type, std::string_view message) {
  return fmt::format(R"({{"error":{{"type":{},"message":{}}}}})",
                     json_quote(type),
                     // What a stranger asked for is in it.
                     json_quote(to_utf8(message)));
}

std::string render_error(const caf::error& x) {
  if (is_gone(x))
    return render_error(to_string(ec::stopping), "the service is stopping");
  return render_error(type_of(x), message_of(x));
}

std::string render_message(const caf::error& x) {
  return fmt::format(R"({{"message":{}}})",
                     json_quote(is_gone(x) ? "the service is stopping"
                                           : to_utf8(message_of(x))));
}

std::string render_status(int status, std::string_view message) {
  return render_error(type_of_status(status), message);
}

} // namespace orc::server
