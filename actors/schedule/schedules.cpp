#include "actors/schedule/schedules.hpp"

#include "actors/deliver_to.hpp"
#include "actors/schedule/refusals.hpp"
#include "messages/base/log.hpp"
#include "messages/validate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

constexpr logger log{"schedules"};

/// However far away the next time is: clocks are set.
constexpr std::chrono::milliseconds longest_nap{30'000};

constexpr std::size_t longest_name = 100;

/// How many times a preview shows at most.
constexpr std::uint32_t most_shown = 100;

caf::error check_name(const std::string& name) {
  if (name.size() > longest_name)
    return make_error(ec::bad_field, "name: must have at most 100 characters");
  auto problem = name_problem(name);
  if (problem.empty() && name.find('/') != std::string::npos)
    problem = "must not hold a slash";
  return problem.empty()
           ? caf::error{}
           : make_error(ec::bad_field, fmt::format("name: {}", problem));
}

/// @returns whether the times of both are the same.
bool same_times(const schedule_definition& x, const schedule_definition& y) {
  return x.cron == y.cron && x.every_secs == y.every_secs
         && x.time_zone == y.time_zone;
}

} // namespace

schedules_state::schedules_state(schedules_self::pointer self) : self_{self} {
  // nop
}

schedules_self::behavior_type
schedules_state::make_behavior(schedules_config config, schedules_parts parts) {
  config_ = std::move(config);
  parts_ = std::move(parts);
  load();
  return {
    [this](const set_schedule& x) { return set(x); },
    [this](const keep_schedules& x) { return keep(x); },
    [this](const change_schedule& x) { return change(x); },
    [this](const get_schedules& x) { return get(x); },
    [this](const preview_schedule& x) { return preview(x); },
    [this](const schedules_tick& x) { take(x); },
  };
}

void schedules_state::load() {
  self_->request(parts_.store, caf::infinite, load_schedules{})
    .await(
      [this](const stored_schedules& found) {
        for (const auto& is : found.items) {
          auto times = timetable::make(is.is, is.created_at);
          if (!times) {
            log.error("schedule-unusable", "name={} error=\"{}\"", is.is.name,
                      message_of(times.error()));
            continue;
          }
          auto one = std::make_shared<desk>();
          one->is = is;
          one->times = std::move(*times);
          one->is_resumed = !is.firing.empty();
          desks_.emplace(is.is.name, std::move(one));
        }
        tick("");
      },
      [this](caf::error& err) { self_->quit(std::move(err)); });
}

caf::result<schedule_views> schedules_state::set(const set_schedule& x) {
  auto promise = self_->make_response_promise<schedule_views>();
  if (x.token.empty())
    set_now(x, deliver_to<schedule_views>(promise));
  else
    set_once(x, deliver_to<schedule_views>(promise));
  return promise;
}

void schedules_state::set_now(const set_schedule& x, views_answer f) {
  if (auto err = check_name(x.is.name))
    return f(err);
  auto now = config_.clock();
  auto known = desks_.find(x.is.name);
  if (known != desks_.end() && x.must_be_new)
    return f(make_error(ec::name_conflict,
                        fmt::format("there is a schedule `{}` already; PUT "
                                    "/api/v1/schedules/{} changes it",
                                    x.is.name, x.is.name)));
  if (known != desks_.end())
    if (auto err = check_owner(known->second->is, x.owner))
      return f(err);
  auto one = known != desks_.end() ? known->second : std::make_shared<desk>();
  auto created = known != desks_.end() ? one->is.created_at : now;
  if (auto target = read_schedule_target(x.is, created, now); !target)
    return f(target.error());
  auto times = timetable::make(x.is, created);
  if (!times)
    return f(times.error());
  auto is_new = known == desks_.end();
  auto was = past{one->is.is, one->is.owner, one->times, one->is.looked_until};
  if (is_new)
    one->is.created_at = now;
  if (is_new || !same_times(one->is.is, x.is)
      || (one->is.is.is_paused && !x.is.is_paused))
    one->is.looked_until = now;
  was.looks_from = one->is.looked_until;
  one->is.is = x.is;
  one->is.owner = x.owner;
  one->times = std::move(*times);
  one->next_is_after.reset();
  if (!is_new)
    return save_change(one, std::move(was), x.token, std::move(f));
  desks_.emplace(x.is.name, one);
  save_new(one, x.token, std::move(f));
}

