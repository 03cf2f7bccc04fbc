#include "app/service/preflight.hpp"

#include "app/client/http_call.hpp"
#include "messages/base/log.hpp"
#include "transport/apify/base_url.hpp"
#include "transport/apify/endpoints.hpp"
#include "transport/asio/runtime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace orc::app {

namespace {

using namespace std::chrono_literals;

constexpr logger start_log{"serve"};

/// More than a hiccup, less than a user's patience.
constexpr int most_tries = 5;
constexpr auto between_tries = 400ms;

/// @returns what one answer to `GET /v2/users/me` says, and whether asking
///          again may help.
std::pair<caf::error, bool>
judge(const http::client::result& answer, const account_settings& account) {
  if (const auto* failed = std::get_if<http::send_error>(&answer))
    return {make_error(ec::not_sent,
                       fmt::format("the Apify API at {} cannot be reached: {}",
                                   account.base_url, failed->message)),
            true};
  auto status = std::get<http::response>(answer).status;
  if (status == 401)
    return {make_error(ec::unauthorized,
                       fmt::format("{} refuses the token of account `{}`: "
                                   "check APIFY_TOKEN, --token or the "
                                   "configuration",
                                   account.base_url, account.name)),
            false};
  // A token that may only run things gets 403 here and works all the same.
  if (status < 400 || status == 403)
    return {};
  auto is_busy = status == 429 || status >= 500;
  return {make_error(is_busy ? ec::not_sent : ec::bad_config,
                     fmt::format("{}/v2/users/me answers {}: {}",
                                 account.base_url, status,
                                 is_busy ? "try again later, or check whether "
                                           "this is an Apify API"
                                         : "is this an Apify API?")),
          is_busy};
}

caf::error check(http::client& client, const account_settings& account) {
  if (auto err = check_base_url(account.base_url))
    return err;
  auto calls = apify::endpoints{account.base_url, account.token};
  auto request = calls.make(get_user{}).request;
  request.timeout = 10s;
  for (int tries = 1;; ++tries) {
    auto [problem, again] = judge(call(client, request), account);
    if (!problem || !again || tries == most_tries)
      return problem;
    std::this_thread::sleep_for(between_tries);
  }
}

} // namespace

caf::error check_accounts(const std::vector<account_settings>& accounts,
                          const std::vector<std::string>& names) {
  io_runtime runtime;
  http::client client{runtime, {}};
  for (const auto& name : names) {
    auto found
      = std::find_if(accounts.begin(), accounts.end(), [&](const auto& x) {
          return name.empty() || x.name == name;
        });
    if (found == accounts.end() && name.empty())
      return make_error(ec::unauthorized,
                        "there is no Apify token: set APIFY_TOKEN, give "
                        "--token, or name one in the configuration. To try "
                        "without an account, add --emulator");
    if (found == accounts.end())
      return make_error(ec::unknown_account,
                        fmt::format("account `{}` is not in the configuration",
                                    name));
    if (auto err = check(client, *found))
      return err;
  }
  return {};
}

caf::error check_all_accounts(const std::vector<account_settings>& accounts) {
  if (accounts.empty())
    start_log.warn("no-account", "runs must bring their own token");
  for (const auto& account : accounts)
    if (auto err = check_accounts({account}, {account.name})) {
      if (code_of(err) != ec::not_sent)
        return err;
      start_log.warn("platform-unreachable", "account={} error=\"{}\"",
                     account.name, message_of(err));
    }
  return {};
}

} // namespace orc::app
