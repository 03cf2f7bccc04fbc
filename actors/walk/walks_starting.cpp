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

bool is_wholly_done(const walk_record& x) {
  return x.state == walk_state::finished && !x.error && x.counts.failed == 0
         && x.counts.item_errors == 0 && x.counts.stuck == 0;
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
  if (problem)
    promise.deliver(std::move(problem));
  else
    start_by(*spec, x, promise);
  return promise;
}

void walks_state::start_by(const walk_spec& spec, const start_walk& x,
                           view_promise promise) {
  if (live_.contains(spec.name))
    return join(spec, x, promise);
  if (!claim(spec.name, [=, this] { start_by(spec, x, promise); }))
    return;
  find(spec.name, [=, this, f = release_with(spec.name, promise)](
                    caf::expected<walk_record> found) {
    if (found)
      start_again(std::move(*found), spec, x, f);
    else if (code_of(found.error()) == ec::not_found)
      start_new(spec, x, f);
    else
      f(found.error());
  });
}

bool walks_state::claim(const std::string& batch, std::function<void()> again) {
  auto [place, is_free] = opening_.try_emplace(batch);
  if (!is_free)
    place->second.push_back(std::move(again));
  return is_free;
}

walks_state::view_taker
walks_state::release_with(const std::string& batch, view_promise promise) {
  return [=, this](caf::expected<walk_view> x) mutable {
    if (x)
      promise.deliver(std::move(*x));
    else
      promise.deliver(std::move(x.error()));
    auto others = opening_.extract(batch);
    for (const auto& again : others.mapped())
      again();
  };
}

void walks_state::join(const walk_spec& spec, const start_walk& x,
                       view_promise promise) {
  auto& live = live_.at(spec.name);
  if (!reads_the_same(live.spec.reveal(), x.spec.reveal())) {
    promise.deliver(reads_another_source(spec.name));
    return;
  }
  if (live.spec == x.spec) {
    self_->request(live.actor, caf::infinite, x)
      .then([promise](walk_view& now) mutable { promise.deliver(now); },
            [=, this](caf::error& err) mutable {
              join_failed(std::move(err), spec, x, promise);
            });
    return;
  }
  opener_.open_processors(spec,
                          [=, this](caf::expected<walk_parts> parts) mutable {
                            if (parts)
                              renew(spec, x, std::move(*parts), promise);
                            else
                              promise.deliver(parts.error());
                          });
}

void walks_state::join_failed(caf::error err, const walk_spec& spec,
                              const start_walk& x, view_promise promise) {
  auto code = code_of(err);
  // It has ended just now: what is stored of it tells how to go on.
  if (!is_ending_ && (code == ec::none || code == ec::stopping))
    start_by(spec, x, promise);
  else
    promise.deliver(std::move(err));
}

void walks_state::renew(const walk_spec& spec, const start_walk& x,
                        walk_parts parts, view_promise promise) {
  auto live = live_.find(spec.name);
  if (live == live_.end()) {
    opener_.close(parts);
    return start_by(spec, x, promise);
  }
  live->second.spec = x.spec;
  self_
    ->request(live->second.actor, caf::infinite,
              renew_walk{x.spec, parts, x.redrive})
    .then([promise](walk_view& now) mutable { promise.deliver(now); },
          [=, this](caf::error& err) mutable {
            // It has ended without them.
            opener_.close(parts);
            join_failed(std::move(err), spec, x, promise);
          });
}

void walks_state::start_new(walk_spec spec, const start_walk& x, view_taker f) {
  auto shared = std::make_shared<walk_spec>(std::move(spec));
  opener_.open(*shared, [this, shared, text = x.spec,
                         f](caf::expected<walk_parts> parts) {
    if (!parts)
      return f(parts.error());
    add_walk question;
    question.walk = make_record(*shared, text);
    question.first.cursor = shared->first_cursor;
    question.first.size = shared->page_size;
    self_->request(parts_.store, caf::infinite, std::move(question))
      .then(
        [this, shared, opened = *parts, f](found_walks& made) {
          auto& record = made.walks.front();
          auto view = view_of(record);
          log.info("batch-started", "batch={}", record.name);
          spawn(std::move(*shared), std::move(record), opened);
          f(std::move(view));
        },
        [this, opened = *parts, f](caf::error& err) {
          opener_.close(opened);
          f(std::move(err));
        });
  });
}

void walks_state::start_again(walk_record record, walk_spec spec,
                              const start_walk& x, view_taker f) {
  if (!reads_the_same(record.spec.reveal(), x.spec.reveal()))
    return f(reads_another_source(record.name));
  if (record.state != walk_state::running && !x.redrive)
    return f(view_of(record));
  auto is_another = record.spec != x.spec;
  if (record.limits.limit != spec.max_parallelism && is_another)
    set_limit(record.limits, spec.max_parallelism);
  record.spec = x.spec;
  reopen(std::move(record), std::move(spec), x.redrive, is_another,
         std::move(f));
}

/// Lets all that is stuck be done again, and with `redrive` what has failed.
/// Nothing of it is stored before there is somebody who can do it.
void walks_state::reopen(walk_record record, walk_spec spec, bool redrive,
                         bool with_spec, view_taker f) {
  auto was_over = record.state != walk_state::running;
  if (was_over && is_wholly_done(record))
    // Nothing is to be done again, the last step neither.
    return f(view_of(record));
  auto is_once = spec.mode == retry_mode::at_most_once;
  if (was_over && is_once)
    return f(make_error(
      ec::bad_field, "pages of an at-most-once batch are never repeated; start "
                     "another batch, with firstCursor where this one ended"));
  if (was_over)
    begin_again(record, now());
  revive_walk_pages question;
  question.failed = redrive && !is_once;
  question.now = now();
  question.change.walk = std::move(record);
  question.change.with_spec = with_spec;
  opener_.open(spec, [=, this](caf::expected<walk_parts> parts) {
    if (parts)
      take_up(spec, question, *parts, f);
    else
      f(parts.error());
  });
}

void walks_state::take_up(const walk_spec& spec, revive_walk_pages question,
                          const walk_parts& parts, view_taker f) {
  self_->request(parts_.store, caf::infinite, std::move(question))
    .then(
      [=, this](revived_pages& x) {
        auto view = view_of(x.walk);
        spawn(spec, std::move(x.walk), parts);
        f(std::move(view));
      },
      [=, this](caf::error& err) {
        opener_.close(parts);
        f(std::move(err));
      });
}

} // namespace orc
