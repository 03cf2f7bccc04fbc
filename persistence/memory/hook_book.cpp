#include "persistence/memory/hook_book.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

constexpr std::uint32_t most_at_once = 1'000;

bool is_wanted(const hook_delivery& x, const redrive_deliveries& request) {
  const auto& ids = request.ids;
  return x.hook == request.hook && x.state == delivery_state::dead
         && (ids.empty()
             || std::find(ids.begin(), ids.end(), x.id) != ids.end());
}

} // namespace

hook_book::hook_book(std::string instance) : outbox_{std::move(instance)} {
  // nop
}

bool hook_book::add(const std::optional<tallied_run>& before,
                    const run_record& after) {
  if (!outbox_.is_active())
    return false;
  return keep(outbox_.owed(before, after, now()));
}

bool hook_book::owe(const owe_events& request) {
  return keep(outbox_.owed(request, now()));
}

bool hook_book::owe(const std::vector<publish_event>& facts) {
  return keep(outbox_.owed(facts, now()));
}

bool hook_book::keep(std::vector<hook_delivery> owed) {
  for (auto& x : owed) {
    x.id = ++last_id_;
    const auto& hook = *outbox_.find(x.hook);
    deliveries_.emplace(x.id, std::move(x));
    drop_excess(hook);
  }
  return !owed.empty();
}

void hook_book::drop_excess(const hook_filter& hook) {
  auto is_his = [&](const auto& x) { return x.second.hook == hook.name; };
  auto kept = static_cast<std::uint64_t>(
    std::count_if(deliveries_.begin(), deliveries_.end(), is_his));
  if (kept <= hook.max_backlog)
    return;
  auto oldest
    = std::find_if(deliveries_.begin(), deliveries_.end(), [&](const auto& x) {
        return is_his(x) && x.second.state == delivery_state::dead;
      });
  if (oldest == deliveries_.end())
    oldest = std::find_if(deliveries_.begin(), deliveries_.end(), is_his);
  deliveries_.erase(oldest);
  ++dropped_[hook.name];
}

saved hook_book::follow(const follow_hooks& request) {
  outbox_.follow(request.hooks);
  disabled_.clear();
  return {};
}

hook_records hook_book::records() const {
  hook_records result;
  for (const auto& hook : outbox_.hooks()) {
    hook_record one;
    one.name = hook.name;
    for (const auto& [id, x] : deliveries_) {
      if (x.hook != hook.name)
        continue;
      auto is_pending = x.state == delivery_state::pending;
      ++(is_pending ? one.pending : one.dead);
      if (is_pending && !one.oldest_pending)
        one.oldest_pending = x.since;
    }
    if (auto i = dropped_.find(hook.name); i != dropped_.end())
      one.dropped = i->second;
    if (auto i = disabled_.find(hook.name); i != disabled_.end()) {
      one.disabled = true;
      one.disabled_because = i->second;
    }
    result.hooks.push_back(std::move(one));
  }
  return result;
}

delivery_page hook_book::load(const load_deliveries& request) const {
  auto limit = std::clamp(request.limit, 1U, most_at_once);
  delivery_page result;
  for (auto i = deliveries_.upper_bound(request.after); i != deliveries_.end();
       ++i) {
    if (i->second.hook != request.hook || i->second.state != request.state)
      continue;
    if (result.items.size() == limit) {
      result.next_after = result.items.back().id;
      break;
    }
    result.items.push_back(i->second);
  }
  return result;
}

saved hook_book::settle(const settle_delivery& x) {
  auto i = deliveries_.find(x.id);
  if (i == deliveries_.end())
    return {};
  if (x.end == delivery_end::delivered) {
    deliveries_.erase(i);
    return {};
  }
  auto& delivery = i->second;
  delivery.state = x.end == delivery_end::dead ? delivery_state::dead
                                               : delivery_state::pending;
  delivery.attempts = x.attempts;
  delivery.next_at = x.next_at;
  delivery.problem = x.problem;
  return {};
}

saved hook_book::disable(const disable_hook& x) {
  if (!outbox_.find(x.name))
    return {};
  outbox_.disable(x.name, true);
  disabled_[x.name] = x.because;
  for (auto& [id, delivery] : deliveries_)
    if (delivery.hook == x.name && delivery.state == delivery_state::pending) {
      delivery.state = delivery_state::dead;
      delivery.next_at.reset();
      delivery.problem = x.because;
    }
  return {};
}

redriven_deliveries hook_book::redrive(const redrive_deliveries& request) {
  outbox_.disable(request.hook, false);
  disabled_.erase(request.hook);
  redriven_deliveries result;
  for (auto& [id, x] : deliveries_)
    if (is_wanted(x, request)) {
      x.state = delivery_state::pending;
      x.since = now();
      x.attempts = 0;
      x.next_at.reset();
      ++result.count;
    }
  return result;
}

redriven_deliveries hook_book::prune(const prune_deliveries& request) {
  auto removed = std::erase_if(deliveries_, [&](const auto& x) {
    return x.second.state == delivery_state::dead
           && x.second.since < request.before;
  });
  return {removed};
}

} // namespace orc
