#pragma once

#include "messages/base/message.hpp"
#include "messages/run_actor.hpp"

namespace orc {

/// Asks the TRACKER to tell a RUN when its platform run ends.
struct watch_remote_run {
  std::string id;
  timestamp started_at;
  run_actor watcher;

  template <class Inspector>
  friend auto inspect(Inspector& f, watch_remote_run& x) {
    return f(caf::meta::type_name("watch_remote_run"), x.id, x.started_at,
             x.watcher);
  }
};

/// Takes `watch_remote_run` back.
struct unwatch_remote_run {
  std::string id;

  static constexpr auto fields
    = describe("unwatch_remote_run", "Takes watch_remote_run back.",
               field("id", &unwatch_remote_run::id, "The platform's id."));
};

/// The TRACKER interface: knows the state of all live platform runs of an
/// account with the fewest calls. Tells a RUN `remote_run_seen` when the state
/// of its run may be new, `remote_run_gone` when it is not known for 30 s.
using tracker_actor = caf::typed_actor<caf::reacts_to<watch_remote_run>,
                                       caf::reacts_to<unwatch_remote_run>>;

/// Asks the RECONCILER for the platform run of a start whose answer is lost.
struct find_remote_run {
  run_key key;
  run_target target;
  start_intent intent;
  json_text input;
  run_actor asker;

  template <class Inspector>
  friend auto inspect(Inspector& f, find_remote_run& x) {
    return f(caf::meta::type_name("find_remote_run"), x.key, x.target, x.intent,
             x.input, x.asker);
  }
};

/// The RECONCILER interface: finds out what became of starts whose answers are
/// lost. Tells the asker `remote_run_found`: with the run as soon as there is
/// one, with nothing after the window in which one could still appear (30 s).
using reconciler_actor = caf::typed_actor<caf::reacts_to<find_remote_run>>;

} // namespace orc

#define ORC_TRACKER_MESSAGES(X)                                                \
  X(orc::watch_remote_run)                                                     \
  X(orc::unwatch_remote_run)                                                   \
  X(orc::find_remote_run)

ORC_TRACKER_MESSAGES(ORC_DECLARE_MESSAGE)
