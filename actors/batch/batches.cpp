#include "actors/batch/batches.hpp"

#include "actors/batch/failed_runs.hpp"
#include "actors/deliver_to.hpp"
#include "messages/base/log.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"batches"};

using namespace std::chrono_literals;

/// How long after something ended a batch is counted: what ends in between is
/// counted with it.
constexpr auto check_pause = 200ms;

/// A RUN asks at most 10 s for the number of its items.
constexpr std::chrono::milliseconds longest_counting = 12s;

constexpr std::uint32_t longest_list = 1000;

caf::error unknown(const run_ref& ref) {
  return make_error(ec::not_found,
                    fmt::format("namespace {} has no batch named {}: it begins "
                                "with its first run",
                                ref.space, ref.name));
}

caf::error validate(const batch_request& x) {
  if (auto problem = name_problem(x.name); !problem.empty())
    return make_error(ec::bad_field, "name: " + problem);
  if (auto problem = name_problem(x.space); !problem.empty())
    return make_error(ec::bad_field, "namespace: " + problem);
  auto share = x.rules.tolerated_share.value_or(0);
  if (!(share >= 0 && share <= 1))
    return make_error(ec::bad_field,
                      fmt::format("toleratedShare: must be 0 to 1, not {}",
                                  share));
  return {};
}

} // namespace

batches_state::batches_state(batches_self::pointer self) : self_{self} {
  // nop
}

batches_self::behavior_type batches_state::make_behavior(batches_parts parts) {
  parts_ = std::move(parts);
  self_->send(parts_.events,
              subscribe_events{caf::actor_cast<event_sink>(self_), {}, 0});
  load();
  return {
    [this](const set_batch& x) { return set(x.request); },
    [this](const get_batch& x) { return get(x.ref); },
    [this](const wait_batch& x) { return wait(x); },
    [this](const list_batches& x) { return list(x); },
    [this](const abort_batch& x) { return abort(x); },
    [this](const retry_batch& x) { return retry(x.ref); },
    [this](const run_event& x) { on_event(x); },
    [this](const check_batch& x) { check(x.ref); },
    [this](const batch_wait_over& x) { on_wait_over(x); },
  };
}

// -- requests -----------------------------------------------------------------

caf::result<batch_view> batches_state::set(const batch_request& x) {
  if (auto err = validate(x))
    return err;
  auto promise = self_->make_response_promise<batch_view>();
  auto record = batch_record{{x.space, x.name}, x.rules, std::nullopt};
  save(record, [this, promise, record](const caf::error& err) mutable {
    if (err) {
      promise.deliver(err);
      return;
    }
    check_soon(record.ref);
    count(record.ref, deliver_to<batch_view>(promise));
  });
  return promise;
}

caf::result<batch_view> batches_state::get(const run_ref& ref) {
  auto promise = self_->make_response_promise<batch_view>();
  count(ref, deliver_to<batch_view>(promise));
  return promise;
}

caf::result<batch_view> batches_state::wait(const wait_batch& x) {
  auto promise = self_->make_response_promise<batch_view>();
  auto number = ++last_waiter_;
  // First, so that nothing that ends meanwhile is missed.
  waiters_[x.ref].emplace_back(number, promise);
  count(x.ref, [this, x, number](const caf::expected<batch_view>& view) {
    if (view && !is_over(*view)) {
      self_->delayed_send(self_, x.at_most, batch_wait_over{x.ref, number});
      return;
    }
    auto& waiting = waiters_[x.ref];
    for (auto& [which, waiter] : waiting)
      if (which == number)
        view ? waiter.deliver(*view) : waiter.deliver(view.error());
    std::erase_if(waiting, [=](const auto& y) { return y.first == number; });
    if (waiting.empty())
      waiters_.erase(x.ref);
  });
  return promise;
}

void batches_state::on_wait_over(const batch_wait_over& x) {
  auto known = waiters_.find(x.ref);
  if (known == waiters_.end())
    return;
  auto& waiting = known->second;
  auto i = std::find_if(waiting.begin(), waiting.end(),
                        [&](const auto& y) { return y.first == x.number; });
  if (i == waiting.end())
    return;
  auto promise = i->second;
  waiting.erase(i);
  if (waiting.empty())
    waiters_.erase(known);
  count(x.ref, deliver_to<batch_view>(promise));
}

caf::result<batch_views> batches_state::list(const list_batches& x) {
  struct job {
    caf::typed_response_promise<batch_views> promise;
    batch_views answer;
    std::size_t open = 0;
  };
  auto work = std::make_shared<job>();
  work->promise = self_->make_response_promise<batch_views>();
  self_
    ->request(parts_.store, caf::infinite,
              list_batch_names{x.space, std::clamp(x.limit, 1U, longest_list)})
    .then(
      [this, work](const batch_names& names) {
        work->answer.items.resize(names.refs.size());
        work->open = names.refs.size();
        if (work->open == 0)
          work->promise.deliver(work->answer);
        for (std::size_t i = 0; i < names.refs.size(); ++i)
          count(names.refs[i],
                [work, i](const caf::expected<batch_view>& view) {
                  if (view)
                    work->answer.items[i] = *view;
                  if (--work->open == 0)
                    work->promise.deliver(work->answer);
                });
      },
      [work](caf::error& err) { work->promise.deliver(std::move(err)); });
  return work->promise;
}

