#pragma once

#include "messages/pool/worker_host.hpp"
#include "transport/process/worker_keeper.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>

namespace orc {

/// What has come from the thread of processes, on its way to an answer.
struct host_errand {
  std::function<void()> work;
};

} // namespace orc

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(orc::host_errand)

namespace orc {

using worker_host_self = worker_host_actor::extend<caf::reacts_to<host_errand>>;

/// Asks the thread of processes, and answers when it has answered.
class worker_host_state {
public:
  static inline const char* name = "worker-host";

  explicit worker_host_state(worker_host_self::pointer self);

  worker_host_self::behavior_type
  make_behavior(std::shared_ptr<worker_keeper> keeper);

private:
  /// @returns a function that may be called on any thread, and has `f` called
  ///          on this actor, unless that has ended.
  template <class T, class F>
  std::function<void(T)> on_self(F f);

  caf::result<worker_started> start(const start_worker& x);
  caf::result<hook_ended> run(const run_hook& x);
  caf::result<swept_workers> sweep();
  caf::result<worker_signalled> stop(const stop_worker& x);

  worker_host_self::pointer self_;
  std::shared_ptr<worker_keeper> keeper_;
};

/// Starts a WORKER HOST.
worker_host_self::behavior_type
worker_host(worker_host_self::stateful_pointer<worker_host_state> self,
            std::shared_ptr<worker_keeper> keeper);

} // namespace orc
