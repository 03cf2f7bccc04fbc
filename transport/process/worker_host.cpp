#include "transport/process/worker_host.hpp"

#include <caf/send.hpp>
#include <caf/typed_response_promise.hpp>

#include <utility>

namespace orc {

worker_host_state::worker_host_state(worker_host_self::pointer self)
  : self_{self} {
  // nop
}

worker_host_self::behavior_type
worker_host_state::make_behavior(std::shared_ptr<worker_keeper> keeper) {
  keeper_ = std::move(keeper);
  return {
    [this](const start_worker& x) { return start(x); },
    [this](const run_hook& x) { return run(x); },
    [this](sweep_workers) { return sweep(); },
    [this](const stop_worker& x) { return stop(x); },
    [](const host_errand& x) { x.work(); },
  };
}

template <class T, class F>
std::function<void(T)> worker_host_state::on_self(F f) {
  return [address = caf::actor_addr{self_->address()}, f = std::move(f)](T x) {
    if (auto self = caf::actor_cast<caf::actor>(address))
      caf::anon_send(self, host_errand{[f, x = std::move(x)]() mutable {
                       f(std::move(x));
                     }});
  };
}

caf::result<worker_started> worker_host_state::start(const start_worker& x) {
  auto promise = self_->make_response_promise<worker_started>();
  keeper_->start(x,
                 on_self<caf::expected<worker_started>>(
                   [promise](caf::expected<worker_started> y) mutable {
                     if (y)
                       promise.deliver(std::move(*y));
                     else
                       promise.deliver(std::move(y.error()));
                   }),
                 [sink = x.sink](const worker_exited& y) {
                   caf::anon_send(sink, y);
                 });
  return promise;
}

caf::result<hook_ended> worker_host_state::run(const run_hook& x) {
  auto promise = self_->make_response_promise<hook_ended>();
  keeper_->run(x, on_self<hook_ended>([promise](hook_ended y) mutable {
                 promise.deliver(std::move(y));
               }));
  return promise;
}

caf::result<swept_workers> worker_host_state::sweep() {
  auto promise = self_->make_response_promise<swept_workers>();
  keeper_->sweep(on_self<swept_workers>(
    [promise](swept_workers y) mutable { promise.deliver(std::move(y)); }));
  return promise;
}

caf::result<worker_signalled> worker_host_state::stop(const stop_worker& x) {
  auto promise = self_->make_response_promise<worker_signalled>();
  keeper_->stop(x, on_self<bool>([promise](bool y) mutable {
                  promise.deliver(worker_signalled{y});
                }));
  return promise;
}

worker_host_self::behavior_type
worker_host(worker_host_self::stateful_pointer<worker_host_state> self,
            std::shared_ptr<worker_keeper> keeper) {
  return self->state.make_behavior(std::move(keeper));
}

} // namespace orc
