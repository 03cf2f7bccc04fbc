#pragma once

#include "app/actor/actor_plan.hpp"
#include "app/progress/run_board.hpp"
#include "app/progress/view.hpp"
#include "app/service/event_feed.hpp"
#include "app/service/service.hpp"
#include "messages/platform.hpp"

#include <atomic>
#include <memory>

namespace orc::app {

class interrupts;

/// Runs the plan of an INPUT to its end inside an Apify actor, or until the
/// platform wants the container back.
class actor_job {
public:
  /// All must outlive the job.
  actor_job(service& host, const actor_plan& work, const home& where,
            platform_actor platform, interrupts& stop);

  ~actor_job();

  actor_job(const actor_job&) = delete;
  actor_job& operator=(const actor_job&) = delete;

  /// @returns an exit code. Does not return where the platform is about to kill
  ///          the process and start it again.
  int run();

private:
  void watch_departure();
  [[nodiscard]] caf::error submit();
  void take_in(const submitted_runs& answer);
  void take_in_events(std::chrono::milliseconds at_most);
  bool must_leave() const;
  int leave();
  int finish();
  int end(const std::string& farewell, int code);
  caf::error report();
  static void wait_to_be_killed();

  service& host_;
  const actor_plan& plan_;
  const home& home_;
  platform_actor platform_;
  interrupts& stop_;
  std::atomic<bool> died_ = false;
  /// What the watcher has been told; it outlives the job.
  struct departure_note {
    std::atomic<bool> due = false;
    std::atomic<departure> why = departure::migration;
  };
  std::shared_ptr<departure_note> departure_
    = std::make_shared<departure_note>();
  run_board board_;
  std::unique_ptr<progress_view> view_;
  event_feed feed_;
  caf::actor watcher_;
};

} // namespace orc::app
