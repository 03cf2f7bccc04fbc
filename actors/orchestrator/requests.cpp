// How the ORCHESTRATOR answers questions and lets clients wait.

#include "actors/orchestrator/with_run.hpp"
#include "messages/apify_api/patience.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace orc {

namespace {

/// ACCOUNT and BUDGETS answer at once; this only catches their death.
constexpr std::chrono::minutes own_timeout{1};

} // namespace

struct orchestrator_state::page_job {
  caf::typed_response_promise<run_page> promise;
  record_page records;
  run_page answer;
  /// Explanations under way.
  std::size_t open = 0;
};

void orchestrator_state::explain(const run_record& record,
                                 std::function<void(run)> f) {
  auto view = record.view;
  if (view.state != run_state::queued)
    return f(std::move(view));
  const auto* target = account_of(view.account);
  if (!target) {
    view.reason = fmt::format("account `{}` is not configured", view.account);
    return f(std::move(view));
  }
  self_
    ->request(target->account, caf::infinite, explain_wait{to_queued(record)})
    .then(
      [view, f](const wait_reason& x) mutable {
        view.reason = x.text;
        f(std::move(view));
      },
      [view, f](const caf::error&) { f(view); });
}

caf::result<run> orchestrator_state::get(const run_ref& ref) {
  auto promise = self_->make_response_promise<run>();
  with_run(ref, promise, [this, promise](const run_record& x) {
    explain(x,
            [promise](run view) mutable { promise.deliver(std::move(view)); });
  });
  return promise;
}

caf::result<run> orchestrator_state::wait(const wait_run& request) {
  auto promise = self_->make_response_promise<run>();
  auto at_most = request.at_most;
  with_run(request.ref, promise,
           [this, promise, at_most](run_record& x) mutable {
             if (is_final(x.view.state)) {
               promise.deliver(std::move(x.view));
               return;
             }
             auto number = waiters_.add(x.key, promise);
             self_->delayed_send(self_, at_most, wait_over{x.key, number});
           });
  return promise;
}

void orchestrator_state::on_wait_over(const wait_over& x) {
  for (auto& promise : waiters_.take(x.key, x.number))
    self_->request(parts_.store, caf::infinite, load_run{x.key})
      .then(
        [this, promise](const loaded_run& loaded) {
          explain(loaded.record, [promise](run view) mutable {
            promise.deliver(std::move(view));
          });
        },
        [promise](caf::error& err) mutable {
          promise.deliver(std::move(err));
        });
}

void orchestrator_state::on_finished(const run_finished& x) {
  for (auto& promise : waiters_.take_all(x.key))
    promise.deliver(x.run);
}

caf::result<run_page> orchestrator_state::list(const list_runs& request) {
  auto job = std::make_shared<page_job>();
  job->promise = self_->make_response_promise<run_page>();
  when_ready([this, job, request] {
    self_->request(parts_.store, caf::infinite, request)
      .then(
        [this, job](record_page& x) {
          job->records = std::move(x);
          explain_page(job);
        },
        [job](caf::error& err) { job->promise.deliver(std::move(err)); });
  });
  return job->promise;
}

void orchestrator_state::explain_page(const std::shared_ptr<page_job>& job) {
  const auto& records = job->records.records;
  if (!job->records.next_cursor.empty())
    job->answer.next_cursor = job->records.next_cursor;
  job->answer.items.resize(records.size());
  job->open = records.size();
  if (records.empty()) {
    job->promise.deliver(job->answer);
    return;
  }
  for (std::size_t i = 0; i < records.size(); ++i)
    explain(records[i], [job, i](run view) {
      job->answer.items[i] = std::move(view);
      if (--job->open == 0)
        job->promise.deliver(std::move(job->answer));
    });
}

void orchestrator_state::with_accounts(
  std::function<void(std::vector<account_view>)> f) {
  struct job_type {
    std::map<std::string, account_view> views;
    std::size_t open = 0;
    std::function<void(std::vector<account_view>)> done;
  };
  auto job = std::make_shared<job_type>();
  job->done = std::move(f);
  job->open = accounts_.size() + 1;
  auto close = [job] {
    if (--job->open > 0)
      return;
    std::vector<account_view> views;
    for (auto& [key, view] : job->views)
      views.push_back(std::move(view));
    job->done(std::move(views));
  };
  for (const auto& [key, target] : accounts_)
    self_->request(target.account, own_timeout, get_account{})
      .then(
        [job, close](account_view& x) {
          auto account = x.name;
          job->views.emplace(std::move(account), std::move(x));
          close();
        },
        [close](const caf::error&) { close(); });
  close();
}

