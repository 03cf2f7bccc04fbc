// What SCHEDULES is asked to do once, and times that people ask for.

#include "actors/schedule/refusals.hpp"
#include "actors/schedule/schedules.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// @returns whether something is made, or was made, for that very time.
bool is_taken(const schedule_record& x, timestamp due) {
  auto has = [due](const auto& times, auto time_of) {
    return std::any_of(times.begin(), times.end(),
                       [&](const auto& y) { return time_of(y) == due; });
  };
  return has(x.firing, [](timestamp y) { return y; })
         || has(x.fires, [](const schedule_fire& y) { return y.due; });
}

bool has_time(const std::vector<timestamp>& xs, timestamp due) {
  return std::find(xs.begin(), xs.end(), due) != xs.end();
}

} // namespace

/// Whoever asks under a token that is being worked on gets the same answer.
void schedules_state::once(const std::string& token, views_answer f,
                           found_answer go) {
  auto& asking = doing_[token];
  asking.push_back(std::move(f));
  if (asking.size() > 1)
    return;
  auto tell_all = [this, token](const caf::expected<schedule_views>& done) {
    auto all = doing_.extract(token);
    for (const auto& g : all.mapped())
      g(done);
  };
  self_->request(parts_.store, caf::infinite, find_token{token})
    .then([go = std::move(go),
           tell_all](const found_token& found) { go(found, tell_all); },
          [tell_all](caf::error& err) { tell_all(std::move(err)); });
}

void schedules_state::set_once(const set_schedule& x, views_answer f) {
  once(x.token, std::move(f),
       [this, x](const found_token& made, views_answer g) {
         if (!made.number)
           return set_now(x, std::move(g));
         // One of that name that was made later is another one.
         auto known = desks_.find(x.is.name);
         schedule_views result;
         if (known != desks_.end() && known->second->is.created_at <= made.at)
           result.items.push_back(view_of(*known->second));
         g(std::move(result));
       });
}

void schedules_state::run_once(const change_schedule& x, views_answer f) {
  once(x.token, std::move(f),
       [this, x](const found_token& asked, views_answer g) {
         auto known = desks_.find(x.name);
         if (known == desks_.end())
           return g(no_schedule(x.name));
         auto one = known->second;
         if (!asked.number)
           return run_now(one, x.token, std::move(g));
         auto due = timestamp{static_cast<std::int64_t>(*asked.number)};
         if (!has_time(one->is.firing, due))
           return g(schedule_views{{view_of(*one)}});
         one->askers.insert_or_assign(due, std::move(g));
         go_on(one);
       });
}

void schedules_state::run_now(const desk_ptr& x, std::string token,
                              views_answer f) {
  if (!can_make(*x))
    return f(make_error(ec::bad_field,
                        fmt::format("schedule `{}` starts runs, which only a "
                                    "service does",
                                    x->is.is.name)));
  // Every time that is asked for is one of its own.
  auto due = config_.clock();
  while (is_taken(x->is, due))
    due = due + 1ms;
  x->askers.emplace(due, std::move(f));
  x->is.firing.push_back(due);
  x->is.by_hand.push_back(due);
  auto then = [this, x, due](const caf::error& err) {
    if (!err)
      return go_on(x);
    std::erase(x->is.firing, due);
    std::erase(x->is.by_hand, due);
    if (auto asked = x->askers.extract(due); !asked.empty())
      asked.mapped()(err);
  };
  save(x, std::move(then), std::move(token),
       static_cast<std::uint64_t>(due.millis));
}

bool schedules_state::is_by_hand(const desk& x, timestamp due) {
  return has_time(x.is.by_hand, due);
}

} // namespace orc
