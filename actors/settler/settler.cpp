#include "actors/settler/settler.hpp"

#include "messages/apify_api/patience.hpp"
#include "messages/base/log.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"settler"};

using namespace std::chrono_literals;

/// So many are asked about one by one rather than by a list.
constexpr std::size_t few = 3;

/// A page of the list that told of fewer is not worth another.
constexpr std::size_t least_useful = 20;

constexpr std::size_t max_asking = 4;

/// The records of one round.
constexpr std::uint32_t round_size = 1000;

/// The longest pause while the platform cannot be asked.
constexpr std::chrono::milliseconds longest_pause = 5min;

/// @returns whether the same question may be answered later.
bool is_transient(ec code) {
  return code == ec::answer_lost || code == ec::bad_answer
         || code == ec::rate_limited || code == ec::not_sent
         || code == ec::timed_out || code == ec::none;
}

} // namespace

settler_state::settler_state(settler_self::pointer self) : self_{self} {
  // nop
}

settler_self::behavior_type
settler_state::make_behavior(settler_config config, settler_parts parts) {
  config_ = std::move(config);
  parts_ = std::move(parts);
  pause_ = config_.settle_after;
  plan(0ms);
  return {
    [this](settle_later) {
      more_ = true;
      plan(pause_);
    },
    [this](settle_now) { begin_round(); },
  };
}

// -- one round, step by step --------------------------------------------------

void settler_state::begin_round() {
  planned_ = false;
  busy_ = true;
  more_ = false;
  load_unsettled request{config_.account, round_size};
  self_->request(parts_.store, caf::infinite, request)
    .then([this](unsettled_runs& x) { take(std::move(x.records)); },
          [this](const caf::error& err) {
            log.warn("load-failed", "error=\"{}\"", message_of(err));
            more_ = true;
            take({});
          });
}

void settler_state::take(std::vector<run_record> records) {
  auto settled_before = now() - config_.settle_after;
  auto young = [&](const run_record& x) {
    return x.view.finished_at.value_or(timestamp{}) > settled_before;
  };
  // The oldest ends come first.
  full_ = records.size() == round_size && !young(records.front());
  more_ = more_ || std::any_of(records.begin(), records.end(), young);
  if (!std::exchange(first_, false))
    std::erase_if(records, young);
  round_ = settlement{std::move(records), settled_before};
  read_costs();
}

void settler_state::read_costs() {
  if (round_.unread_count() <= few)
    return read_alone();
  pages_ = run_pages{{remote_status::succeeded, remote_status::failed,
                      remote_status::timed_out, remote_status::aborted},
                     round_.earliest_start()};
  read_page();
}

void settler_state::read_page() {
  self_->request(parts_.api, apify_api_patience, pages_.request())
    .then([this](const remote_runs& page) { on_page(page); },
          [this](const caf::error& err) {
            log.warn("list-failed", "error=\"{}\"", message_of(err));
            read_alone();
          });
}

void settler_state::on_page(const remote_runs& page) {
  auto before = round_.unread_count();
  for (const auto& x : page.runs)
    if (x.usage_total_usd)
      round_.saw(x);
  auto told = before - round_.unread_count();
  auto may_tell_more = pages_.took(page) && told >= least_useful;
  if (!may_tell_more || round_.unread_count() <= few)
    return read_alone();
  pages_.skip_to(round_.earliest_start());
  read_page();
}

void settler_state::read_alone() {
  auto ids = round_.unread();
  alone_ = {ids.begin(), ids.end()};
  open_ = ids.size() + 1;
  for (std::size_t i = 0; i < max_asking; ++i)
    read_next();
  close(&settler_state::count);
}

void settler_state::read_next() {
  if (alone_.empty())
    return;
  auto id = std::move(alone_.front());
  alone_.pop_front();
  self_->request(parts_.api, apify_api_patience, get_remote_run{id, 0})
    .then(
      [this](const remote_run& x) {
        round_.saw(x);
        read_next();
        close(&settler_state::count);
      },
      [this, id](const caf::error& err) {
        on_cost_failed(id, err);
        read_next();
        close(&settler_state::count);
      });
}

void settler_state::on_cost_failed(const std::string& id,
                                   const caf::error& err) {
  log.warn("cost-unknown", "runId={} error=\"{}\"", id, message_of(err));
  if (is_transient(code_of(err)))
    round_.postpone(id);
  else
    round_.nothing_more(id);
}

void settler_state::count() {
  auto datasets = round_.datasets();
  if (!config_.count_items || datasets.empty())
    return save();
  if (datasets.size() <= few)
    return count_alone(datasets);
  self_->request(parts_.api, apify_api_patience, count_items{})
    .then(
      [this](const item_counts& x) {
        for (const auto& [id, items] : x.counts)
          round_.counted(id, items);
        count_alone(round_.uncounted());
      },
      [this](const caf::error& err) {
        log.warn("count-failed", "error=\"{}\"", message_of(err));
        count_alone(round_.uncounted());
      });
}

void settler_state::count_alone(const std::vector<std::string>& dataset_ids) {
  open_ = dataset_ids.size() + 1;
  for (const auto& id : dataset_ids)
    self_->request(parts_.counter, apify_api_patience, count_dataset{id})
      .then(
        [this, id](const dataset_count& x) {
          if (x.items)
            round_.counted(id, *x.items);
          close(&settler_state::save);
        },
        [this](const caf::error&) { close(&settler_state::save); });
  close(&settler_state::save);
}

void settler_state::save() {
  auto news = round_.news();
  open_ = news.size() + 1;
  for (const auto& record : news)
    self_->request(parts_.store, caf::infinite, settle_run{record})
      .then(
        [this, view = record.view](const saved&) {
          self_->send(parts_.events, publish_event{event_kind::settled, view});
          close(&settler_state::end_round);
        },
        [this, run = record.view.name](const caf::error& err) {
          // Taken on again, or pruned: then there is nothing to settle.
          if (code_of(err) == ec::store_failed) {
            log.warn("save-failed", "name={} error=\"{}\"", run,
                     message_of(err));
            more_ = true;
            full_ = false;
          }
          close(&settler_state::end_round);
        });
  if (!news.empty())
    log.info("runs-settled", "account={} runs={}", config_.account,
             news.size());
  close(&settler_state::end_round);
}

void settler_state::end_round() {
  busy_ = false;
  auto delayed = round_.was_postponed();
  pause_ = delayed ? std::min(pause_ * 2, longest_pause) : config_.settle_after;
  round_ = {};
  if (full_ && !delayed)
    plan(0ms);
  else if (more_ || delayed || full_)
    plan(pause_);
}

// -- tools --------------------------------------------------------------------

void settler_state::close(void (settler_state::*next)()) {
  if (--open_ == 0)
    (this->*next)();
}

void settler_state::plan(std::chrono::milliseconds pause) {
  if (busy_ || std::exchange(planned_, true))
    return;
  self_->delayed_send(self_, pause, settle_now{});
}

settler_self::behavior_type
settler(settler_self::stateful_pointer<settler_state> self,
        settler_config config, settler_parts parts) {
  return self->state.make_behavior(std::move(config), std::move(parts));
}

} // namespace orc