void schedules_state::save_new(const desk_ptr& x, std::string token,
                               views_answer f) {
  // Nothing comes of it before it is known to stay.
  x->is_busy = true;
  auto then = [this, x, f](const caf::error& err) {
    x->is_busy = false;
    if (err) {
      // Unless it is being removed.
      if (!x->is_gone)
        give_up(x);
      return f(err);
    }
    f(schedule_views{{view_of(*x)}});
    plan_tick();
  };
  save(x, std::move(then), std::move(token));
}

void schedules_state::give_up(const desk_ptr& x) {
  x->is_gone = true;
  forget(x);
  // What came behind it may have been stored.
  if (x->saves > 1)
    self_->anon_send(parts_.store, drop_schedule{x->is.is.name});
}

void schedules_state::save_change(const desk_ptr& x, past was,
                                  std::string token, views_answer f) {
  auto then = [this, x, was, f, number = x->saves + 1](const caf::error& err) {
    if (err) {
      put_back(x, was, x->saves != number);
      return f(err);
    }
    f(schedule_views{{view_of(*x)}});
    plan_tick();
  };
  save(x, std::move(then), std::move(token));
}

void schedules_state::put_back(const desk_ptr& x, past was, bool was_saved) {
  x->is.is = std::move(was.is);
  x->is.owner = std::move(was.owner);
  x->times = std::move(was.times);
  if (x->is.looked_until == was.looks_from)
    x->is.looked_until = was.looked_until;
  x->next_is_after.reset();
  if (was_saved)
    save(x, [](const caf::error&) {
      // The next one does it.
    });
  plan_tick();
}

caf::result<schedule_views> schedules_state::change(const change_schedule& x) {
  auto promise = self_->make_response_promise<schedule_views>();
  views_answer f = deliver_to<schedule_views>(promise);
  if (x.verb == schedule_verb::run && !x.token.empty()) {
    run_once(x, f);
    return promise;
  }
  auto known = desks_.find(x.name);
  if (known == desks_.end())
    f(no_schedule(x.name));
  else if (x.verb == schedule_verb::run)
    run_now(known->second, {}, f);
  else if (auto err = check_owner(known->second->is, ""))
    f(err);
  else if (x.verb == schedule_verb::remove)
    remove(known->second, [f](caf::error problem) {
      if (problem)
        f(std::move(problem));
      else
        f(schedule_views{});
    });
  else
    set_paused(known->second, x.verb == schedule_verb::pause, f);
  return promise;
}

void schedules_state::set_paused(const desk_ptr& x, bool paused,
                                 views_answer f) {
  auto was = past{x->is.is, x->is.owner, x->times, x->is.looked_until};
  // What came while it was paused does not count.
  if (x->is.is.is_paused != paused)
    x->is.looked_until = config_.clock();
  was.looks_from = x->is.looked_until;
  x->is.is.is_paused = paused;
  save_change(x, std::move(was), {}, std::move(f));
}

void schedules_state::remove(const desk_ptr& x,
                             std::function<void(caf::error)> f) {
  // What is stored from now on would come behind the removal.
  if (std::exchange(x->is_gone, true))
    return f(no_schedule(x->is.is.name));
  self_->request(parts_.store, caf::infinite, drop_schedule{x->is.is.name})
    .then(
      [this, x, f](const saved&) {
        forget(x);
        f({});
      },
      [this, x, f](caf::error& err) {
        x->is_gone = false;
        f(std::move(err));
        tick(x->is.is.name);
      });
}

void schedules_state::forget(const desk_ptr& x) {
  desks_.erase(x->is.is.name);
  for (const auto& [due, asked] : std::exchange(x->askers, {}))
    asked(no_schedule(x->is.is.name));
}

caf::result<schedule_views> schedules_state::get(const get_schedules& x) {
  schedule_views result;
  for (const auto& [which, one] : desks_)
    if (x.name.empty() || x.name == which)
      result.items.push_back(view_of(*one));
  if (!x.name.empty() && result.items.empty())
    return no_schedule(x.name);
  return result;
}

