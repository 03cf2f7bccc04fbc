#include "persistence/hook_outbox.hpp"

#include "messages/bus/facts.hpp"
#include "messages/json/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace orc {

namespace {

/// More than there can be in a millisecond.
constexpr std::uint64_t facts_per_millisecond = 1'000;

bool fits(const hook_filter& hook, event_kind kind, const run& x) {
  const auto& kinds = hook.kinds;
  auto is_end = kind == event_kind::ended || kind == event_kind::settled;
  return (hook.space.empty() || hook.space == x.space)
         && (!hook.only_failures || (is_end && !succeeded(x)))
         && (kinds.empty()
             || std::find(kinds.begin(), kinds.end(), kind) != kinds.end());
}

/// @returns what a step between two states that are not final means.
std::optional<event_kind> fact_between(run_state before, run_state after) {
  if (before == after)
    return std::nullopt;
  switch (after) {
    case run_state::queued:
      return is_final(before) ? event_kind::submitted : event_kind::queued;
    case run_state::starting:
      return event_kind::starting;
    default:
      // Nothing but a resurrection goes from the queue straight to running.
      return before == run_state::queued ? event_kind::resurrected
                                         : event_kind::started;
  }
}

cloud_event make_event(const std::string& instance, event_kind kind,
                       const run_record& x, timestamp at) {
  cloud_event result;
  // Every step has a revision of its own. No dots: they part what is signed.
  result.id = fmt::format("{}-{}-{}", instance, x.key, x.revision);
  result.source = "/apify-orchestrator/" + instance;
  result.type = fmt::format("apify-orchestrator.{}", name_of(kind));
  result.subject = x.view.space + '/' + x.view.name;
  result.time = at;
  result.data = x.view;
  return result;
}

} // namespace

std::optional<event_kind>
fact_of(const std::optional<tallied_run>& before, const run& after) {
  if (!before)
    return event_kind::submitted;
  if (!is_final(after.state))
    return fact_between(before->state, after.state);
  if (!is_final(before->state))
    return event_kind::ended;
  auto now = make_tallied_run(after);
  auto is_news = now.item_count != before->item_count
                 || now.usage_total_usd != before->usage_total_usd;
  return is_news ? std::optional{event_kind::settled} : std::nullopt;
}

hook_outbox::hook_outbox(std::string instance)
  : instance_{std::move(instance)} {
  // nop
}

void hook_outbox::follow(std::vector<hook_filter> hooks) {
  hooks_ = std::move(hooks);
  disabled_.clear();
}

void hook_outbox::disable(const std::string& hook, bool disabled) {
  std::erase(disabled_, hook);
  if (disabled)
    disabled_.push_back(hook);
}

const hook_filter* hook_outbox::find(const std::string& hook) const {
  auto i = std::find_if(hooks_.begin(), hooks_.end(),
                        [&](const auto& x) { return x.name == hook; });
  return i != hooks_.end() ? &*i : nullptr;
}

std::vector<hook_delivery>
hook_outbox::owed(const std::optional<tallied_run>& before,
                  const run_record& after, timestamp at) const {
  std::vector<hook_delivery> result;
  auto kind = fact_of(before, after.view);
  if (!kind)
    return result;
  // Written once, and only if somebody is told.
  json_text text;
  for (const auto& hook : hooks_) {
    if (!fits(hook, *kind, after.view)
        || std::find(disabled_.begin(), disabled_.end(), hook.name)
             != disabled_.end())
      continue;
    auto event = make_event(instance_, *kind, after, at);
    if (text.empty())
      text = json_text{to_json(event)};
    hook_delivery one;
    one.hook = hook.name;
    one.run = after.key.value;
    one.event_id = std::move(event.id);
    one.since = at;
    one.event = text;
    result.push_back(std::move(one));
  }
  return result;
}

std::vector<hook_delivery>
hook_outbox::owed(const owe_events& facts, timestamp at) const {
  std::vector<hook_delivery> result;
  if (!find(std::string{bus_outbox}))
    return result;
  for (const auto& x : facts.events) {
    hook_delivery one;
    one.hook = bus_outbox;
    one.run = x.entity;
    one.event_id = x.event_id;
    one.since = at;
    one.event = x.event;
    result.push_back(std::move(one));
  }
  return result;
}

std::vector<hook_delivery>
hook_outbox::owed(const std::vector<publish_event>& facts, timestamp at) {
  if (facts.empty() || !find(std::string{bus_outbox}))
    return {};
  owe_events request;
  for (const auto& x : facts)
    request.events.push_back(make_fact(x, at));
  return owed(request, at);
}

owed_event hook_outbox::make_fact(const publish_event& x, timestamp at) {
  // Numbers grow over restarts, too, as those of EVENTS do.
  last_fact_ = std::max(last_fact_ + 1, static_cast<std::uint64_t>(at.millis)
                                          * facts_per_millisecond);
  bus_event event;
  event.id = fmt::format("{}-e{}", instance_, last_fact_);
  event.source = "/apify-orchestrator/" + instance_;
  event.type = fmt::format("apify-orchestrator.{}", name_of(x.kind));
  event.subject = x.run.space + '/' + x.run.name;
  event.time = at;
  event.data
    = json_text{to_json(run_event{last_fact_, x.kind, at, x.run, x.note})};
  owed_event result;
  result.event_id = event.id;
  result.entity = std::hash<std::string>{}(event.subject) >> 1;
  result.event = json_text{to_json(event)};
  return result;
}

} // namespace orc
