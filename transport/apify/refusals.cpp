#include "transport/apify/refusals.hpp"

#include "messages/base/error.hpp"
#include "messages/json/apify_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace orc::apify {

namespace {

struct meaning {
  std::string_view type;
  ec code;
};

/// What the platform's error types mean, whatever the status they come with:
/// the statuses of some have changed over time.
constexpr std::array meanings{
  meaning{"actor-memory-limit-exceeded", ec::memory_refused},
  meaning{"memory-limit-exceeded", ec::memory_refused},
  meaning{"concurrent-runs-limit-exceeded", ec::slots_refused},
  meaning{"cannot-start-actor-runs", ec::slots_refused},
  meaning{"not-enough-usage-to-run-paid-actor", ec::billing_refused},
  meaning{"platform-feature-disabled", ec::billing_refused},
  meaning{"actor-is-not-rented", ec::billing_refused},
  meaning{"apify-plan-required-to-use-paid-actor", ec::billing_refused},
  meaning{"x402-payment-required", ec::billing_refused},
  meaning{"rate-limit-exceeded", ec::rate_limited},
  meaning{"too-many-requests", ec::rate_limited},
  meaning{"request-too-large", ec::input_too_large},
  meaning{"record-too-large", ec::input_too_large},
  meaning{"token-not-provided", ec::unauthorized},
  meaning{"invalid-token", ec::unauthorized},
  meaning{"user-or-token-not-found", ec::unauthorized},
  meaning{"user-disabled", ec::unauthorized},
  meaning{"insufficient-permissions", ec::forbidden},
  meaning{"elevated-permissions-needed", ec::forbidden},
  meaning{"full-permission-actor-not-approved", ec::forbidden},
  meaning{"record-not-found", ec::not_found},
  meaning{"record-or-token-not-found", ec::not_found},
  meaning{"unknown-build-tag", ec::invalid_input},
  meaning{"build-not-found", ec::invalid_input},
};

ec meaning_of(int status) {
  if (status >= 500)
    return ec::answer_lost;
  switch (status) {
    case 400:
    case 415:
    case 422:
      return ec::invalid_input;
    case 401:
      return ec::unauthorized;
    case 402:
      return ec::billing_refused;
    case 403:
      return ec::forbidden;
    case 404:
    case 410:
      return ec::not_found;
    // Of something in between: nobody knows how far the request got.
    case 408:
      return ec::answer_lost;
    case 413:
      return ec::input_too_large;
    case 429:
      return ec::rate_limited;
    default:
      return ec::api_refused;
  }
}

ec meaning_of(const http::response& answer, std::string_view type) {
  // Whatever a 5xx says of itself, the call may have been carried out.
  if (answer.status >= 500)
    return ec::answer_lost;
  return meaning_of_type(type).value_or(meaning_of(answer.status));
}

/// @returns a text of the platform's without the token of the call: whatever
///          repeats it, it shall not reach a log or an answer of ours.
std::string without_token(const api_call& call, std::string text) {
  static constexpr std::string_view scheme = "Bearer ";
  std::string_view token = call.request.headers.get("Authorization");
  if (!token.starts_with(scheme) || token.size() == scheme.size())
    return text;
  token.remove_prefix(scheme.size());
  for (auto at = text.find(token); at != std::string::npos;
       at = text.find(token, at))
    text.replace(at, token.size(), "***");
  return text;
}

/// @returns a URL without what may be a signature of it.
std::string_view without_query(std::string_view url) {
  return url.substr(0, url.find('?'));
}

/// @returns what whoever reads the message can do about it.
std::string advice(ec code, const http::response& answer) {
  if (code == ec::unauthorized)
    return "; check the token: --token or APIFY_TOKEN";
  if (answer.status >= 300 && answer.status < 400)
    return fmt::format("; it points to {}: check --api or APIFY_API_BASE_URL",
                       without_query(answer.headers.get("Location")));
  return {};
}

} // namespace

std::optional<ec> meaning_of_type(std::string_view type) {
  auto known = std::find_if(meanings.begin(), meanings.end(),
                            [&](const auto& x) { return x.type == type; });
  if (known == meanings.end())
    return std::nullopt;
  return known->code;
}

caf::error explain_refusal(const api_call& call, const http::response& answer) {
  auto said = read_api_refusal(answer.body);
  auto code = meaning_of(answer, said.type);
  auto message = said.message.empty()
                   ? fmt::format("HTTP {} {}", answer.status,
                                 http::reason_phrase(answer.status))
                   : said.message;
  return make_error(code,
                    without_token(call,
                                  fmt::format("{}: {}{}", call.subject, message,
                                              advice(code, answer))),
                    said.type);
}

caf::error explain_failure(const api_call& call, const http::send_error& why,
                           std::string_view origin) {
  if (why.kind == http::failure::not_sent)
    return make_error(ec::not_sent,
                      fmt::format("cannot reach {}: {}; check --api or "
                                  "APIFY_API_BASE_URL",
                                  origin, why.message));
  return make_error(ec::answer_lost,
                    fmt::format("{}: no complete answer of {}: {}",
                                call.subject, origin, why.message));
}

caf::error explain_unreadable(const api_call& call, const caf::error& why) {
  auto code = code_of(why) == ec::not_found ? ec::not_found : ec::bad_answer;
  return make_error(is_repeatable(call.kind) ? code : ec::answer_lost,
                    fmt::format("{}: the answer cannot be understood: {}",
                                call.subject, message_of(why)));
}

} // namespace orc::apify