caf::result<batch_change> batches_state::abort(const abort_batch& x) {
  auto promise = self_->make_response_promise<batch_change>();
  auto finish = deliver_to<std::uint64_t>(promise);
  count(x.ref, [this, x,
                finish](const caf::expected<batch_view>& view) mutable {
    if (!view)
      return finish(view.error());
    sweep_abort(x.ref,
                {run_state::queued, run_state::starting, run_state::running},
                x.gracefully, finish);
  });
  return promise;
}

// -- watching -----------------------------------------------------------------

void batches_state::load() {
  self_->request(parts_.store, caf::infinite, load_batches{})
    .then(
      [this](const stored_batches& x) {
        for (const auto& record : x.records) {
          // What was set meanwhile is newer.
          records_.emplace(record.ref, record);
          check_soon(record.ref);
        }
      },
      [](const caf::error& err) {
        log.error("batches-unread", "error=\"{}\"", message_of(err));
      });
}

void batches_state::on_event(const run_event& x) {
  if (!x.run.batch)
    return;
  auto ref = run_ref{x.run.space, *x.run.batch};
  if (x.kind == event_kind::started)
    going_[ref].insert(x.run.name);
  if (x.kind != event_kind::ended)
    return;
  if (auto known = going_.find(ref); known != going_.end()) {
    known->second.erase(x.run.name);
    if (known->second.empty())
      going_.erase(known);
  }
  if (records_.contains(ref) || waiters_.contains(ref))
    check_soon(ref);
}

void batches_state::check_soon(const run_ref& ref) {
  if (checks_.emplace(ref, false).second)
    self_->delayed_send(self_, check_pause, check_batch{ref});
  else
    checks_[ref] = true;
}

void batches_state::check(const run_ref& ref) {
  checks_[ref] = false;
  count(ref, [this, ref](const caf::expected<batch_view>& view) {
    auto again = checks_[ref];
    checks_.erase(ref);
    if (again)
      check_soon(ref);
    if (!view)
      return;
    judge(*view);
    if (is_over(*view))
      answer_waiters(*view);
  });
}

void batches_state::judge(const batch_view& x) {
  if (x.stopped)
    return;
  if (auto why = find_excess(x.rules, x.failed, x.runs); !why.empty())
    stop(x, std::move(why));
}

void batches_state::stop(const batch_view& x, std::string why) {
  log.warn("batch-stopped", "batch={} because=\"{}\"", x.name, why);
  auto record = record_of({x.space, x.name});
  record.stopped = std::move(why);
  std::vector<run_state> states{run_state::queued};
  if (x.rules.on_exceeded == batch_end::abort)
    states = {run_state::queued, run_state::starting, run_state::running};
  save(record, [this, record, states](const caf::error& err) {
    if (err)
      log.error("batch-unsaved", "error=\"{}\"", message_of(err));
    sweep_abort(record.ref, states, false,
                [](const caf::expected<std::uint64_t>& done) {
                  if (!done)
                    log.error("batch-not-aborted", "error=\"{}\"",
                              message_of(done.error()));
                });
  });
}

bool batches_state::is_over(const batch_view& x) {
  auto ref = run_ref{x.space, x.name};
  auto going = going_.find(ref);
  if (!is_complete(x) || going == going_.end()) {
    counting_until_.erase(ref);
    return is_complete(x);
  }
  auto known = counting_until_.find(ref);
  if (known == counting_until_.end())
    known = counting_until_.emplace(ref, now() + longest_counting).first;
  if (now() < known->second) {
    check_soon(ref);
    return false;
  }
  // Nobody will tell of them any more.
  going_.erase(going);
  counting_until_.erase(known);
  return true;
}

void batches_state::answer_waiters(const batch_view& x) {
  auto waiting = waiters_.extract({x.space, x.name});
  if (!waiting.empty())
    for (auto& [number, promise] : waiting.mapped())
      promise.deliver(x);
}

// -- tools --------------------------------------------------------------------

batch_record batches_state::record_of(const run_ref& ref) const {
  auto known = records_.find(ref);
  return known != records_.end() ? known->second
                                 : batch_record{ref, {}, std::nullopt};
}

void batches_state::save(const batch_record& x,
                         std::function<void(caf::error)> f) {
  records_[x.ref] = x;
  self_->request(parts_.store, caf::infinite, save_batch{x})
    .then([f](const saved&) { f({}); }, [f](caf::error& err) { f(err); });
}

void batches_state::count(const run_ref& ref, view_callback f) {
  self_->request(parts_.runs, caf::infinite, load_totals{ref.space, ref.name})
    .then(
      [this, ref, f](run_totals& totals) {
        auto view = make_batch_view(record_of(ref), std::move(totals));
        if (view.runs == 0 && !records_.contains(ref))
          f(unknown(ref));
        else
          f(std::move(view));
      },
      [f](caf::error& err) { f(std::move(err)); });
}

batches_self::behavior_type
batches(batches_self::stateful_pointer<batches_state> self,
        batches_parts parts) {
  return self->state.make_behavior(std::move(parts));
}

} // namespace orc
