#include "actors/orchestrator/submission.hpp"

#include "messages/json/merge.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <set>
#include <utility>

namespace orc {

namespace {

new_run
make_record(const run_request& request, std::string account, timestamp now) {
  new_run result;
  result.input = request.input;
  auto& record = result.record;
  record.target.is_task = !request.task.empty();
  record.target.id = record.target.is_task ? request.task : request.actor;
  record.options = request.options;
  record.max_attempts = request.attempts;
  record.priority = request.priority;
  record.on_succeeded = request.on_succeeded;
  record.on_aborted = request.on_aborted;
  record.on_timed_out = request.on_timed_out;
  record.max_memory = request.max_memory;
  record.stuck = request.stuck;
  record.stuck_resurrections = request.stuck ? request.stuck->resurrections : 0;
  record.stuck_restarts = request.stuck ? request.stuck->restarts : 0;
  auto& view = record.view;
  view.budget_usd = request.budget_usd;
  view.name = request.name.empty() ? make_name() : request.name;
  view.space = request.space;
  if (!request.batch.empty())
    view.batch = request.batch;
  (record.target.is_task ? view.task : view.actor) = record.target.id;
  view.account = std::move(account);
  view.memory = request.options.memory;
  view.submitted_at = now;
  return result;
}

/// @returns where a request stands in its submission: "" if it is alone.
std::string path_of(const std::vector<run_request>& requests, std::size_t i) {
  return requests.size() == 1 ? std::string{} : fmt::format("runs[{}]", i);
}

/// @returns `ec::bad_field` if `input` is no object.
caf::error put_under(std::string_view fixed, json_text& input) {
  auto merged = merge_objects(fixed, input.view());
  if (!merged)
    return std::move(merged.error());
  input = json_text{std::move(*merged)};
  return {};
}

bool is_object(const json_text& input) {
  return input.empty() || input.view().front() == '{';
}

} // namespace

account_book::account_book(std::vector<account_settings> accounts,
                           std::string base_url)
  : base_url_{std::move(base_url)} {
  if (!accounts.empty())
    default_ = accounts.front().name;
  for (auto& x : accounts)
    accounts_.emplace(x.name, x);
}

void account_book::add(const stored_account& account) {
  account_settings settings;
  settings.name = account.name;
  settings.token = account.token;
  settings.base_url = base_url_;
  accounts_.insert_or_assign(account.name, std::move(settings));
  brought_.insert(account.name);
}

void account_book::configure(const account_settings& account) {
  accounts_.insert_or_assign(account.name, account);
  brought_.erase(account.name);
}

caf::expected<std::string> account_book::resolve(const run_request& request) {
  if (!request.token.empty()) {
    for (const auto& [name, settings] : accounts_)
      if (settings.token == request.token)
        return name;
    auto account = stored_account{
      fmt::format("token-{}", make_name().substr(4)), request.token};
    add(account);
    new_.push_back(account);
    return account.name;
  }
  const auto& name = request.account.empty() ? default_ : request.account;
  if (accounts_.contains(name))
    return name;
  if (name.empty())
    return make_error(
      ec::unknown_account,
      "no Apify token: set APIFY_TOKEN or configure an account");
  return make_error(ec::unknown_account,
                    fmt::format("account `{}` is not configured", name));
}

std::vector<stored_account> account_book::take_new() {
  return std::exchange(new_, {});
}

const account_settings* account_book::find(const std::string& name) const {
  auto i = accounts_.find(name);
  return i != accounts_.end() ? &i->second : nullptr;
}

caf::error
put_under_inputs(const orchestrator_settings& settings, const json_text& fixed,
                 std::vector<run_request>& requests) {
  auto all = fixed;
  if (auto err = put_under(settings.fixed_input.view(), all))
    return make_error(code_of(err), "fixedInput: " + message_of(err));
  auto has_fixed = all.view() != "{}";
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto& input = requests[i].input;
    if (has_fixed && put_under(all.view(), input)) {
      auto path = path_of(requests, i);
      return make_error(ec::bad_field,
                        fmt::format("{}{}input: must be an object, since the "
                                    "fixed input is put under it",
                                    path, path.empty() ? "" : "."));
    }
    if (!settings.watched.empty() && is_object(input))
      if (auto err = put_under(settings.watched.view(), input))
        return err;
  }
  return {};
}

caf::expected<std::vector<new_run>>
make_records(const std::vector<run_request>& requests, account_book& accounts,
             timestamp now) {
  std::vector<new_run> result;
  result.reserve(requests.size());
  std::set<run_ref> names;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto& request = requests[i];
    auto path = path_of(requests, i);
    if (auto err = validate(request, path))
      return err;
    auto account = accounts.resolve(request);
    if (!account)
      return std::move(account.error());
    result.push_back(make_record(request, std::move(*account), now));
    const auto& view = result.back().record.view;
    if (!names.insert({view.space, view.name}).second)
      return make_error(ec::duplicate_name,
                        fmt::format("{}.name: `{}` is there twice", path,
                                    view.name));
  }
  return result;
}

std::string make_name() {
  static thread_local std::mt19937_64 source{[] {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) ^ device();
  }()};
  return fmt::format("run-{:016x}", source());
}

} // namespace orc
