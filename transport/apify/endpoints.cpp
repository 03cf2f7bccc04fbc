#include "transport/apify/endpoints.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <utility>

namespace orc::apify {

namespace {

using std::chrono::seconds;

constexpr std::string_view user_agent
  = "ApifyOrchestrator/" ORC_VERSION " (linux)";

/// How long an answer may take, beyond what the call itself asks to wait.
constexpr seconds start_timeout{60};
constexpr seconds items_timeout{120};
constexpr seconds other_timeout{30};
constexpr seconds long_poll_margin{10};

/// The platform waits no longer than this.
constexpr std::uint32_t max_wait_secs = 60;

/// Items may be large: a page of 1000 of them at 9 MB each would not fit.
constexpr auto max_items_bytes = std::size_t{1} << 30;

std::string path_of(const run_target& x) {
  return fmt::format("/v2/{}/{}", x.is_task ? "actor-tasks" : "actors",
                     path_id(x.id));
}

std::string describe_target(const run_target& x) {
  return fmt::format("Apify {} `{}`", x.is_task ? "task" : "actor", x.id);
}

std::string base64(std::string_view text) {
  std::string result(4 * ((text.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                  reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  return result;
}

/// Adds what starting and resurrecting have in common.
void add_options(http::query_builder& query, const run_options& x) {
  if (x.memory)
    query.add("memory", static_cast<std::int64_t>(x.memory->count));
  if (x.timeout_secs)
    query.add("timeout", *x.timeout_secs);
  if (x.build)
    query.add("build", *x.build);
  if (x.max_items)
    query.add("maxItems", *x.max_items);
  if (x.max_total_charge_usd)
    query.add("maxTotalChargeUsd",
              std::string_view{fmt::format("{}", *x.max_total_charge_usd)});
  if (x.restart_on_error)
    query.add("restartOnError", std::int64_t{*x.restart_on_error ? 1 : 0});
}

std::string join_statuses(const std::vector<remote_status>& xs) {
  std::string result;
  for (auto x : xs)
    result.append(result.empty() ? "" : ",").append(name_of(x));
  return result;
}

/// @returns the path of a base URL without a `/v2` or `/` at its end.
std::string_view prefix_of(std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  while (path.ends_with('/'))
    path.remove_suffix(1);
  if (path.ends_with("/v2"))
    path.remove_suffix(3);
  return path;
}

} // namespace

std::string path_id(std::string id) {
  std::replace(id.begin(), id.end(), '/', '~');
  return http::percent_encode(id);
}

endpoints::endpoints(std::string_view base_url, const secret& token)
  : base_{http::parse_url(base_url).value_or(http::url{})}, prefix_{prefix_of(
                                                              base_.target)} {
  if (!token.empty())
    authorization_ = "Bearer " + token.reveal();
}

api_call endpoints::make_call(call_kind kind, const char* method,
                              std::string path, std::string subject) const {
  api_call result;
  result.kind = kind;
  result.subject = std::move(subject);
  auto& request = result.request;
  request.method = method;
  request.url = base_;
  request.url.target = prefix_ + path;
  request.headers.add("User-Agent", std::string{user_agent});
  request.headers.add("Accept", "application/json, */*");
  if (!authorization_.empty())
    request.headers.add("Authorization", authorization_);
  request.timeout = other_timeout;
  return result;
}

api_call endpoints::make(const start_remote_run& x) const {
  http::query_builder query;
  add_options(query, x.options);
  if (!x.options.webhooks.empty())
    query.add("webhooks", std::string_view{base64(x.options.webhooks.view())});
  if (x.options.force_permission_level)
    query.add("forcePermissionLevel",
              name_of(*x.options.force_permission_level));
  auto result
    = make_call(call_kind::start, "POST",
                path_of(x.target) + "/runs" + query.str(),
                fmt::format("start of {}", describe_target(x.target)));
  result.request.timeout = start_timeout;
  if (!x.marker.empty())
    result.request.headers.set("User-Agent",
                               fmt::format("{} run/{}", user_agent, x.marker));
  if (!x.input.empty()) {
    result.request.headers.add("Content-Type", "application/json");
    result.request.body = x.input.shared();
  }
  return result;
}

api_call endpoints::make(const get_remote_run& x) const {
  auto wait = std::min(x.wait_secs, max_wait_secs);
  http::query_builder query;
  if (wait > 0)
    query.add("waitForFinish", std::int64_t{wait});
  auto result
    = make_call(call_kind::get, "GET",
                fmt::format("/v2/actor-runs/{}{}", path_id(x.id), query.str()),
                fmt::format("platform run {}", x.id));
  if (wait > 0)
    result.request.timeout = seconds{wait} + long_poll_margin;
  return result;
}

api_call endpoints::make(const list_remote_runs& x) const {
  http::query_builder query;
  query.add("limit", std::int64_t{x.limit});
  if (x.offset > 0)
    query.add("offset", std::int64_t{x.offset});
  if (x.newest_first)
    query.add("desc", std::int64_t{1});
  if (!x.statuses.empty())
    query.add("status", std::string_view{join_statuses(x.statuses)});
  if (x.started_after)
    query.add("startedAfter", std::string_view{to_string(*x.started_after)});
  return make_call(call_kind::list, "GET", "/v2/actor-runs" + query.str(),
                   "list of platform runs");
}

api_call endpoints::make(const abort_remote_run& x) const {
  return make_call(call_kind::abort, "POST",
                   fmt::format("/v2/actor-runs/{}/abort{}", path_id(x.id),
                               x.gracefully ? "?gracefully=1" : ""),
                   fmt::format("abort of platform run {}", x.id));
}

api_call endpoints::make(const resurrect_remote_run& x) const {
  http::query_builder query;
  add_options(query, x.options);
  auto result = make_call(call_kind::resurrect, "POST",
                          fmt::format("/v2/actor-runs/{}/resurrect{}",
                                      path_id(x.id), query.str()),
                          fmt::format("resurrection of platform run {}", x.id));
  result.request.timeout = start_timeout;
  return result;
}

api_call endpoints::make(const get_input& x) const {
  return make_call(call_kind::input, "GET",
                   fmt::format("/v2/key-value-stores/{}/records/INPUT",
                               path_id(x.key_value_store_id)),
                   fmt::format("input in key-value store {}",
                               x.key_value_store_id));
}

api_call endpoints::make(const get_log_end& x) const {
  auto result = make_call(call_kind::log, "GET",
                          fmt::format("/v2/actor-runs/{}/log", path_id(x.id)),
                          fmt::format("log of platform run {}", x.id));
  result.request.timeout = items_timeout;
  return result;
}

api_call endpoints::make(const get_limits&) const {
  return make_call(call_kind::limits, "GET", "/v2/users/me/limits",
                   "limits of the account");
}

api_call endpoints::make(const get_user&) const {
  return make_call(call_kind::user, "GET", "/v2/users/me",
                   "account of the token");
}

api_call endpoints::make(const get_target& x) const {
  return make_call(call_kind::target, "GET", path_of(x.target),
                   describe_target(x.target));
}

api_call endpoints::make(const count_items& x) const {
  if (x.dataset_id.empty())
    return make_call(call_kind::datasets, "GET",
                     "/v2/datasets?unnamed=1&desc=1&limit=1000",
                     "list of datasets");
  return make_call(call_kind::datasets, "GET",
                   "/v2/datasets/" + path_id(x.dataset_id),
                   fmt::format("dataset {}", x.dataset_id));
}

api_call endpoints::make(const get_items& x) const {
  auto path = fmt::format("/v2/datasets/{}/items?format={}&offset={}&limit={}",
                          path_id(x.dataset_id), x.format, x.offset, x.limit);
  // Or the platform begins each page with a byte order mark.
  if (x.format == "csv")
    path.append("&bom=0");
  if (!x.query.empty())
    path.append("&").append(x.query);
  auto result = make_call(call_kind::items, "GET", std::move(path),
                          fmt::format("items of dataset {}", x.dataset_id));
  result.request.timeout = items_timeout;
  result.request.max_body_bytes = max_items_bytes;
  return result;
}

std::optional<api_call>
endpoints::follow(const api_call& from, std::string_view location) const {
  auto result = from;
  if (location.starts_with('/')) {
    result.request.url.target = std::string{location};
    return result;
  }
  auto to = http::parse_url(location);
  if (!to)
    return std::nullopt;
  if (to->scheme != base_.scheme || to->authority() != base_.authority())
    result.request.headers.remove("Authorization");
  result.request.url = std::move(*to);
  return result;
}

std::string endpoints::origin() const {
  return base_.scheme + "://" + base_.authority() + prefix_;
}

} // namespace orc::apify
