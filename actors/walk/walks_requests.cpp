// What users ask of batches: live ones are asked themselves, the store answers
// for all others.

#include "actors/walk/walks.hpp"

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

} // namespace

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
        promise.deliver(stored_view(*found));
      else
        // It is being started, or started again.
        self_->delayed_send(self_, ask_again, walk_waiter{x, until, promise});
    });
    return;
  }
  self_->request(live->second.actor, caf::infinite, wait_walk{x.name, left})
    .then(
      [promise](walk_view& now) mutable { promise.deliver(std::move(now)); },
      [=, this](const caf::error&) mutable {
        if (is_ending_) {
          promise.deliver(make_error(ec::stopping, "the service is stopping"));
          return;
        }
        // It has ended, or died: the store knows.
        self_->delayed_send(self_, ask_again, walk_waiter{x, until, promise});
      });
}

caf::result<walk_views> walks_state::list() {
  auto promise = self_->make_response_promise<walk_views>();
  self_->request(parts_.store, caf::infinite, find_walks{})
    .then([this, promise](const found_walks& found) { list(found, promise); },
          [promise](caf::error& err) mutable {
            promise.deliver(std::move(err));
          });
  return promise;
}

/// Those that live know best how they stand, and how fast they are.
void walks_state::list(const found_walks& found,
                       caf::typed_response_promise<walk_views> promise) {
  auto views = std::make_shared<walk_views>();
  auto left = std::make_shared<std::size_t>(1);
  auto answered = [views, left, promise]() mutable {
    if (--*left == 0)
      promise.deliver(std::move(*views));
  };
  for (const auto& x : found.walks) {
    views->items.push_back(stored_view(x));
    auto live = live_.find(x.name);
    if (live == live_.end())
      continue;
    ++*left;
    self_->request(live->second.actor, caf::infinite, wait_walk{x.name, 0ms})
      .then(
        [=, i = views->items.size() - 1](walk_view& is) mutable {
          views->items[i] = std::move(is);
          answered();
        },
        [=](const caf::error&) mutable { answered(); });
  }
  answered();
}

caf::result<walk_view> walks_state::change(const change_walk& x) {
  auto promise = self_->make_response_promise<walk_view>();
  change_by(x, promise);
  return promise;
}

void walks_state::change_by(const change_walk& x, view_promise promise) {
  auto live = live_.find(x.name);
  if (live == live_.end())
    return change_ended(x, promise);
  self_->request(live->second.actor, caf::infinite, x)
    .then(
      [promise](walk_view& now) mutable { promise.deliver(std::move(now)); },
      [=, this](caf::error& err) mutable {
        // It has refused, or ended.
        if (code_of(err) != ec::none)
          promise.deliver(std::move(err));
        else
          change_ended(x, promise);
      });
}

void walks_state::change_ended(const change_walk& x, view_promise promise) {
  if (!claim(x.name, [=, this] { change_by(x, promise); }))
    return;
  find(x.name, [=, this, f = release_with(x.name, promise)](
                 caf::expected<walk_record> found) {
    if (found)
      change_stored(x, std::move(*found), f);
    else
      f(found.error());
  });
}

void walks_state::change_stored(const change_walk& x, walk_record record,
                                view_taker f) {
  if (record.state == walk_state::running) {
    if (x.verb == walk_verb::cancel && waiting_.contains(x.name))
      return cancel_waiting(std::move(record), std::move(f));
    return f(make_error(ec::stopping,
                        fmt::format("batch {} is being started; ask again in a "
                                    "moment, or cancel it if it cannot be",
                                    x.name)));
  }
  if (x.verb != walk_verb::redrive)
    return f(
      make_error(ec::bad_field,
                 fmt::format("batch {} is over ({}): there is nothing to "
                             "{}; `redrive` tries again what failed",
                             x.name, name_of(record.state), name_of(x.verb))));
  auto spec = read_walk_spec(record.spec.reveal());
  if (!spec)
    return f(spec.error());
  reopen(std::move(record), std::move(*spec), true, false, std::move(f));
}

void walks_state::cancel_waiting(walk_record record, view_taker f) {
  waiting_.erase(record.name);
  record.state = walk_state::cancelled;
  record.error = "cancelled";
  record.finished_at = now();
  auto view = view_of(record);
  save_walk change;
  change.walk = std::move(record);
  self_->request(parts_.store, caf::infinite, std::move(change))
    .then([f, view](const saved&) { f(view); },
          [f](caf::error& err) { f(std::move(err)); });
}

walk_view walks_state::stored_view(const walk_record& record) const {
  auto result = view_of(record);
  auto why = waiting_.find(record.name);
  if (why != waiting_.end() && !why->second.empty() && !result.is_finished)
    result.error = "it cannot be taken up, and is tried again: " + why->second;
  return result;
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
  is_draining_ = true;
  auto left = std::make_shared<std::size_t>(live_.size());
  if (*left == 0) {
    promise.deliver(saved{});
    return promise;
  }
  auto one_less = [promise, left]() mutable {
    if (--*left == 0)
      promise.deliver(saved{});
  };
  for (const auto& [batch, live] : live_)
    self_->request(live.actor, x.patience, x)
      .then([one_less](const saved&) mutable { one_less(); },
            [one_less](const caf::error&) mutable { one_less(); });
  return promise;
}

} // namespace orc