caf::result<schedule_times>
schedules_state::preview(const preview_schedule& x) {
  auto count = std::min(x.count, most_shown);
  schedule_times result;
  auto fill = [&](const timetable& times) {
    for (auto at = times.next(config_.clock());
         at && result.items.size() < count; at = times.next(*at))
      result.items.push_back(*at);
    return result;
  };
  if (!x.name.empty()) {
    auto known = desks_.find(x.name);
    if (known == desks_.end())
      return no_schedule(x.name);
    return fill(known->second->times);
  }
  schedule_definition is;
  is.cron = x.cron;
  is.every_secs = x.every_secs;
  is.time_zone = x.time_zone;
  auto times = timetable::make(is, config_.clock());
  if (!times)
    return times.error();
  return fill(*times);
}

schedule_view schedules_state::view_of(const desk& x) const {
  schedule_view result;
  const auto& is = x.is;
  result.name = is.is.name;
  result.is_paused = is.is.is_paused;
  if (!is.is.is_paused)
    if (auto next = x.times.next(config_.clock()))
      result.next_at = x.times.at(*next);
  result.queued = is.queued;
  result.made = is.made;
  result.skipped = is.skipped;
  result.failed = is.failed;
  result.created_at = is.created_at;
  result.fires = is.fires;
  result.definition = is.is;
  return result;
}

void schedules_state::save(const desk_ptr& x, std::function<void(caf::error)> f,
                           std::string token, std::uint64_t number) {
  if (x->is_gone)
    return f(no_schedule(x->is.is.name));
  ++x->saves;
  save_schedule request{x->is, std::move(token), number, config_.clock()};
  self_->request(parts_.store, caf::infinite, std::move(request))
    .then([f](const saved&) { f({}); },
          [x, f](caf::error& err) {
            log.error("schedule-unsaved", "name={} error=\"{}\"", x->is.is.name,
                      message_of(err));
            f(std::move(err));
          });
}

// -- time ---------------------------------------------------------------------

void schedules_state::take(const schedules_tick& x) {
  auto known = desks_.find(x.name);
  auto last = x.name.empty()          ? last_tick_
              : known != desks_.end() ? known->second->last_tick
                                      : 0;
  // Another one has taken the place of those before it.
  if (x.number == last)
    tick(x.name);
}

void schedules_state::tick(const std::string& which) {
  if (which.empty())
    tick_at_.reset();
  auto desks = desks_;
  for (const auto& [known, one] : desks)
    if (which.empty() || which == known) {
      one->is_waiting = one->is_waiting && which.empty();
      look(one);
      go_on(one);
    }
  plan_tick();
}

bool schedules_state::can_make(const desk& x) const {
  return x.is.is.run.empty() || parts_.orchestrator;
}

std::optional<timestamp> schedules_state::next_of(desk& x) const {
  if (x.is.is.is_paused || !can_make(x))
    return std::nullopt;
  if (x.next_is_after != x.is.looked_until) {
    x.next_is_after = x.is.looked_until;
    x.next = x.times.next(x.is.looked_until);
  }
  return x.next;
}

void schedules_state::plan_tick() {
  auto now = config_.clock();
  std::optional<timestamp> due;
  auto consider = [&](std::optional<timestamp> x) {
    if (x && (!due || *x < *due))
      due = x;
  };
  for (const auto& [which, one] : desks_) {
    if (one->is_gone)
      continue;
    consider(next_of(*one));
    if (!one->is_busy && can_make(*one) && !one->is.firing.empty())
      consider(one->times.at(one->is.firing.front()));
  }
  if (!due)
    return;
  auto nap
    = std::clamp<std::chrono::milliseconds>(*due - now, 0ms, longest_nap);
  if (tick_at_ && *tick_at_ <= now + nap && *tick_at_ >= now)
    return;
  tick_at_ = now + nap;
  self_->delayed_send(self_, nap, schedules_tick{{}, ++last_tick_});
}

void schedules_state::plan_tick_of(const desk_ptr& x,
                                   std::chrono::milliseconds nap) {
  self_->delayed_send(self_, nap,
                      schedules_tick{x->is.is.name, ++x->last_tick});
}

schedules_self::behavior_type
schedules(schedules_self::stateful_pointer<schedules_state> self,
          schedules_config config, schedules_parts parts) {
  return self->state.make_behavior(std::move(config), std::move(parts));
}

} // namespace orc
