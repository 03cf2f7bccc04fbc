// How batches are started: new ones, those that live, those that are over.

#include "actors/walk/log.hpp"
#include "actors/walk/run_processor.hpp"
#include "actors/walk/walks.hpp"

#include <fmt/format.h>

#include <utility>

namespace orc {

namespace {

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

caf::error reads_another_source(const std::string& batch) {
  return make_error(
    ec::name_conflict,
    fmt::format("name: there is a batch {} that reads another source; give "
                "this one another name",
                batch));
}

} // namespace

caf::result<walk_view> walks_state::start(const start_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  auto spec = read_walk_spec(x.spec.reveal());
  auto problem = spec ? check_run_input(spec->processor) : spec.error();
  if (problem) {
    promise.deliver(std::move(problem));
    return promise;
  }
  if (live_.contains(spec->name)) {
    join(std::move(*spec), x, promise);
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

void walks_state::join(walk_spec spec, const start_walk& x,
                       view_promise promise) {
  auto& live = live_.at(spec.name);
  if (!reads_the_same(live.spec.reveal(), x.spec.reveal())) {
    promise.deliver(reads_another_source(spec.name));
    return;
  }
  if (live.spec == x.spec) {
    self_->request(live.actor, caf::infinite, x)
      .then([promise](walk_view& now) mutable { promise.deliver(now); },
            [promise](caf::error& err) mutable { promise.deliver(err); });
    return;
  }
  opener_.open_processors(spec,
                          [this, batch = spec.name, text = x.spec,
                           promise](caf::expected<walk_parts> parts) mutable {
                            if (parts)
                              renew(batch, text, std::move(*parts), promise);
                            else
                              promise.deliver(parts.error());
                          });
}

void walks_state::renew(const std::string& batch, const secret& spec,
                        walk_parts parts, view_promise promise) {
  auto live = live_.find(batch);
  if (live == live_.end()) {
    opener_.close(parts);
    promise.deliver(
      make_error(ec::stopping,
                 fmt::format("batch {} has ended just now; ask again", batch)));
    return;
  }
  live->second.spec = spec;
  self_->request(live->second.actor, caf::infinite, renew_walk{spec, parts})
    .then([promise](walk_view& now) mutable { promise.deliver(now); },
          [=, this](caf::error& err) mutable {
            // It has ended without them.
            opener_.close(parts);
            promise.deliver(std::move(err));
          });
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
    promise.deliver(reads_another_source(record.name));
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

} // namespace orc
