#include "actors/walk/walks.hpp"

#include "actors/walk/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace orc {

namespace {

using namespace std::chrono_literals;

/// How soon somebody who waits asks again after a WALK has died.
constexpr auto ask_again = 200ms;

caf::error unknown(const std::string& batch) {
  return make_error(ec::not_found,
                    fmt::format("there is no batch {}; `batch list` shows all",
                                batch));
}

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

walks_state::walks_state(walks_self::pointer self) : self_{self} {
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
  if (!spec) {
    promise.deliver(spec.error());
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
  open(*shared, [this, shared, text = x.spec,
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
          close(opened);
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
          open(*shared, [=, this](caf::expected<walk_parts> parts) mutable {
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
    open(*shared, [=, this](caf::expected<walk_parts> parts) {
      if (!parts)
        return again(parts.error());
      spawn(std::move(*shared), std::move(*record), std::move(*parts));
    });
  });
}

void walks_state::spawn(walk_spec spec, walk_record record, walk_parts parts) {
  auto batch = record.name;
  if (is_ending_ || live_.count(batch) > 0)
    return close(parts);
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

// -- opening ------------------------------------------------------------------

void walks_state::open(const walk_spec& spec, opened f) {
  auto shared = std::make_shared<walk_spec>(spec);
  walk_parts parts;
  parts.store = parts_.store;
  if (spec.source.kind == source_kind::processor)
    return open_processors(shared, parts, std::move(f));
  self_->request(parts_.sources, caf::infinite, open_walk_source{spec.source})
    .then(
      [=, this](const walk_source_actor& source) {
        auto found = parts;
        found.source = source;
        open_processors(shared, found, f);
      },
      [=](caf::error& err) { f(std::move(err)); });
}

void walks_state::open_processors(std::shared_ptr<walk_spec> spec,
                                  walk_parts parts, opened f) {
  // The one that is still missing.
  const walk_processor* next = nullptr;
  page_processor_actor walk_parts::*place = nullptr;
  if (!parts.processor) {
    next = &spec->processor;
    place = &walk_parts::processor;
  } else if (spec->tracker && !parts.tracker) {
    next = &*spec->tracker;
    place = &walk_parts::tracker;
  } else if (spec->reduce && !parts.reducer) {
    next = &*spec->reduce;
    place = &walk_parts::reducer;
  }
  if (next == nullptr)
    return f(std::move(parts));
  self_
    ->request(parts_.processors, caf::infinite,
              open_page_processor{spec->name, *next})
    .then(
      [=, this](const page_processor_actor& x) {
        auto found = parts;
        found.*place = x;
        open_processors(spec, found, f);
      },
      [=, this](caf::error& err) {
        close(parts);
        f(std::move(err));
      });
}

void walks_state::close(const walk_parts& parts) {
  for (const auto& x : {parts.processor, parts.tracker, parts.reducer})
    if (x)
      self_->send_exit(x, caf::exit_reason::user_shutdown);
  if (parts.source)
    self_->send_exit(parts.source, caf::exit_reason::user_shutdown);
}

// -- asking and changing ------------------------------------------------------

void walks_state::find(const std::string& batch,
                       std::function<void(caf::expected<walk_record>)> f) {
  find_walks question;
  question.name = batch;
  self_->request(parts_.store, caf::infinite, question)
    .then(
      [batch, f](found_walks& found) {
        if (found.walks.empty())
          f(unknown(batch));
        else
          f(std::move(found.walks.front()));
      },
      [f](caf::error& err) { f(std::move(err)); });
}

caf::result<walk_view> walks_state::wait(const wait_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  wait_on(x, now() + x.wait, promise);
  return promise;
}

void walks_state::wait_on(const wait_walk& x, timestamp until,
                          view_promise promise) {
  auto left = std::max<std::chrono::milliseconds>(until - now(), 0ms);
  auto live = live_.find(x.name);
  if (live == live_.end()) {
    find(x.name, [=, this](caf::expected<walk_record> found) mutable {
      if (!found)
        promise.deliver(found.error());
      else if (found->state != walk_state::running || left == 0ms)
        promise.deliver(view_of(*found));
      else
        // It is being started, or started again.
        self_->delayed_send(self_, ask_again, walk_waiter{x, until, promise});
    });
    return;
  }
  self_->request(live->second, caf::infinite, wait_walk{x.name, left})
    .then(
      [promise](walk_view& now) mutable { promise.deliver(std::move(now)); },
      [=, this](const caf::error&) mutable {
        // It has ended, or died: the store knows.
        self_->delayed_send(self_, ask_again, walk_waiter{x, until, promise});
      });
}

caf::result<walk_views> walks_state::list() {
  auto promise = self_->make_response_promise<walk_views>();
  self_->request(parts_.store, caf::infinite, find_walks{})
    .then(
      [promise](const found_walks& found) mutable {
        walk_views result;
        for (const auto& x : found.walks)
          result.items.push_back(view_of(x));
        promise.deliver(std::move(result));
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

caf::result<walk_view> walks_state::change(const change_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  auto live = live_.find(x.name);
  if (live == live_.end()) {
    change_ended(x, promise);
    return promise;
  }
  self_->request(live->second, caf::infinite, x)
    .then(
      [promise](walk_view& now) mutable { promise.deliver(std::move(now)); },
      [=, this](const caf::error&) mutable { change_ended(x, promise); });
  return promise;
}

void walks_state::change_ended(const change_walk& x, view_promise promise) {
  find(x.name, [=, this](caf::expected<walk_record> found) mutable {
    if (!found) {
      promise.deliver(found.error());
      return;
    }
    if (found->state == walk_state::running) {
      promise.deliver(make_error(
        ec::stopping, fmt::format("batch {} is being started; ask again in a "
                                  "moment",
                                  x.name)));
      return;
    }
    if (x.verb != walk_verb::redrive) {
      promise.deliver(make_error(
        ec::bad_field,
        fmt::format("batch {} is over ({}): there is nothing to "
                    "{}; `redrive` tries again what failed",
                    x.name, name_of(found->state), name_of(x.verb))));
      return;
    }
    auto spec = read_walk_spec(found->spec.reveal());
    if (!spec)
      promise.deliver(spec.error());
    else
      reopen(std::move(*found), std::move(*spec), promise);
  });
}

caf::result<walk_page_views> walks_state::pages(const list_walk_pages& x) {
  auto promise = self_->make_response_promise<walk_page_views>();
  find(x.name, [=, this](caf::expected<walk_record> found) mutable {
    if (!found) {
      promise.deliver(found.error());
      return;
    }
    find_walk_pages question;
    question.walk = found->key;
    question.state = x.state;
    question.limit = x.limit;
    self_->request(parts_.store, caf::infinite, question)
      .then(
        [promise](const found_pages& pages) mutable {
          walk_page_views result;
          for (const auto& page : pages.pages) {
            walk_page_view view{page.number,   page.state, page.cursor,
                                page.attempts, page.error, 0};
            for (const auto& item : pages.items)
              if (item.page == page.number) {
                ++view.item_errors;
                if (view.error.empty())
                  view.error = item.error;
              }
            result.items.push_back(std::move(view));
          }
          promise.deliver(std::move(result));
        },
        [promise](caf::error& err) mutable {
          promise.deliver(std::move(err));
        });
  });
  return promise;
}

caf::result<saved> walks_state::drain(const drain_walks& x) {
  auto promise = self_->make_response_promise<saved>();
  auto left = std::make_shared<std::size_t>(live_.size());
  if (*left == 0) {
    promise.deliver(saved{});
    return promise;
  }
  auto one_less = [promise, left]() mutable {
    if (--*left == 0)
      promise.deliver(saved{});
  };
  for (const auto& [batch, actor] : live_)
    self_->request(actor, x.patience, x)
      .then([one_less](const saved&) mutable { one_less(); },
            [one_less](const caf::error&) mutable { one_less(); });
  return promise;
}

walks_self::behavior_type
walks(walks_self::stateful_pointer<walks_state> self, walks_parts parts) {
  return self->state.make_behavior(std::move(parts));
}

} // namespace orc
