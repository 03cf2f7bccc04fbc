// How HOOKS answers questions.

#include "actors/hooks/hooks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

caf::error unknown_hook(const std::string& hook) {
  return make_error(ec::not_found,
                    fmt::format("no webhook is called `{}`: "
                                "`apify-orchestrator webhooks` lists those "
                                "that are configured",
                                hook));
}

} // namespace

std::string shown_url(const secret& url) {
  const auto& text = url.reveal();
  auto host = text.find("://");
  if (host == std::string::npos)
    return {};
  auto end = std::min(text.find_first_of("/?#", host + 3), text.size());
  auto user = std::min(text.rfind('@', end), text.size());
  auto begin = user > host && user < end ? user + 1 : host + 3;
  auto rest = std::string_view{text}.substr(end);
  return text.substr(0, host + 3) + text.substr(begin, end - begin)
         + (rest.empty() || rest == "/" ? "" : "/…");
}

caf::result<hook_views> hooks_state::view() {
  auto promise = self_->make_response_promise<hook_views>();
  self_->request(parts_.store, caf::infinite, load_hooks{})
    .then(
      [this, promise](const hook_records& records) mutable {
        hook_views result;
        for (const auto& stored : records.hooks)
          if (const auto* x = find(stored.name))
            result.items.push_back(make_view(*x, stored));
        promise.deliver(std::move(result));
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

hook_view hooks_state::make_view(const outlet& x, const hook_record& stored) {
  const auto& filter = x.settings.filter;
  hook_view result;
  result.name = filter.name;
  result.url = shown_url(filter.url);
  result.kinds = filter.kinds;
  result.space = filter.space;
  result.only_failures = filter.only_failures;
  result.is_signed = !x.settings.signing_key.empty();
  result.state = stored.disabled        ? hook_health::disabled
                 : x.queue.is_failing() ? hook_health::failing
                                        : hook_health::active;
  result.pending = stored.pending;
  result.dead = stored.dead;
  result.dropped = stored.dropped;
  result.delivered = x.delivered;
  result.failed_attempts = x.failed_attempts;
  result.oldest_pending = stored.oldest_pending;
  if (!x.last_problem.empty())
    result.last_problem = x.last_problem;
  else if (stored.disabled)
    result.last_problem = stored.disabled_because;
  return result;
}

caf::result<delivery_page> hooks_state::list(const load_deliveries& request) {
  if (!find(request.hook))
    return unknown_hook(request.hook);
  return self_->delegate(parts_.store, request);
}

caf::result<redriven_deliveries>
hooks_state::redrive(const redrive_deliveries& request) {
  auto* x = find(request.hook);
  if (!x)
    return unknown_hook(request.hook);
  auto promise = self_->make_response_promise<redriven_deliveries>();
  self_->request(parts_.store, caf::infinite, request)
    .then(
      [this, x, promise](const redriven_deliveries& done) mutable {
        x->queue.rewind();
        promise.deliver(done);
        serve();
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

caf::result<saved> hooks_state::begin_drain(const drain_hooks& request) {
  auto promise = self_->make_response_promise<saved>();
  drains_.push_back({++last_drain_, promise});
  self_->delayed_send(self_, request.at_most, drain_over{last_drain_});
  // What became durable last may not have been told of yet.
  grew();
  return promise;
}

void hooks_state::check_drains() {
  auto at = time();
  if (std::all_of(outlets_.begin(), outlets_.end(),
                  [=](const outlet& x) { return x.queue.is_idle(at); }))
    for (auto& x : std::exchange(drains_, {}))
      x.promise.deliver(saved{});
}

void hooks_state::end_drain(std::uint64_t number) {
  std::erase_if(drains_, [=](drain& x) {
    if (x.number == number)
      x.promise.deliver(saved{});
    return x.number == number;
  });
}

hooks_state::outlet* hooks_state::find(const std::string& hook) {
  auto i = std::find_if(outlets_.begin(), outlets_.end(), [&](const auto& x) {
    return x.settings.filter.name == hook;
  });
  return i != outlets_.end() ? &*i : nullptr;
}

} // namespace orc
