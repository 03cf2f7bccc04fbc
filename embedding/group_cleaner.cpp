#include "embedding/group_cleaner.hpp"

#include "messages/base/log.hpp"

namespace orc {

namespace {

constexpr logger log{"tasks"};

constexpr std::chrono::hours interval{1};

/// Workers get a turn in between.
constexpr std::uint32_t at_once = 20;

} // namespace

group_cleaner_actor::behavior_type
group_cleaner(group_cleaner_actor::pointer self, tasks_actor tasks,
              std::chrono::milliseconds age) {
  self->send(self, clean_now{});
  return {[=](clean_now) {
    self->request(tasks, caf::infinite, clean_task_groups{now() - age, at_once})
      .then(
        [self](const task_groups& x) {
          if (!x.groups.empty())
            log.info("groups-removed", "count={}", x.groups.size());
          if (x.groups.size() < at_once)
            self->delayed_send(self, interval, clean_now{});
          else
            self->send(self, clean_now{});
        },
        [self](const caf::error& err) {
          log.warn("clean-failed", "error=\"{}\"", message_of(err));
          self->delayed_send(self, interval, clean_now{});
        });
  }};
}

} // namespace orc
