// How the ORCHESTRATOR finds out whether the service is well.

#include "actors/orchestrator/orchestrator.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

/// Who has not answered by then hangs: a good disk takes milliseconds.
constexpr std::chrono::seconds longest_trip{10};

/// A platform that was silent for longer is asked whether it is there, so that
/// an idle service tells the truth, too.
constexpr std::chrono::milliseconds longest_silence{10'000};

/// One may be a hiccup.
constexpr std::uint64_t failures_that_count = 2;

/// @param brought whether the token came with a run: should the platform refuse
///                it, that is the affair of who brought it.
platform_check
judge_contact(const std::string& account, const contact& x, bool brought) {
  platform_check result;
  result.account = account;
  result.last_answer_at = x.last_answer;
  auto refused = x.problem == to_string(ec::unauthorized);
  if (x.failures >= failures_that_count && !(refused && brought)) {
    result.reachable = false;
    result.reason
      = fmt::format("the last {} calls failed: {}", x.failures,
                    refused ? "the platform refuses the token" : x.problem);
  } else if (x.last_answer) {
    result.reachable = true;
  }
  return result;
}

bool is_silence(const caf::error& x) {
  return x == caf::sec::request_timeout;
}

} // namespace

struct orchestrator_state::health_job {
  caf::typed_response_promise<health> promise;
  health found;
  std::size_t open = 1;

  void close() {
    if (--open > 0)
      return;
    orc::judge(found, {});
    promise.deliver(std::move(found));
  }
};

caf::result<health> orchestrator_state::examine() {
  auto job = std::make_shared<health_job>();
  job->found.recovered = recovered_;
  job->found.phase = is_ready().reason;
  if (!ready_) {
    orc::judge(job->found, {});
    return std::move(job->found);
  }
  job->promise = self_->make_response_promise<health>();
  examine_store(job);
  examine_budgets(job);
  examine_accounts(job);
  job->close();
  return job->promise;
}

/// A store that says no answers, too.
void orchestrator_state::examine_store(const std::shared_ptr<health_job>& job) {
  ++job->open;
  auto asked_at = self_->clock().now();
  self_->request(parts_.store, longest_trip, check_store{})
    .then(
      [this, job, asked_at](const store_health& x) {
        job->found.store.writable = true;
        job->found.store.size_bytes = x.size_bytes;
        job->found.store.write_secs
          = std::chrono::duration<double>(self_->clock().now() - asked_at)
              .count();
        job->close();
      },
      [job](const caf::error& x) {
        job->found.answering = job->found.answering && !is_silence(x);
        job->found.store.reason
          = is_silence(x) ? fmt::format("the store has not answered for {} s",
                                        longest_trip.count())
                          : message_of(x);
        job->close();
      });
}

void orchestrator_state::examine_budgets(
  const std::shared_ptr<health_job>& job) {
  if (!parts_.budgets)
    return;
  ++job->open;
  self_->request(parts_.budgets, longest_trip, get_budgets{})
    .then([job](const budget_views&) { job->close(); },
          [job](const caf::error& x) {
            job->found.answering = job->found.answering && !is_silence(x);
            job->close();
          });
}

void orchestrator_state::examine_accounts(
  const std::shared_ptr<health_job>& job) {
  job->open += accounts_.size() + 1;
  for (const auto& [account, target] : accounts_)
    self_
      ->request(caf::actor_cast<contact_actor>(target.api), longest_trip,
                get_contact{})
      .then(
        [this, job, account = account](const contact& x) {
          job->found.platform.push_back(
            judge_contact(account, x, book_.came_with_a_run(account)));
          ask_after_silence(account, x);
          job->close();
        },
        [job, account = account](const caf::error&) {
          platform_check unknown;
          unknown.account = account;
          job->found.platform.push_back(std::move(unknown));
          job->close();
        });
  with_accounts([job](const std::vector<account_view>& views) {
    for (const auto& x : views) {
      job->found.backlog.queued += x.runs_queued;
      job->found.backlog.live += x.runs_live;
    }
    job->close();
  });
}

void orchestrator_state::ask_after_silence(const std::string& account,
                                           const contact& x) {
  if (x.last_answer && now() - *x.last_answer < longest_silence)
    return;
  const auto* target = account_of(account);
  if (!target || !asking_.insert(account).second)
    return;
  auto done = [this, account] { asking_.erase(account); };
  // What it answers is not of interest: the APIFY API notes that it does.
  self_->request(target->api, longest_trip, get_user{})
    .then([done](const remote_user&) { done(); },
          [done](const caf::error&) { done(); });
}

} // namespace orc