caf::result<account_views> orchestrator_state::list_accounts() {
  auto promise = self_->make_response_promise<account_views>();
  when_ready([this, promise] {
    with_accounts([promise](std::vector<account_view> views) mutable {
      promise.deliver(account_views{std::move(views)});
    });
  });
  return promise;
}

caf::result<report> orchestrator_state::make_report(const get_report& request) {
  auto space = request.space;
  auto counts = request.count_live;
  auto promise = self_->make_response_promise<report>();
  auto failed
    = [promise](caf::error& err) mutable { promise.deliver(std::move(err)); };
  auto result = std::make_shared<report>();
  result->at = now();
  result->uptime_secs = (result->at - started_at_).count() / 1000;
  auto add_runs = [this, promise, result, failed, space, counts]() mutable {
    list_runs newest;
    newest.space = space;
    newest.limit = 1000;
    self_->request(parts_.store, caf::infinite, newest)
      .then(
        [this, promise, result, counts](record_page& page) mutable {
          for (auto& x : page.records)
            result->runs.push_back(std::move(x.view));
          if (counts)
            count_live(result, promise);
          else
            promise.deliver(std::move(*result));
        },
        failed);
  };
  when_ready([this, result, failed, add_runs, space]() mutable {
    self_->request(parts_.store, caf::infinite, load_totals{space})
      .then(
        [this, result, add_runs](run_totals& x) mutable {
          result->totals = std::move(x);
          with_accounts([this, result, add_runs](auto views) mutable {
            result->accounts = std::move(views);
            with_budgets(result, add_runs);
          });
        },
        failed);
  });
  return promise;
}

void orchestrator_state::with_budgets(const std::shared_ptr<report>& result,
                                      std::function<void()> f) {
  if (!parts_.budgets)
    return f();
  self_->request(parts_.budgets, own_timeout, get_budgets{})
    .then(
      [result, f](budget_views& x) {
        result->budgets = std::move(x.items);
        f();
      },
      [f](const caf::error&) { f(); });
}

caf::result<budget_views> orchestrator_state::list_budgets() {
  if (!parts_.budgets)
    return budget_views{};
  return self_->delegate(parts_.budgets, get_budgets{});
}

caf::result<budget_view>
orchestrator_state::change_budget(const set_budget& request) {
  if (!parts_.budgets)
    return make_error(ec::unknown_budget, "this service keeps no budgets");
  return self_->delegate(parts_.budgets, request);
}

void orchestrator_state::count_live(
  std::shared_ptr<report> result, caf::typed_response_promise<report> promise) {
  std::set<std::string> busy;
  for (const auto& x : result->runs)
    if (x.state == run_state::running)
      busy.insert(x.account);
  auto open = std::make_shared<std::size_t>(busy.size() + 1);
  auto close = [result, promise, open]() mutable {
    if (--*open == 0)
      promise.deliver(std::move(*result));
  };
  for (const auto& account : busy)
    if (const auto* target = account_of(account))
      self_->request(target->api, apify_api_patience, count_items{})
        .then(
          [result, close](const item_counts& x) mutable {
            for (auto& run : result->runs) {
              auto i = x.counts.find(run.dataset_id.value_or(""));
              if (run.state == run_state::running && i != x.counts.end())
                run.item_count = i->second;
            }
            close();
          },
          [close](const caf::error&) mutable { close(); });
    else
      close();
  close();
}

caf::result<items_page> orchestrator_state::read(const read_items& request) {
  auto promise = self_->make_response_promise<items_page>();
  with_run(request.ref, promise,
           [this, promise, page = request.page](const run_record& x) mutable {
             const auto* target = account_of(x.view.account);
             if (!x.view.dataset_id || !target) {
               promise.deliver(items_page{});
               return;
             }
             page.dataset_id = *x.view.dataset_id;
             self_->request(target->api, apify_api_patience, page)
               .then(
                 [promise](items_page& y) mutable {
                   promise.deliver(std::move(y));
                 },
                 [promise](caf::error& err) mutable {
                   promise.deliver(std::move(err));
                 });
           });
  return promise;
}

readiness orchestrator_state::is_ready() const {
  return {ready_ && !stopping_, stopping_ ? "stopping" : not_ready_because_};
}

} // namespace orc
