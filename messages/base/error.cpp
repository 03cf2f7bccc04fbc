#include "messages/base/error.hpp"

#include <caf/atom.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include <array>
#include <utility>

namespace orc {

namespace {

constexpr std::array<std::string_view, 35> names{
  "none",
  "bad-json",
  "bad-field",
  "duplicate-name",
  "input-too-large",
  "memory-exceeds-account",
  "unknown-run",
  "unknown-account",
  "name-conflict",
  "memory-refused",
  "slots-refused",
  "rate-limited",
  "not-sent",
  "answer-lost",
  "invalid-input",
  "unauthorized",
  "forbidden",
  "not-found",
  "billing-refused",
  "api-refused",
  "bad-answer",
  "already-bound",
  "store-locked",
  "store-newer",
  "store-corrupt",
  "store-failed",
  "wrong-key",
  "stopping",
  "timed-out",
  "aborted",
  "bad-config",
  "stale-save",
  "budget-reached",
  "unknown-budget",
  "not-assigned",
};

static_assert(names.size() == static_cast<std::size_t>(ec::count));

bool is_ours(const caf::error& x) {
  return x.category() == caf::atom("orc");
}

} // namespace

std::string to_string(ec x) {
  auto index = static_cast<std::size_t>(x);
  return std::string{index < names.size() ? names[index] : "unknown"};
}

caf::error make_error(ec code, std::string message) {
  return caf::make_error(code, std::move(message));
}

caf::error make_error(ec code, std::string message, std::string platform_type) {
  return caf::make_error(code, std::move(message), std::move(platform_type));
}

std::string message_of(const caf::error& x) {
  if (!x)
    return {};
  const auto& context = x.context();
  if (!context.empty() && context.match_element<std::string>(0))
    return context.get_as<std::string>(0);
  if (is_ours(x))
    return to_string(static_cast<ec>(x.code()));
  if (x == caf::sec::request_timeout)
    return "no answer in time";
  return "internal error: " + caf::deep_to_string(x.code());
}

std::string type_of(const caf::error& x) {
  const auto& context = x.context();
  if (context.size() > 1 && context.match_element<std::string>(1)
      && !context.get_as<std::string>(1).empty())
    return context.get_as<std::string>(1);
  if (x == caf::sec::request_timeout)
    return to_string(ec::timed_out);
  return is_ours(x) ? to_string(static_cast<ec>(x.code())) : "internal";
}

ec code_of(const caf::error& x) {
  if (x == caf::sec::request_timeout)
    return ec::timed_out;
  return is_ours(x) ? static_cast<ec>(x.code()) : ec::none;
}

} // namespace orc
