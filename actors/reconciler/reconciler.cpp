#include "actors/reconciler/reconciler.hpp"

#include "messages/apify_api/patience.hpp"
#include "messages/base/log.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"reconciler"};

using namespace std::chrono_literals;

/// What was found is bound within milliseconds; more than these are old.
constexpr std::size_t most_given = 1000;

/// Between two looks.
constexpr auto look_interval = 1s;

bool is_refusal(const caf::error& err) {
  auto code = code_of(err);
  return code == ec::forbidden || code == ec::unauthorized;
}

/// @returns whether the platform itself speaks, which names its reasons, and
///          not a proxy on the way to it, which may let the next look pass.
bool has_platform_type(const caf::error& err) {
  return type_of(err) != to_string(code_of(err));
}

} // namespace

reconciler_state::reconciler_state(reconciler_self::pointer self)
  : self_{self} {
  // nop
}

reconciler_self::behavior_type
reconciler_state::make_behavior(apify_api_actor api, run_store_actor store,
                                std::chrono::milliseconds window) {
  api_ = std::move(api);
  store_ = std::move(store);
  window_ = window;
  return {
    [this](const find_remote_run& x) { add(x); },
    [this](look_now) { look(); },
  };
}

void reconciler_state::add(const find_remote_run& x) {
  auto start = lost_start{x, {}, {}, self_->clock().now() + window_};
  auto accept = [this, start](const target_defaults& ids) mutable {
    start.actor_id = ids.actor_id;
    start.task_id = ids.task_id;
    starts_.add(std::move(start));
    strangers_.clear();
    if (!std::exchange(looking_, true))
      self_->send(self_, look_now{});
  };
  self_->request(api_, apify_api_patience, get_target{x.target})
    .then(accept, [accept](const caf::error&) mutable {
      // Then any target will do: the input decides.
      accept(target_defaults{});
    });
}

// -- one look, step by step ---------------------------------------------------

void reconciler_state::look() {
  if (starts_.empty()) {
    looking_ = false;
    return;
  }
  look_began_ = self_->clock().now();
  at_newest_ = false;
  candidates_.clear();
  listed_.clear();
  pages_ = run_pages{{}, starts_.list_from()};
  list_page();
}

void reconciler_state::list_page() {
  self_->request(api_, apify_api_patience, pages_.request())
    .then([this](const remote_runs& page) { on_page(page); },
          [this](const caf::error& err) { retry_look(err); });
}

void reconciler_state::on_page(const remote_runs& page) {
  take(page);
  if (pages_.took(page))
    list_page();
  else
    on_listed();
}

void reconciler_state::take(const remote_runs& page) {
  for (const auto& x : page.runs)
    if (!strangers_.contains(x.id) && listed_.insert(x.id).second)
      candidates_.push_back(x);
}

/// The time of an intent is this machine's where the platform tells none, and
/// may be wrong: before a start is given up, what started last is looked at
/// whatever the time.
void reconciler_state::list_newest() {
  at_newest_ = true;
  list_remote_runs newest;
  newest.newest_first = true;
  self_->request(api_, apify_api_patience, newest)
    .then(
      [this](const remote_runs& page) {
        take(page);
        on_listed();
      },
      [this](const caf::error& err) { retry_look(err); });
}

void reconciler_state::on_listed() {
  std::erase_if(candidates_, [this](const remote_run& x) {
    return !starts_.marked(x) && !starts_.is_unclear(x)
           && !starts_.is_foreign(x);
  });
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const remote_run& x, const remote_run& y) {
                     return x.started_at < y.started_at;
                   });
  find_bound request;
  for (const auto& x : candidates_)
    request.run_ids.push_back(x.id);
  self_->request(store_, caf::infinite, request)
    .then(
      [this](const bound_runs& x) {
        drop_bound(x);
        settle_marked();
        settle_unclear();
      },
      [this](const caf::error& err) { retry_look(err); });
}

void reconciler_state::drop_bound(const bound_runs& bound) {
  std::erase_if(candidates_, [&](const remote_run& x) {
    if (bound.owners.contains(x.id)) {
      starts_.learn(x);
      return true;
    }
    // Told to a RUN that may not have bound it yet; unless it asks again.
    auto given = given_.find(x.id);
    return given != given_.end() && !starts_.find(given->second);
  });
}

