#include "actors/walk/walks.hpp"

#include "actors/walk/log.hpp"
#include "actors/walk/run_processor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds pause_before(std::uint32_t attempt) {
  return std::min<std::chrono::milliseconds>(
    200ms * (1u << std::min(attempt, 10u)), 60s);
}

walk_record make_record(const walk_spec& spec, const secret& text) {
  walk_record result;
  result.name = spec.name;
  result.spec = text;
  result.limits.limit = spec.max_parallelism;
  result.started_at = now();
  result.timed_from = result.started_at;
  result.counts.pages = 1;
  result.next_page = 1;
  return result;
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
    for (const auto& [batch, actor] : live_)
      self_->send_exit(actor, x.reason);
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

// -- starting -----------------------------------------------------------------

caf::result<walk_view> walks_state::start(const start_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  auto spec = read_walk_spec(x.spec.reveal());
  auto problem = spec ? check_run_input(spec->processor) : spec.error();
  if (problem) {
    promise.deliver(std::move(problem));
    return promise;
  }
  if (auto live = live_.find(spec->name); live != live_.end()) {
    self_->request(live->second, caf::infinite, x)
      .then([promise](walk_view& now) mutable { promise.deliver(now); },
            [promise](caf::error& err) mutable { promise.deliver(err); });
    return promise;
  }
  auto shared = std::make_shared<walk_spec>(std::move(*spec));
  find(shared->name,
       [this, shared, x, promise](caf::expected<walk_record> found) mutable {
         if (found)
           start_again(std::move(*found), std::move(*shared), x, promise);
         else if (code_of(found.error()) == ec::not_found)
           start_new(std::move(*shared), x, promise);
         else
           promise.deliver(found.error());
       });
  return promise;
}

void walks_state::start_new(walk_spec spec, const start_walk& x,
                            view_promise promise) {
  auto shared = std::make_shared<walk_spec>(std::move(spec));
  opener_.open(*shared, [this, shared, text = x.spec,
                         promise](caf::expected<walk_parts> parts) mutable {
    if (!parts) {
      promise.deliver(parts.error());
      return;
    }
    add_walk question;
    question.walk = make_record(*shared, text);
    question.first.cursor = shared->first_cursor;
    question.first.size = shared->page_size;
    self_->request(parts_.store, caf::infinite, std::move(question))
      .then(
        [this, shared, opened = *parts, promise](found_walks& made) mutable {
          auto& record = made.walks.front();
          auto view = view_of(record);
          log.info("batch-started", "batch={}", record.name);
          spawn(std::move(*shared), std::move(record), opened);
          promise.deliver(std::move(view));
        },
        [this, opened = *parts, promise](caf::error& err) mutable {
          opener_.close(opened);
          promise.deliver(std::move(err));
        });
  });
}

void walks_state::start_again(walk_record record, walk_spec spec,
                              const start_walk& x, view_promise promise) {
  if (!reads_the_same(record.spec.reveal(), x.spec.reveal())) {
    promise.deliver(make_error(
      ec::name_conflict,
      fmt::format("name: there is a batch {} that reads another source; give "
                  "this one another name",
                  record.name)));
    return;
  }
  if (record.state != walk_state::running && !x.redrive) {
    promise.deliver(view_of(record));
    return;
  }
  if (record.limits.limit != spec.max_parallelism && record.spec != x.spec)
    set_limit(record.limits, spec.max_parallelism);
  record.spec = x.spec;
  reopen(std::move(record), std::move(spec), promise);
}

/// Lets all that is stuck, or has failed, be done again.
void walks_state::reopen(walk_record record, walk_spec spec,
                         view_promise promise) {
  auto was_over = record.state != walk_state::running;
  if (record.state == walk_state::finished && !record.error
      && record.counts.failed == 0 && record.counts.item_errors == 0) {
    // Nothing is to be done again, the last step neither.
    promise.deliver(view_of(record));
    return;
  }
  if (was_over && spec.mode == retry_mode::at_most_once) {
    promise.deliver(make_error(
      ec::bad_field, "pages of an at-most-once batch are never repeated; start "
                     "another batch, with firstCursor where this one ended"));
    return;
  }
  revive_walk_pages question{record.key, was_over, now()};
  auto change = std::make_shared<save_walk>();
  auto shared = std::make_shared<walk_spec>(std::move(spec));
  change->walk = std::move(record);
  change->with_spec = true;
  auto failed
    = [promise](const caf::error& err) mutable { promise.deliver(err); };
  auto save = [=, this](const revived_pages& x) mutable {
    auto& is = change->walk;
    is.counts.stuck += x.failed + x.flawed;
    is.counts.failed -= x.failed;
    is.counts.completed -= x.flawed;
    if (was_over) {
      is.state = walk_state::running;
      is.finished_at.reset();
      is.resume_cursor.reset();
      is.error.reset();
      is.timed_from = now();
    }
    self_->request(parts_.store, caf::infinite, *change)
      .then(
        [=, this](const saved&) mutable {
          opener_.open(*shared,
                       [=, this](caf::expected<walk_parts> parts) mutable {
                         if (!parts)
                           return failed(parts.error());
                         auto view = view_of(change->walk);
                         spawn(*shared, change->walk, *parts);
                         promise.deliver(std::move(view));
                       });
        },
        failed);
  };
  self_->request(parts_.store, caf::infinite, question).then(save, failed);
}

// -- recovery and supervision -------------------------------------------------

void walks_state::recover() {
  find_walks question;
  question.only_running = true;
  self_->request(parts_.store, caf::infinite, question)
    .then(
      [this](const found_walks& found) {
        for (const auto& x : found.walks)
          revive({x.name, 0});
      },
      [this](caf::error& err) { self_->quit(std::move(err)); });
}

void walks_state::revive(const revive_walk& x) {
  if (is_ending_ || live_.count(x.name) > 0)
    return;
  auto again = [this, x](const caf::error& err) {
    log.warn("batch-not-revived", "batch={} error=\"{}\"", x.name,
             message_of(err));
    self_->delayed_send(self_, pause_before(x.attempt),
                        revive_walk{x.name, x.attempt + 1});
  };
  find(x.name, [=, this](caf::expected<walk_record> found) {
    if (!found)
      return again(found.error());
    if (found->state != walk_state::running)
      return;
    auto spec = read_walk_spec(found->spec.reveal());
    if (!spec)
      return again(spec.error());
    auto shared = std::make_shared<walk_spec>(std::move(*spec));
    auto record = std::make_shared<walk_record>(std::move(*found));
    opener_.open(*shared, [=, this](caf::expected<walk_parts> parts) {
      if (!parts)
        return again(parts.error());
      spawn(std::move(*shared), std::move(*record), std::move(*parts));
    });
  });
}

void walks_state::spawn(walk_spec spec, walk_record record, walk_parts parts) {
  auto batch = record.name;
  if (is_ending_ || live_.count(batch) > 0)
    return opener_.close(parts);
  auto actor = self_->spawn<caf::monitored>(
    walk, std::move(spec), std::move(record), std::move(parts));
  self_->link_to(actor);
  live_.emplace(batch, caf::actor_cast<walk_actor>(actor));
}

void walks_state::lose(const caf::down_msg& x) {
  auto i = std::find_if(live_.begin(), live_.end(), [&](const auto& y) {
    return y.second.address() == x.source;
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
    self_->delayed_send(self_, pause_before(0), revive_walk{batch, 1});
  }
}

walks_self::behavior_type
walks(walks_self::stateful_pointer<walks_state> self, walks_parts parts) {
  return self->state.make_behavior(std::move(parts));
}

} // namespace orc
