#include "embedding/pruner.hpp"

#include "messages/base/log.hpp"

namespace orc {

namespace {

constexpr logger log{"pruner"};

constexpr std::chrono::hours interval{1};

} // namespace

pruner_actor::behavior_type
pruner(pruner_actor::pointer self, run_store_actor store,
       std::chrono::milliseconds retention) {
  self->send(self, prune_now{});
  return {[=](prune_now) {
    self->delayed_send(self, interval, prune_now{});
    self->request(store, caf::infinite, prune_runs{now() - retention})
      .then(
        [](const pruned_runs& x) {
          if (x.count > 0)
            log.info("runs-pruned", "count={}", x.count);
        },
        [](const caf::error& err) {
          log.warn("prune-failed", "error=\"{}\"", message_of(err));
        });
  }};
}

} // namespace orc
