#include "actors/walk/walks.hpp"

#include "actors/walk/error_text.hpp"
#include "actors/walk/log.hpp"

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds pause_before(std::uint32_t attempt) {
  return std::min<std::chrono::milliseconds>(
    200ms * (1u << std::min(attempt, 10u)), 60s);
}

} // namespace

walks_state::walks_state(walks_self::pointer self)
  : self_{self}, opener_{self} {
  self_->set_down_handler([this](const caf::down_msg& x) { lose(x); });
  self_->set_exit_handler([this](const caf::exit_msg& x) {
    // A WALK is linked so that it never outlives this; `lose` sees to its end.
    if (x.source != self_->address()
        && x.reason != caf::exit_reason::user_shutdown)
      return;
    is_ending_ = true;
    for (const auto& [batch, live] : live_)
      self_->send_exit(live.actor, x.reason);
    if (live_.empty())
      self_->quit(x.reason);
  });
}

walks_self::behavior_type walks_state::make_behavior(walks_parts parts) {
  parts_ = std::move(parts);
  opener_.work_with(parts_.store, parts_.sources, parts_.processors);
  if (parts_.recovers)
    recover();
  return {
    [this](const start_walk& x) { return start(x); },
    [this](const wait_walk& x) { return wait(x); },
    [this](const list_walks&) { return list(); },
    [this](const change_walk& x) { return change(x); },
    [this](const list_walk_pages& x) { return pages(x); },
    [this](const drain_walks& x) { return drain(x); },
    [this](const revive_walk& x) { revive(x); },
    [this](const walk_waiter& x) { wait_on(x.request, x.until, x.promise); },
  };
}

// -- recovery and supervision -------------------------------------------------

void walks_state::recover() {
  find_walks question;
  question.only_running = true;
  self_->request(parts_.store, caf::infinite, question)
    .then(
      [this](const found_walks& found) {
        for (const auto& x : found.walks) {
          waiting_.emplace(x.name, std::string{});
          revive({x.name, 0});
        }
      },
      [this](caf::error& err) { self_->quit(std::move(err)); });
}

void walks_state::revive(const revive_walk& x) {
  if (is_ending_ || !waiting_.contains(x.name))
    return;
  auto others = opening_.find(x.name);
  if (others != opening_.end()) {
    others->second.push_back([=, this] { revive(x); });
    return;
  }
  auto again = [this, x](const caf::error& err) {
    // It was cancelled meanwhile.
    if (!waiting_.contains(x.name))
      return;
    waiting_[x.name] = error_text(message_of(err));
    log.warn("batch-not-revived", "batch={} error=\"{}\"", x.name,
             message_of(err));
    self_->delayed_send(self_, pause_before(x.attempt),
                        revive_walk{x.name, x.attempt + 1});
  };
  find(x.name, [=, this](caf::expected<walk_record> found) {
    if (!found)
      return again(found.error());
    if (found->state != walk_state::running) {
      waiting_.erase(x.name);
      return;
    }
    auto spec = read_walk_spec(found->spec.reveal());
    if (!spec)
      return again(spec.error());
    auto shared = std::make_shared<walk_spec>(std::move(*spec));
    auto record = std::make_shared<walk_record>(std::move(*found));
    opener_.open(*shared, [=, this](caf::expected<walk_parts> parts) {
      if (!parts)
        return again(parts.error());
      if (!waiting_.contains(x.name))
        return opener_.close(*parts);
      // Somebody starts it just now, by what was stored before or after that.
      if (opening_.contains(x.name)) {
        opener_.close(*parts);
        return revive(x);
      }
      spawn(std::move(*shared), std::move(*record), std::move(*parts));
    });
  });
}

void walks_state::spawn(walk_spec spec, walk_record record, walk_parts parts) {
  auto batch = record.name;
  auto text = record.spec;
  if (is_ending_ || is_draining_ || live_.count(batch) > 0)
    return opener_.close(parts);
  auto actor = self_->spawn<caf::monitored>(
    walk, std::move(spec), std::move(record), std::move(parts));
  waiting_.erase(batch);
  self_->link_to(actor);
  live_.emplace(batch, live_walk{actor, text});
}

void walks_state::lose(const caf::down_msg& x) {
  auto i = std::find_if(live_.begin(), live_.end(), [&](const auto& y) {
    return y.second.actor.address() == x.source;
  });
  if (i == live_.end())
    return;
  auto batch = i->first;
  live_.erase(i);
  if (is_ending_) {
    if (live_.empty())
      self_->quit(caf::exit_reason::user_shutdown);
    return;
  }
  if (x.reason != caf::exit_reason::normal) {
    log.warn("batch-died", "batch={} reason=\"{}\"", batch,
             message_of(x.reason));
    waiting_[batch] = error_text(message_of(x.reason));
    self_->delayed_send(self_, pause_before(0), revive_walk{batch, 1});
  }
}

walks_self::behavior_type
walks(walks_self::stateful_pointer<walks_state> self, walks_parts parts) {
  return self->state.make_behavior(std::move(parts));
}

} // namespace orc
