#include "transport/server/v2/start_request.hpp"

#include "messages/base/error.hpp"
#include "messages/json/gateway_answers.hpp"
#include "messages/json/json.hpp"
#include "transport/apify/refusals.hpp"
#include "transport/server/base64.hpp"
#include "transport/server/v2/query_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace orc::server::v2 {

namespace {

caf::error
bad(std::string_view parameter, std::string_view what, std::string_view got) {
  return make_error(ec::bad_field, fmt::format("{}: must be {}, not `{}`",
                                               parameter, what, got));
}

template <class T>
std::optional<T> read_number(std::string_view text) {
  T result{};
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, result);
  if (text.empty() || error != std::errc{} || stop != end)
    return std::nullopt;
  return result;
}

/// Reads the parameters of one query, and keeps the first problem.
class options_reader {
public:
  explicit options_reader(const http::query& query) : query_{query} {
    // nop
  }

  template <class T>
  std::optional<T> number(std::string_view name) {
    auto text = query_.get(name);
    if (!text || text->empty())
      return std::nullopt;
    auto result = read_number<T>(*text);
    if (!result && !problem_)
      problem_ = bad(name, "a number", *text);
    return result;
  }

  std::optional<bool> flag(std::string_view name) {
    auto text = query_.get(name);
    if (!text || text->empty())
      return std::nullopt;
    if (*text == "1" || *text == "true")
      return true;
    if (*text != "0" && *text != "false" && !problem_)
      problem_ = bad(name, "1, true, 0 or false", *text);
    return false;
  }

  std::optional<std::string> text(std::string_view name) const {
    auto found = query_.get(name);
    return found && !found->empty() ? std::optional<std::string>{*found}
                                    : std::nullopt;
  }

  json_text webhooks() {
    auto given = text("webhooks");
    if (!given)
      return {};
    auto array = read_json_array(decode_base64(*given).value_or(""));
    if (array.empty() && !problem_)
      problem_
        = make_error(ec::bad_field, "webhooks: must be a JSON array in base64");
    return json_text{std::move(array)};
  }

  std::optional<permission_level> permissions() {
    auto given = text("forcePermissionLevel");
    if (!given)
      return std::nullopt;
    auto result = parse_enum<permission_level>(*given);
    if (!result && !problem_)
      problem_ = bad("forcePermissionLevel",
                     "LIMITED_PERMISSIONS or FULL_PERMISSIONS", *given);
    return result;
  }

  const caf::error& problem() const noexcept {
    return problem_;
  }

private:
  const http::query& query_;
  caf::error problem_;
};

/// @returns what the type of an error says, be it the platform's or our own.
ec code_of_type(std::string_view type) {
  if (auto known = apify::meaning_of_type(type))
    return *known;
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(ec::count); ++i)
    if (auto own = static_cast<ec>(i); to_string(own) == type)
      return own;
  return ec::none;
}

} // namespace

bool has_json_input(const http::request& x) {
  auto type = x.headers.get("Content-Type");
  return x.body.empty() || type.empty()
         || type.find("json") != std::string_view::npos;
}

caf::expected<run_request>
read_start_request(const http::request& x, const http::query& query) {
  run_request result;
  options_reader in{query};
  auto& options = result.options;
  if (auto memory = in.number<std::uint64_t>("memory"))
    options.memory = mebibytes{*memory};
  options.timeout_secs = in.number<std::int64_t>("timeout");
  options.build = in.text("build");
  options.max_items = in.number<std::int64_t>("maxItems");
  options.max_total_charge_usd = in.number<double>("maxTotalChargeUsd");
  options.restart_on_error = in.flag("restartOnError");
  options.webhooks = in.webhooks();
  options.force_permission_level = in.permissions();
  if (in.problem())
    return in.problem();
  if (x.body.empty())
    return result;
  auto input = minify_json(x.body);
  if (!input)
    return make_error(code_of(input.error()),
                      "the input is no JSON, as its Content-Type says: "
                        + message_of(input.error()));
  result.input = json_text{std::move(*input)};
  return result;
}

std::string output_query(std::string_view query) {
  constexpr std::array<std::string_view, 10> of_starts{
    "timeout",           "memory",         "build",    "maxItems",
    "maxTotalChargeUsd", "restartOnError", "webhooks", "method",
    "outputRecordKey",   "waitForFinish"};
  return filter_query(query, [&](const std::string& name) {
    return std::find(of_starts.begin(), of_starts.end(), name)
           == of_starts.end();
  });
}

int status_of_refusal(std::string_view type) {
  switch (code_of_type(type)) {
    case ec::unauthorized:
      return 401;
    case ec::billing_refused:
    case ec::budget_reached:
      return 402;
    case ec::forbidden:
      return 403;
    case ec::not_found:
      return 404;
    case ec::input_too_large:
      return 413;
    default:
      return 400;
  }
}

} // namespace orc::server::v2
