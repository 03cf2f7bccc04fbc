#pragma once

#include "actors/orchestrator/orchestrator.hpp"

#include <utility>

namespace orc {

template <class Promise, class F>
void orchestrator_state::with_run(const run_ref& ref, Promise promise, F f) {
  when_ready([this, ref, promise, f = std::move(f)]() mutable {
    self_->request(parts_.store, caf::infinite, find_run{ref})
      .then([f = std::move(f)](run_record& x) mutable { f(x); },
            [promise](caf::error& err) mutable {
              promise.deliver(std::move(err));
            });
  });
}

} // namespace orc
