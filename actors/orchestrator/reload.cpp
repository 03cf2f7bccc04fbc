// How the ORCHESTRATOR takes up another configuration while it works.

#include "actors/orchestrator/log.hpp"
#include "actors/orchestrator/orchestrator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// All that happens is on this machine.
constexpr std::chrono::seconds change_timeout{30};

const account_settings* find_settings(const std::vector<account_settings>& xs,
                                      const std::string& name) {
  auto i = std::find_if(xs.begin(), xs.end(),
                        [&](const auto& x) { return x.name == name; });
  return i != xs.end() ? &*i : nullptr;
}

} // namespace

struct orchestrator_state::reload_job {
  caf::typed_response_promise<reloaded> promise;
  reloaded outcome;
  std::size_t open = 1;

  void close() {
    if (--open == 0)
      promise.deliver(std::move(outcome));
  }

  void add(const reloaded& x) {
    outcome.kept.insert(outcome.kept.end(), x.kept.begin(), x.kept.end());
    close();
  }

  /// A part that does not take changes, or cannot.
  void keep(std::string_view what, const caf::error& why) {
    outcome.kept.push_back(
      fmt::format("{} was not changed: {}", what, message_of(why)));
    close();
  }
};

caf::result<reloaded>
orchestrator_state::reload(const reload_settings& request) {
  auto job = std::make_shared<reload_job>();
  job->promise = self_->make_response_promise<reloaded>();
  when_ready([this, job, request] {
    auto before = std::exchange(settings_.accounts, request.accounts);
    for (auto& x : settings_.accounts) {
      const auto* known = find_settings(before, x.name);
      // Its runs are there.
      if (known)
        x.base_url = known->base_url;
      book_.configure(x);
      if (known)
        reload_account(job, *known, x);
      else if (account_of(x.name))
        log.info("account-added", "account={}", x.name);
    }
    for (const auto& x : before)
      if (!find_settings(settings_.accounts, x.name)) {
        settings_.accounts.push_back(x);
        job->outcome.kept.push_back(fmt::format(
          "account `{}` stays until a restart: its runs need it", x.name));
      }
    if (!settings_.accounts.empty())
      book_.make_default(settings_.accounts.front().name);
    if (parts_.budgets) {
      ++job->open;
      self_
        ->request(caf::actor_cast<configured_budgets_actor>(parts_.budgets),
                  change_timeout, change_budgets{request.budgets})
        .then([job](const reloaded& x) { job->add(x); },
              [job](const caf::error& x) { job->keep("budgets", x); });
    }
    job->close();
  });
  return job->promise;
}

void orchestrator_state::reload_account(const std::shared_ptr<reload_job>& job,
                                        const account_settings& before,
                                        const account_settings& after) {
  const auto* target = account_of(after.name);
  if (!target)
    return;
  auto change = [&](auto whom, auto what, const char* subject) {
    ++job->open;
    auto text = fmt::format("{} of account `{}`", subject, after.name);
    self_->request(whom, change_timeout, std::move(what))
      .then([job](const reloaded& x) { job->add(x); },
            [job, text](const caf::error& x) { job->keep(text, x); });
  };
  if (before.token != after.token) {
    log.info("token-changed", "account={}", after.name);
    change(caf::actor_cast<token_holder_actor>(target->api),
           change_token{after.token}, "the token");
  }
  if (before.max_memory != after.max_memory
      || before.max_runs != after.max_runs) {
    log.info("caps-changed", "account={}", after.name);
    change(caf::actor_cast<capped_actor>(target->account),
           change_caps{after.max_memory, after.max_runs}, "the caps");
  }
}

} // namespace orc
