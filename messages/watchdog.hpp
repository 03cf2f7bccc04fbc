#pragma once

#include "messages/base/message.hpp"
#include "messages/run_actor.hpp"

namespace orc {

/// Asks the WATCHDOG to tell a RUN when its platform run does nothing any more.
struct watch_progress {
  std::string id;
  std::string dataset_id;
  /// Nothing new for so long is too long.
  std::int64_t after_secs = 0;
  run_actor watcher;

  template <class Inspector>
  friend auto inspect(Inspector& f, watch_progress& x) {
    return f(caf::meta::type_name("watch_progress"), x.id, x.dataset_id,
             x.after_secs, x.watcher);
  }
};

/// Takes `watch_progress` back.
struct unwatch_progress {
  std::string id;

  static constexpr auto fields
    = describe("unwatch_progress", "Takes watch_progress back.",
               field("id", &unwatch_progress::id, "The platform's id."));
};

/// The WATCHDOG interface: tells a RUN `remote_run_stuck` once its platform run
/// wrote no item and no log line and changed neither status nor status message
/// for the time it was given. What it cannot find out it takes for progress.
using watchdog_actor = caf::typed_actor<caf::reacts_to<watch_progress>,
                                        caf::reacts_to<unwatch_progress>>;

} // namespace orc

#define ORC_WATCHDOG_MESSAGES(X)                                               \
  X(orc::watch_progress)                                                       \
  X(orc::unwatch_progress)

ORC_WATCHDOG_MESSAGES(ORC_DECLARE_MESSAGE)
