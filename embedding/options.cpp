#include "embedding/options.hpp"

#include "messages/base/error.hpp"
#include "messages/validate.hpp"
#include "messages/validate_budget.hpp"
#include "transport/apify/base_url.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/url.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace orc {

namespace {

/// No run fits below the smallest memory the platform gives.
constexpr std::uint64_t least_memory = 128;

caf::error bad(const std::string& option, std::string_view problem) {
  return make_error(ec::bad_config, fmt::format("{}: {}", option, problem));
}

caf::error
check_url(const std::string& url, const std::string& option, bool allow_plain) {
  if (auto err = check_base_url(url, true))
    return bad(option, "must be a URL such as https://api.apify.com");
  if (auto err = check_base_url(url, allow_plain))
    return bad(option, "is not encrypted: the token would travel in the clear; "
                       "use https://");
  if (url.ends_with('/') || url.ends_with("/v2"))
    return bad(option, "must be without `/v2` and without a slash at its end");
  return {};
}

caf::error
check(const account_settings& x, const std::string& place, bool allow_plain) {
  if (auto problem = name_problem(x.name); !problem.empty())
    return bad(place + ".name", problem);
  if (!x.base_url.empty())
    if (auto err = check_url(x.base_url, place + ".base_url", allow_plain))
      return err;
  if (x.max_runs == 0)
    return bad(place + ".max_runs",
               "must be at least 1; leave it out for no cap of ours");
  if (x.max_memory && x.max_memory->count < least_memory)
    return bad(place + ".max_memory", "must be at least 128 MiB; leave it out "
                                      "for no cap of ours");
  return {};
}

/// Checks each of a list, and that no two have one name.
template <class T, class Name, class Check>
caf::error
check_all(const std::vector<T>& xs, std::string_view list, Name name, Check f) {
  for (auto i = xs.begin(); i != xs.end(); ++i) {
    auto place = fmt::format("{}[{}]", list, i - xs.begin());
    if (auto err = f(*i, place))
      return err;
    auto same = [&](const T& x) { return name(x) == name(*i); };
    if (std::find_if(xs.begin(), i, same) != i)
      return bad(place + ".name",
                 fmt::format("there is another `{}`", name(*i)));
  }
  return {};
}

caf::error check_budget(const budget_settings& x, const std::string& place) {
  auto problem = validate(x, place);
  return problem ? make_error(ec::bad_config, message_of(problem)) : problem;
}

caf::error check_hook(const hook_settings& x, const std::string& place) {
  if (!http::parse_url(x.filter.url.reveal()))
    return bad(place + ".url", "must be an http or https URL");
  if (x.max_in_flight < 1 || x.max_in_flight > 64)
    return bad(place + ".max_in_flight", "must be from 1 to 64");
  if (x.timeout.count() < 1)
    return bad(place + ".timeout", "must be above 0");
  return {};
}

caf::error check(const store_choice& x) {
  if (const auto* folder = std::get_if<in_directory>(&x))
    if (folder->directory.empty())
      return bad("store.directory", "is missing");
  if (const auto* platform = std::get_if<in_key_value_store>(&x))
    if (platform->store.empty())
      return bad("store.store", "is missing: give the id or the name of an "
                                "Apify key-value store");
  if (const auto* own = std::get_if<store_actors>(&x))
    if (!own->runs)
      return bad("store.runs", "is nobody: runs must be kept somewhere");
  return {};
}

} // namespace

caf::error orchestrator_options::validate() const {
  if (auto err = check(store))
    return err;
  // A way of the host's own has nothing to do with URLs.
  auto plain = allow_plain_http || connect;
  if (auto err = check_url(settings.base_url, "settings.base_url", plain))
    return err;
  auto name_of_account = [](const account_settings& x) { return x.name; };
  if (auto err
      = check_all(settings.accounts, "settings.accounts", name_of_account,
                  [plain](const auto& x, const auto& place) {
                    return check(x, place, plain);
                  }))
    return err;
  auto name_of_budget = [](const budget_settings& x) { return x.name; };
  if (auto err = check_all(budgets, "budgets", name_of_budget, check_budget))
    return err;
  auto name_of_hook = [](const hook_settings& x) { return x.filter.name; };
  return check_all(webhooks, "webhooks", name_of_hook, check_hook);
}

std::shared_ptr<io_runtime> make_runtime() {
  return std::make_shared<io_runtime>();
}

} // namespace orc
