#include "app/config/load.hpp"

#include "app/config/bus.hpp"
#include "app/config/config_file.hpp"
#include "app/config/pools.hpp"
#include "app/config/read_home.hpp"
#include "app/config/schedules.hpp"
#include "app/config/webhooks.hpp"
#include "messages/json/merge.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace orc::app {

namespace {

caf::error bad_config(std::string message) {
  return make_error(ec::bad_config, std::move(message));
}

/// A token that is named by one of three options.
struct token_source {
  secret& token;
  const std::string& variable;
  const std::string& file;
  /// Whose token, for errors: `accounts[1]`.
  std::string owner;
  /// The name under which systemd may hand it over, if no option says where it
  /// is.
  std::string credential = {};
};

constexpr std::string_view credential_scheme = "credential:";

std::string trimmed(std::string text) {
  auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

caf::error fetch_from_file(const token_source& x, const std::string& file) {
  std::ifstream in{file};
  std::string text;
  if (!std::getline(in, text) || trimmed(text).empty())
    return bad_config(fmt::format("{}_file: {} holds no token or cannot be "
                                  "read",
                                  x.owner, file));
  x.token = secret{trimmed(text)};
  return {};
}

/// @param folder where systemd put what `LoadCredential=` names. One that names
/// a
///               folder names what is in it after itself: `orchestrator_NAME`.
std::string
credential_file(const std::string& folder, std::string_view wanted) {
  auto whole = fmt::format("{}/orchestrator_{}", folder, wanted);
  return std::filesystem::exists(whole) ? whole
                                        : fmt::format("{}/{}", folder, wanted);
}

caf::error fetch_credential(const token_source& x, const environment& env,
                            std::string_view wanted) {
  auto folder = env("CREDENTIALS_DIRECTORY");
  if (!folder)
    return bad_config(fmt::format("{}_file: there are no credentials: "
                                  "CREDENTIALS_DIRECTORY is not set; give "
                                  "LoadCredential={}:FILE in the unit",
                                  x.owner, wanted));
  return fetch_from_file(x, credential_file(*folder, wanted));
}

/// Nobody said where it is: systemd may have brought it all the same.
caf::error fetch_if_brought(const token_source& x, const environment& env) {
  auto folder = env("CREDENTIALS_DIRECTORY");
  if (!folder || x.credential.empty())
    return {};
  auto file = credential_file(*folder, x.credential);
  return std::filesystem::exists(file) ? fetch_from_file(x, file)
                                       : caf::error{};
}

/// A token given outright wins: it comes from the command line or environment.
caf::error fetch(const token_source& x, const environment& env) {
  if (!x.variable.empty() && !x.file.empty())
    return bad_config(
      fmt::format("{0}_env and {0}_file: give one of them", x.owner));
  if (!x.token.empty())
    return {};
  if (x.file.starts_with(credential_scheme))
    return fetch_credential(
      x, env, std::string_view{x.file}.substr(credential_scheme.size()));
  if (!x.file.empty())
    return fetch_from_file(x, x.file);
  if (x.variable.empty())
    return fetch_if_brought(x, env);
  auto value = env(x.variable);
  if (!value)
    return bad_config(fmt::format("{}_env: the environment variable {} is not "
                                  "set",
                                  x.owner, x.variable));
  x.token = secret{*value};
  return {};
}

caf::error fetch_webhook_secrets(config& x, const environment& env) {
  const std::string no_file;
  for (std::size_t i = 0; i < x.webhooks.size(); ++i) {
    auto& hook = x.webhooks[i];
    auto owner = fmt::format("webhooks[{}].", i);
    if (auto err = fetch({hook.url, hook.url_env, no_file, owner + "url"}, env))
      return err;
    if (auto err = fetch({hook.signing_key, hook.signing_key_env,
                          hook.signing_key_file, owner + "secret"},
                         env))
      return err;
  }
  return {};
}

caf::error fetch_tokens(config& x, const environment& env) {
  if (auto err = fetch(
        {x.token, x.token_env, x.token_file, "token", "apify-token"}, env))
    return err;
  if (auto err = fetch({x.seal_key, x.seal_key_env, x.seal_key_file, "seal_key",
                        "seal-key"},
                       env))
    return err;
  if (auto err = fetch({x.kvs.encryption_key, x.kvs.encryption_key_env,
                        x.kvs.encryption_key_file, "kvs.encryption_key"},
                       env))
    return err;
  if (auto err = fetch({x.api_token, x.api_token_env, x.api_token_file,
                        "api_token", "orchestrator-token"},
                       env))
    return err;
  if (auto err = fetch(
        {x.nats.token, x.nats.token_env, x.nats.token_file, "nats.token"}, env))
    return err;
  if (auto err = fetch({x.nats.password, x.nats.password_env,
                        x.nats.password_file, "nats.password"},
                       env))
    return err;
  for (std::size_t i = 0; i < x.accounts.size(); ++i) {
    auto& account = x.accounts[i];
    auto owner = fmt::format("accounts[{}].token", i);
    if (auto err = fetch({account.token, account.token_env, account.token_file,
                          owner, "apify-token-" + account.name},
                         env))
      return err;
  }
  return fetch_webhook_secrets(x, env);
}

caf::error check_url(const std::string& url, const std::string& owner) {
  auto http = url.starts_with("http://") || url.starts_with("https://");
  if (!http || url.find_first_of(" \t\r\n") != std::string::npos)
    return bad_config(fmt::format("{}: must be a URL such as "
                                  "https://api.apify.com, not {}",
                                  owner, url));
  return {};
}

/// No run fits below the smallest memory the platform gives.
constexpr std::uint64_t least_memory = 128;

/// @param owner what stands before the names: `accounts[0].`.
caf::error
check_caps(const std::optional<mebibytes>& memory,
           const std::optional<std::uint64_t>& runs, const std::string& owner) {
  if (runs == 0)
    return bad_config(fmt::format("{}max_concurrent_runs: must be at least 1; "
                                  "leave it out for no cap of ours",
                                  owner));
  if (memory && memory->count < least_memory)
    return bad_config(fmt::format("{}max_memory_mbytes: must be at least {}, "
                                  "not {}; leave it out for no cap of ours",
                                  owner, least_memory, memory->count));
  return {};
}

/// The platform's documents write the URL with and without `/v2`.
std::string without_version(std::string url) {
  while (url.ends_with('/'))
    url.pop_back();
  if (url.ends_with("/v2"))
    url.resize(url.size() - 3);
  return url;
}

caf::error check_accounts(const config& x) {
  for (std::size_t i = 0; i < x.accounts.size(); ++i) {
    const auto& account = x.accounts[i];
    auto owner = fmt::format("accounts[{}]", i);
    if (auto problem = name_problem(account.name); !problem.empty())
      return bad_config(fmt::format("{}.name: {}", owner, problem));
    if (account.token.empty())
      return bad_config(fmt::format("{}: `{}` has no token: give token, "
                                    "token_env or token_file",
                                    owner, account.name));
    for (std::size_t j = 0; j < i; ++j)
      if (x.accounts[j].name == account.name)
        return bad_config(fmt::format("{}.name: `{}` is the name of "
                                      "accounts[{}], too",
                                      owner, account.name, j));
    if (auto err
        = check_caps(account.max_memory, account.max_runs, owner + "."))
      return err;
    if (account.base_url.empty())
      continue;
    if (auto err = check_url(account.base_url, owner + ".base_url"))
      return err;
  }
  return {};
}

account_settings settings_of(const account_entry& x, const config& all) {
  return {x.name, x.token,
          without_version(x.base_url.empty() ? all.base_url : x.base_url),
          x.max_memory, x.max_runs};
}

} // namespace

caf::expected<config>
load_config(const overrides& cli, const environment& env) {
  config result;
  if (!cli.file.empty())
    if (auto err = read_config_file(cli.file, result))
      return err;
  if (auto err = read_environment(env, result))
    return err;
  for (const auto& [option, text, source] : cli.entries)
    if (auto err = set_option(result, option, text, source))
      return err;
  if (auto err = fetch_tokens(result, env))
    return err;
  if (auto err = check_url(result.base_url, "base_url"))
    return err;
  if (auto err = check_caps(result.max_memory, result.max_runs, ""))
    return err;
  if (auto err = check_accounts(result))
    return err;
  result.at_home = read_home(env);
  if (result.at_home && result.kvs.store.empty())
    result.kvs.store = result.at_home->store_id;
  if (result.store == store_kind::kvs && result.kvs.store.empty())
    return bad_config("kvs.store: is missing: give the id or the name of an "
                      "Apify key-value store");
  if (auto object = merge_objects(result.fixed_input, ""); !object)
    return bad_config("fixed_input: " + message_of(object.error()));
  if (auto hooks = webhooks_of(result); !hooks)
    return hooks.error();
  if (result.tasks.lease.count() < 1)
    return bad_config("tasks.lease: must be at least 0.001");
  if (auto err = check_budgets(result.budgets))
    return err;
  if (auto bus = bus_settings_of(result); !bus)
    return bus.error();
  name_pools(result);
  if (auto pools = pools_of(result); !pools)
    return pools.error();
  if (auto schedules = schedules_of(result); !schedules)
    return schedules.error();
  return result;
}

std::vector<account_settings> accounts_of(const config& x) {
  std::vector<account_settings> result;
  for (const auto& account : x.accounts)
    result.push_back(settings_of(account, x));
  auto is_default
    = [](const auto& account) { return account.name == "default"; };
  auto first = std::find_if(result.begin(), result.end(), is_default);
  if (first == result.end() && !x.token.empty())
    first = result.insert(
      first,
      {"default", {}, without_version(x.base_url), x.max_memory, x.max_runs});
  if (first == result.end())
    return result;
  if (!x.token.empty())
    first->token = x.token;
  std::rotate(result.begin(), first, std::next(first));
  return result;
}

orchestrator_settings settings_of(const config& x) {
  orchestrator_settings result;
  result.accounts = accounts_of(x);
  result.base_url = result.accounts.empty() ? without_version(x.base_url)
                                            : result.accounts[0].base_url;
  result.reconcile_window = x.timing.reconcile_window;
  result.max_overtake = x.timing.max_overtake;
  result.retry_backoff = x.timing.retry_backoff;
  result.retry_backoff_max = x.timing.retry_backoff_max;
  result.lost_after = x.timing.lost_after;
  result.settle_after = x.timing.settle_after;
  if (x.timing.settle_after.count() == 0)
    result.settle_after.reset();
  result.count_items = x.count_items;
  result.fixed_input = json_text{x.fixed_input};
  if (x.at_home && x.watch_children)
    result.watched = json_text{watched_input(*x.at_home)};
  return result;
}

} // namespace orc::app
