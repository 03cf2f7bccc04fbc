#include "actors/pool/pools.hpp"

#include <caf/typed_response_promise.hpp>

#include <memory>

namespace orc {

namespace {

/// Answers that have come, in the order of the pools.
struct gathering {
  caf::typed_response_promise<pool_views> promise;
  std::vector<pool_view> views;
  std::size_t left = 0;

  void take() {
    if (--left > 0)
      return;
    std::erase_if(views, [](const pool_view& x) { return x.name.empty(); });
    promise.deliver(pool_views{std::move(views)});
  }
};

} // namespace

pools_state::pools_state(pools_actor::pointer self) : self_{self} {
  // nop
}

pools_actor::behavior_type pools_state::make_behavior() {
  return {
    [this](const keep_pools& x) { pools_ = x.pools; },
    [this](get_pools) { return views(); },
  };
}

caf::result<pool_views> pools_state::views() {
  if (pools_.empty())
    return pool_views{};
  auto all = std::make_shared<gathering>();
  all->promise = self_->make_response_promise<pool_views>();
  all->views.resize(pools_.size());
  all->left = pools_.size();
  for (std::size_t i = 0; i < pools_.size(); ++i)
    self_->request(pools_[i], caf::infinite, get_pool{})
      .then(
        [all, i](const pool_view& x) {
          all->views[i] = x;
          all->take();
        },
        [all](const caf::error&) { all->take(); });
  return all->promise;
}

pools_actor::behavior_type
pools(pools_actor::stateful_pointer<pools_state> self) {
  return self->state.make_behavior();
}

} // namespace orc