void reconciler_state::settle_marked() {
  // Aborts wait until all are told: a start that is found is no longer lost,
  // and what else carries its marker is then recognised as its double.
  std::map<run_key, remote_run> firsts;
  std::vector<remote_run> doubles;
  for (const auto& run : candidates_)
    if (const auto* start = starts_.marked(run))
      if (!firsts.emplace(start->what.key, run).second)
        doubles.push_back(run);
  std::erase_if(candidates_,
                [this](const remote_run& x) { return starts_.marked(x); });
  for (const auto& [key, run] : firsts)
    found(*starts_.find(key), run);
  for (const auto& run : doubles) {
    log.warn("double-aborted", "runId={} userAgent=\"{}\"", run.id,
             run.user_agent);
    self_->request(api_, apify_api_patience, abort_remote_run{run.id, false})
      .then([](const remote_run&) {},
            [id = run.id](const caf::error& err) {
              log.error("double-runs-on", "runId={} error=\"{}\"", id,
                        message_of(err));
            });
  }
}

void reconciler_state::settle_unclear() {
  while (!candidates_.empty()) {
    auto run = std::move(candidates_.front());
    candidates_.pop_front();
    if (!starts_.is_unclear(run))
      continue;
    return run.user_agent.empty() ? read_agent(std::move(run))
                                  : read_input(std::move(run));
  }
  end_look();
}

void reconciler_state::read_agent(remote_run run) {
  // List items may lack the User-Agent that the run itself tells.
  self_->request(api_, apify_api_patience, get_remote_run{run.id, 0})
    .then(
      [this](const remote_run& x) {
        if (const auto* start = starts_.marked(x))
          found(*start, x);
        else if (starts_.is_unclear(x))
          return read_input(x);
        else
          strangers_.insert(x.id);
        settle_unclear();
      },
      [this](const caf::error& err) { retry_look(err); });
}

void reconciler_state::read_input(remote_run run) {
  self_->request(api_, apify_api_patience, get_input{run.key_value_store_id})
    .then([this, run](const json_text& x) { on_input(run, x); },
          [this, run](const caf::error& err) {
            if (code_of(err) == ec::not_found)
              on_input(run, json_text{});
            else
              retry_look(err);
          });
}

void reconciler_state::on_input(const remote_run& run, const json_text& input) {
  if (const auto* start = starts_.fitting(run, input))
    found(*start, run);
  else
    strangers_.insert(run.id);
  settle_unclear();
}

void reconciler_state::end_look() {
  auto overdue = starts_.overdue(look_began_);
  if (!overdue.empty() && !at_newest_)
    return list_newest();
  for (auto key : overdue) {
    self_->send(starts_.find(key)->what.asker, remote_run_found{});
    starts_.remove(key);
  }
  plan_look();
}

void reconciler_state::retry_look(const caf::error& err) {
  log.warn("look-failed", "lost={} error=\"{}\"", starts_.size(),
           message_of(err));
  if (is_refusal(err))
    give_up(err, has_platform_type(err) ? steady_time::max() : look_began_);
  plan_look();
}

/// Gives up those that are overdue at `at`.
void reconciler_state::give_up(const caf::error& err, steady_time at) {
  for (auto key : starts_.overdue(at)) {
    auto message
      = "The answer to the start was lost and the token may not list "
        "runs ("
        + message_of(err)
        + "). Nothing was started again: look for the run in Apify "
          "Console. Submit it again with a token that may, and it is looked "
          "for.";
    self_->send(starts_.find(key)->what.asker,
                refuse_run{key, ec::answer_lost, message});
    starts_.remove(key);
  }
}

void reconciler_state::found(const lost_start& start, const remote_run& run) {
  self_->send(start.what.asker, remote_run_found{run});
  given_[run.id] = start.what.key;
  starts_.remove(start.what.key);
}

void reconciler_state::plan_look() {
  looking_ = !starts_.empty();
  if (looking_)
    self_->delayed_send(self_, look_interval, look_now{});
  else if (given_.size() > most_given)
    given_.clear();
}

reconciler_self::behavior_type
reconciler(reconciler_self::stateful_pointer<reconciler_state> self,
           apify_api_actor api, run_store_actor store,
           std::chrono::milliseconds window) {
  return self->state.make_behavior(std::move(api), std::move(store), window);
}

} // namespace orc
