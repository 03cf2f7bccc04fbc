// Schedules that somebody sets anew at each start: those of a configuration.

#include "actors/schedule/owners.hpp"
#include "actors/schedule/schedules.hpp"
#include "messages/base/error.hpp"

#include <fmt/format.h>

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

bool is_of_file(std::string_view owner) {
  return owner == file_owner || owner == pools_owner;
}

/// @returns who may change a schedule, and where.
std::string told_owner(const std::string& x) {
  if (x == file_owner)
    return "stands in the configuration, in [[schedules]]: change it there, "
           "then send SIGHUP or start the service again";
  if (x == pools_owner)
    return "stands in the configuration, in [[pool.schedules]]: change it "
           "there, then start the pools again";
  return fmt::format("is kept by `{}`, who alone may change it", x);
}

} // namespace

caf::error schedules_state::check_owner(const schedule_record& is,
                                        const std::string& who) {
  if (is.owner == who || (is_of_file(is.owner) && is_of_file(who)))
    return {};
  if (is.owner.empty())
    return make_error(ec::name_conflict,
                      fmt::format("there is a schedule `{}` already that was "
                                  "made by hand: give this one another name, "
                                  "or remove that one",
                                  is.is.name));
  return make_error(ec::name_conflict,
                    fmt::format("schedule `{}` {}", is.is.name,
                                told_owner(is.owner)));
}

caf::result<schedule_views> schedules_state::keep(const keep_schedules& x) {
  auto all = std::make_shared<keeping>();
  all->promise = self_->make_response_promise<schedule_views>();
  auto done = [this, all, owner = x.owner] {
    if (--all->left == 0)
      all->answer(views_of(owner));
  };
  auto answered = [all, done](caf::error err) {
    if (err)
      all->problem = std::move(err);
    done();
  };
  for (const auto& [known, one] : desks_)
    if (one->is.owner == x.owner && !has_schedule(x.items, known)) {
      ++all->left;
      remove(one, answered);
    }
  for (const auto& is : x.items) {
    ++all->left;
    self_
      ->request(schedules_self{self_}, caf::infinite,
                set_schedule{is, false, x.owner})
      .then([answered](const schedule_views&) { answered({}); },
            [answered](caf::error& err) { answered(std::move(err)); });
  }
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
