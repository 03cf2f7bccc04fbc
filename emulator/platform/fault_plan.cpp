#include "emulator/platform/fault_plan.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace orc::emulator {

namespace {

struct kind_name {
  std::string_view text;
  fault_kind kind;
};

constexpr auto kind_names = std::array{
  kind_name{"500", fault_kind::error_500},
  kind_name{"429", fault_kind::error_429},
  kind_name{"cut", fault_kind::cut},
  kind_name{"lost", fault_kind::lost},
  kind_name{"half", fault_kind::half},
  kind_name{"created-500", fault_kind::created_500},
  kind_name{"slow", fault_kind::slow},
};

constexpr auto scopes = std::array<std::string_view, 7>{
  "start", "get", "list", "abort", "resurrect", "push", "any"};

} // namespace

std::optional<fault_kind> parse_fault_kind(std::string_view text) {
  for (const auto& x : kind_names)
    if (x.text == text)
      return x.kind;
  return std::nullopt;
}

std::string_view fault_scope(std::string_view route) {
  const auto ends = [route](std::string_view x) { return route.ends_with(x); };
  const auto is_post = route.starts_with("POST ");
  if (is_post
      && (ends("Id}/runs") || ends("/run-sync")
          || ends("/run-sync-get-dataset-items")))
    return "start";
  if (route == "GET /v2/actor-runs/{runId}")
    return "get";
  if (route == "GET /v2/actor-runs" || (!is_post && ends("Id}/runs")))
    return "list";
  if (is_post && ends("/abort"))
    return "abort";
  if (is_post && ends("/resurrect"))
    return "resurrect";
  return is_post && ends("/items") ? "push" : "";
}

std::string fault_plan::set(std::string_view text) {
  auto result = std::multimap<std::string, rate, std::less<>>{};
  for (auto rest = text; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    auto problem = add(rest.substr(0, comma), result);
    if (!problem.empty())
      return problem;
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  rates_ = std::move(result);
  text_ = text;
  return {};
}

std::string
fault_plan::add(std::string_view part,
                std::multimap<std::string, rate, std::less<>>& result) {
  const auto dot = part.find('.');
  const auto equals = part.find('=');
  if (dot == std::string_view::npos || equals == std::string_view::npos
      || equals < dot)
    return "\"" + std::string{part} + "\" is not like start.500=0.05";
  const auto scope = part.substr(0, dot);
  const auto name = part.substr(dot + 1, equals - dot - 1);
  if (std::find(scopes.begin(), scopes.end(), scope) == scopes.end())
    return "unknown scope \"" + std::string{scope}
           + "\": use start, get, list, abort, resurrect, push or any";
  const auto kind = parse_fault_kind(name);
  if (!kind)
    return "unknown fault \"" + std::string{name}
           + "\": use 500, 429, cut, lost, half, created-500 or slow";
  const auto value = std::string{part.substr(equals + 1)};
  char* end = nullptr;
  auto entry = rate{{*kind}, std::strtod(value.c_str(), &end)};
  if (end == value.c_str() || entry.probability < 0 || entry.probability > 1)
    return "\"" + value + "\" is no probability between 0 and 1";
  if (*end == ':')
    entry.what.delay = std::chrono::milliseconds{std::atoll(end + 1)};
  result.emplace(scope, entry);
  return {};
}

std::optional<fault> fault_plan::draw(std::string_view route) {
  if (rates_.empty() || route.find(" /v2/") == std::string_view::npos)
    return std::nullopt;
  if (const auto scope = fault_scope(route); !scope.empty())
    if (auto result = draw_scope(scope))
      return result;
  return draw_scope("any");
}

std::optional<fault> fault_plan::draw_scope(std::string_view scope) {
  const auto [first, last] = rates_.equal_range(scope);
  for (auto i = first; i != last; ++i) {
    auto dice = std::uniform_real_distribution<double>{0, 1};
    if (dice(random_) < i->second.probability)
      return i->second.what;
  }
  return std::nullopt;
}

bool apply_before(const fault& what, const context_ptr& ctx) {
  switch (what.kind) {
    case fault_kind::error_500:
      ctx->reply_error(500, "internal-server-error",
                       "We have bad news: something went wrong.");
      return false;
    case fault_kind::error_429:
      ctx->reply_error(429, "rate-limit-exceeded",
                       "You have exceeded the rate limit");
      return false;
    case fault_kind::cut:
      ctx->exchange().drop();
      return false;
    case fault_kind::lost:
      ctx->spoil(reply_fault::lost);
      return true;
    case fault_kind::half:
      ctx->spoil(reply_fault::half);
      return true;
    case fault_kind::created_500:
      ctx->spoil(reply_fault::error_500);
      return true;
    case fault_kind::slow:
      return false;
  }
  return true;
}

} // namespace orc::emulator
