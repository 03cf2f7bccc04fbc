#include "actors/watchdog/watchdog.hpp"

#include "messages/apify_api/patience.hpp"
#include "messages/base/log.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr logger log{"watchdog"};

/// So many runs are looked at together: more would crowd out what starts and
/// ends runs.
constexpr std::size_t looks_at_once = 16;

} // namespace

watchdog_state::watchdog_state(watchdog_self::pointer self)
  : self_{self}, wall_start_{now()}, clock_start_{self->clock().now()} {
  self_->set_down_handler([this](const caf::down_msg& x) { forget(x.source); });
}

watchdog_self::behavior_type
watchdog_state::make_behavior(apify_api_actor api, item_counter_actor counter) {
  api_ = std::move(api);
  counter_ = std::move(counter);
  return {
    [this](const watch_progress& x) { watch(x); },
    [this](const unwatch_progress& x) { unwatch(x.id); },
    [this](look_around) {
      // It may be one whose place an earlier one has taken.
      if (timer_ && *timer_ <= time())
        timer_.reset();
      look();
    },
  };
}

void watchdog_state::watch(const watch_progress& x) {
  unwatch(x.id);
  auto signs = progress{std::chrono::seconds{x.after_secs}, time()};
  runs_.insert_or_assign(x.id, guarded{x.dataset_id, x.watcher, signs, {}});
  self_->monitor(x.watcher);
  schedule(x.id);
}

void watchdog_state::unwatch(const std::string& id) {
  unschedule(id);
  runs_.erase(id);
}

/// A RUN that died has the run watched again when it is back.
void watchdog_state::forget(const caf::actor_addr& watcher) {
  std::vector<std::string> orphans;
  for (const auto& [id, x] : runs_)
    if (x.watcher.address() == watcher)
      orphans.push_back(id);
  for (const auto& id : orphans)
    unwatch(id);
}

void watchdog_state::look() {
  while (looking_ < looks_at_once && !due_.empty()
         && due_.begin()->first <= time()) {
    auto id = due_.begin()->second;
    unschedule(id);
    ++looking_;
    look_at(id);
  }
  set_timer();
}

void watchdog_state::look_at(const std::string& id) {
  auto* run = find(id);
  if (run == nullptr)
    return;
  if (run->dataset_id.empty())
    return look_at_run(id);
  self_->request(counter_, apify_api_patience, count_dataset{run->dataset_id})
    .then(
      [this, id](const dataset_count& x) {
        auto* watched = find(id);
        if (watched == nullptr)
          return;
        if (x.items && watched->signs.saw_items(*x.items, time()))
          return done(id);
        look_at_run(id);
      },
      [this, id](const caf::error&) { look_at_run(id); });
}

void watchdog_state::look_at_run(const std::string& id) {
  self_->request(api_, apify_api_patience, get_remote_run{id, 0})
    .then(
      [this, id](const remote_run& x) {
        auto* run = find(id);
        if (run == nullptr)
          return;
        if (run->signs.saw_run(x, time()) || !run->signs.is_stuck(time())
            || x.status != remote_status::running)
          return done(id);
        look_at_log(id);
      },
      [this, id](const caf::error&) {
        // While the platform is not well nobody can tell.
        if (auto* run = find(id); run != nullptr) {
          run->signs.forgive(time());
          done(id);
        }
      });
}

void watchdog_state::look_at_log(const std::string& id) {
  self_->request(api_, apify_api_patience, get_log_end{id})
    .then(
      [this, id](const log_end& x) {
        if (x.at)
          judge_log(id, *x.at);
        else
          give_up(id);
      },
      [this, id](const caf::error& err) {
        auto code = code_of(err);
        // A log that cannot be had says nothing.
        if (code == ec::forbidden || code == ec::not_found)
          return give_up(id);
        if (auto* run = find(id); run != nullptr) {
          run->signs.forgive(time());
          done(id);
        }
      });
}

/// The platform stamps the lines by its own clock.
void watchdog_state::judge_log(const std::string& id, timestamp line) {
  self_->request(api_, apify_api_patience, get_server_time{})
    .then(
      [this, id, line](timestamp server_time) {
        auto* run = find(id);
        if (run == nullptr)
          return;
        if (run->signs.saw_log(server_time - line, time())
            && !run->signs.is_stuck(time()))
          return done(id);
        give_up(id);
      },
      [this, id](const caf::error&) { done(id); });
}

void watchdog_state::give_up(const std::string& id) {
  auto* run = find(id);
  if (run == nullptr)
    return;
  auto secs
    = std::chrono::floor<std::chrono::seconds>(run->signs.quiet(time()));
  log.info("run-stuck", "runId={} secs={}", id, secs.count());
  self_->send(run->watcher, remote_run_stuck{id, secs.count()});
  // Its RUN aborts it; should that come to nothing it is looked at again.
  run->signs.forgive(time());
  done(id);
}

void watchdog_state::done(const std::string& id) {
  --looking_;
  schedule(id);
  look();
}

watchdog_state::guarded* watchdog_state::find(const std::string& id) {
  auto i = runs_.find(id);
  if (i != runs_.end())
    return &i->second;
  --looking_;
  set_timer();
  return nullptr;
}

void watchdog_state::schedule(const std::string& id) {
  unschedule(id);
  if (auto i = runs_.find(id); i != runs_.end()) {
    i->second.due = i->second.signs.next_look(time());
    due_.emplace(*i->second.due, id);
  }
  set_timer();
}

void watchdog_state::unschedule(const std::string& id) {
  auto i = runs_.find(id);
  if (i == runs_.end() || !i->second.due)
    return;
  due_.erase({*i->second.due, id});
  i->second.due.reset();
}

void watchdog_state::set_timer() {
  if (due_.empty() || looking_ >= looks_at_once)
    return;
  auto next = due_.begin()->first;
  if (timer_ && *timer_ <= next)
    return;
  timer_ = next;
  auto wait = std::max(next - time(), std::chrono::milliseconds{1});
  self_->delayed_send(self_, wait, look_around{});
}

timestamp watchdog_state::time() const {
  auto passed = self_->clock().now() - clock_start_;
  return wall_start_
         + std::chrono::duration_cast<std::chrono::milliseconds>(passed);
}

watchdog_self::behavior_type
watchdog(watchdog_self::stateful_pointer<watchdog_state> self,
         apify_api_actor api, item_counter_actor counter) {
  return self->state.make_behavior(std::move(api), std::move(counter));
}

} // namespace orc
