#include "app/estimate/platform_history.hpp"

#include "app/client/http_call.hpp"
#include "messages/base/error.hpp"
#include "messages/json/apify_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc::app {

namespace {

constexpr int not_found = 404;

std::string path_of(const run_target& x) {
  auto id = x.id;
  std::replace(id.begin(), id.end(), '/', '~');
  return fmt::format("/v2/{}/{}", x.is_task ? "actor-tasks" : "acts",
                     http::percent_encode(id));
}

} // namespace

platform_history::platform_history(account_settings account)
  : account_{std::move(account)}, client_{runtime_, {}} {
  // nop
}

caf::error
platform_history::add_runs(const run_target& target, run_history& to) {
  auto body = get(path_of(target) + "/runs?desc=1&limit=1000");
  if (!body)
    return code_of(body.error()) == ec::not_found ? caf::error{} : body.error();
  auto page = read_remote_runs(*body);
  if (!page)
    return page.error();
  for (const auto& x : page->runs)
    to.add(target, x);
  return {};
}

std::optional<mebibytes>
platform_history::default_memory(const run_target& target) {
  auto body = get(path_of(target));
  if (!body)
    return std::nullopt;
  auto found = read_target_defaults(*body, target.is_task);
  if (!found)
    return std::nullopt;
  // A task that says nothing of memory gets what its actor gets.
  if (target.is_task && !found->memory && !found->actor_id.empty())
    return default_memory({found->actor_id, false});
  return found->memory;
}

std::optional<account_limits> platform_history::limits() {
  auto body = get("/v2/users/me/limits");
  if (!body)
    return std::nullopt;
  auto found = read_account_limits(*body);
  return found ? std::optional{*found} : std::nullopt;
}

caf::expected<std::string> platform_history::get(const std::string& target) {
  auto url = http::parse_url(account_.base_url + target);
  if (!url)
    return make_error(ec::bad_config,
                      fmt::format("base_url: {} is no URL", account_.base_url));
  http::outgoing request;
  request.url = *url;
  request.headers.set("Authorization", "Bearer " + account_.token.reveal());
  request.timeout = std::chrono::seconds{30};
  auto answer = call(client_, std::move(request));
  if (const auto* failed = std::get_if<http::send_error>(&answer))
    return make_error(ec::not_sent,
                      fmt::format("the Apify API at {} cannot be reached: {}",
                                  account_.base_url, failed->message));
  auto& response = std::get<http::response>(answer);
  if (response.status >= 400)
    return make_error(
      response.status == not_found ? ec::not_found : ec::api_refused,
      fmt::format("{} answers {}: {}", account_.base_url, response.status,
                  read_api_refusal(response.body).message));
  return std::move(response.body);
}

} // namespace orc::app
