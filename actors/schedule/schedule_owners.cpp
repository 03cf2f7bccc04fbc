// Schedules that somebody sets anew at each start: those of a configuration.

#include "actors/schedule/schedules.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

/// Answers when all has been done that was asked for.
struct keeping {
  caf::typed_response_promise<schedule_views> promise;
  std::size_t left = 1;
  caf::error problem;

  void answer(schedule_views x) {
    if (problem)
      promise.deliver(std::move(problem));
    else
      promise.deliver(std::move(x));
  }
};

bool has_schedule(const std::vector<schedule_definition>& xs,
                  const std::string& name) {
  return std::any_of(xs.begin(), xs.end(),
                     [&](const auto& x) { return x.name == name; });
}

} // namespace

caf::result<schedule_views> schedules_state::keep(const keep_schedules& x) {
  auto all = std::make_shared<keeping>();
  all->promise = self_->make_response_promise<schedule_views>();
  auto done = [this, all, owner = x.owner] {
    if (--all->left == 0)
      all->answer(views_of(owner));
  };
  auto ask = [&](auto question) {
    ++all->left;
    self_->request(schedules_self{self_}, caf::infinite, std::move(question))
      .then([done](const schedule_views&) { done(); },
            [all, done](caf::error& err) {
              all->problem = std::move(err);
              done();
            });
  };
  for (const auto& [known, one] : desks_)
    if (one->is.owner == x.owner && !has_schedule(x.items, known))
      ask(change_schedule{schedule_verb::remove, known});
  for (const auto& is : x.items)
    ask(set_schedule{is, false, x.owner});
  done();
  return all->promise;
}

schedule_views schedules_state::views_of(const std::string& owner) const {
  schedule_views result;
  for (const auto& [known, one] : desks_)
    if (one->is.owner == owner)
      result.items.push_back(view_of(*one));
  return result;
}

} // namespace orc
