#pragma once

#include "actors/walk/walks.hpp"

#include <caf/send.hpp>
#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace orc::test {

using namespace std::chrono_literals;

/// What a scripted processor does with one attempt.
struct reply {
  page_result result = {};
  std::chrono::milliseconds after{0};
  /// Cursors it tells before.
  std::vector<std::string> next = {};
};

inline page_result failed(std::string why = "no", std::string type = {}) {
  page_result x;
  x.end = page_end::failed;
  x.error = std::move(why);
  if (!type.empty())
    x.types.push_back(std::move(type));
  return x;
}

/// What processors were asked, and what they answer.
class script {
public:
  std::function<reply(const process_page&, int nth)> on_page
    = [](const process_page&, int) { return reply{}; };
  std::function<reply(const tell_progress&)> on_tell
    = [](const tell_progress&) { return reply{}; };

  reply answer(const process_page& x) {
    std::lock_guard guard{mutex};
    pages.push_back(x);
    auto nth = 0;
    for (const auto& y : pages)
      nth += y.page == x.page ? 1 : 0;
    return on_page(x, nth);
  }

  reply answer(const tell_progress& x) {
    std::lock_guard guard{mutex};
    told.emplace_back(x.progress.view());
    return on_tell(x);
  }

  std::size_t calls() {
    std::lock_guard guard{mutex};
    return pages.size();
  }

  std::size_t times_told() {
    std::lock_guard guard{mutex};
    return told.size();
  }

  std::size_t calls_of(std::uint64_t page) {
    std::lock_guard guard{mutex};
    std::size_t result = 0;
    for (const auto& x : pages)
      result += x.page == page ? 1 : 0;
    return result;
  }

  std::mutex mutex;
  std::vector<process_page> pages;
  std::vector<std::string> told;
};

/// A member of a specification.
constexpr auto reduce = R"("reduce":{"kind":"class","name":"script"})";

using script_ptr = std::shared_ptr<script>;

struct deliver_later {
  std::size_t number = 0;
  static constexpr auto fields
    = describe("deliver_later", ".", field("n", &deliver_later::number, "."));
};

} // namespace orc::test

namespace orc {

using scripted_processor_actor
  = page_processor_actor::extend<caf::reacts_to<test::deliver_later>>;

} // namespace orc

namespace orc::test {

template <class Inspector>
auto inspect(Inspector& f, deliver_later& x) {
  return f(x.number);
}

struct scripted_state {
  explicit scripted_state(scripted_processor_actor::pointer) {
    // nop
  }

  std::vector<std::pair<caf::typed_response_promise<page_result>, page_result>>
    later;
};

inline scripted_processor_actor::behavior_type scripted_processor(
  scripted_processor_actor::stateful_pointer<scripted_state> self,
  script_ptr with) {
  auto give = [self](reply x) {
    auto promise = self->make_response_promise<page_result>();
    if (x.after == 0ms) {
      promise.deliver(x.result);
      return promise;
    }
    self->state.later.emplace_back(promise, x.result);
    self->delayed_send(self, x.after,
                       deliver_later{self->state.later.size() - 1});
    return promise;
  };
  return {
    [=](const process_page& x) -> caf::result<page_result> {
      auto how = with->answer(x);
      for (const auto& cursor : how.next)
        self->send(x.next, next_page{x.page, x.attempt, cursor, 0});
      return give(how);
    },
    [=](const tell_progress& x) -> caf::result<page_result> {
      return give(with->answer(x));
    },
    [=](const stop_pages&) {
      page_result stopped;
      stopped.end = page_end::stopped;
      for (auto& [promise, result] : self->state.later)
        promise.deliver(stopped);
    },
    [=](const deliver_later& x) {
      auto& [promise, result] = self->state.later[x.number];
      promise.deliver(result);
    },
  };
}

/// Where an actor waits while it is shut.
struct gate {
  std::atomic<bool> is_shut = false;
  std::atomic<int> waiting = 0;

  void pass() {
    ++waiting;
    while (is_shut)
      std::this_thread::sleep_for(1ms);
    --waiting;
  }
};

using gate_ptr = std::shared_ptr<gate>;

/// A store whose disk may be full, or slow.
inline walk_store_actor::behavior_type
store_on_a_disk(walk_store_actor::pointer self, walk_store_actor to,
                std::shared_ptr<std::atomic<bool>> is_full, gate_ptr gate) {
  return {
    [=](const add_walk& x) { return self->delegate(to, x); },
    [=](const save_walk& x) -> caf::result<saved> {
      gate->pass();
      if (*is_full)
        return make_error(ec::store_failed, "the disk is full");
      return self->delegate(to, x);
    },
    [=](const find_walks& x) { return self->delegate(to, x); },
    [=](const find_walk_pages& x) { return self->delegate(to, x); },
    [=](const revive_walk_pages& x) -> caf::result<revived_pages> {
      if (*is_full)
        return make_error(ec::store_failed, "the disk is full");
      return self->delegate(to, x);
    },
  };
}

/// A source of so many numbers; a cursor is the number a page begins with.
inline walk_source_actor::behavior_type
counting_source(walk_source_actor::pointer, std::uint64_t items,
                std::shared_ptr<std::atomic<int>> failures,
                std::shared_ptr<std::atomic<int>> reads, gate_ptr gate) {
  return {
    [=](const read_walk_page& x) -> caf::result<walk_page> {
      ++*reads;
      gate->pass();
      if (*failures > 0) {
        --*failures;
        return make_page_error(ec::not_sent, "busy");
      }
      if (*failures < 0)
        return make_page_error(ec::not_found, "gone");
      auto first = x.cursor.empty() ? 0 : std::stoull(x.cursor);
      auto last = std::min<std::uint64_t>(first + x.size, items);
      walk_page page;
      std::string text;
      for (auto i = first; i < last; ++i)
        text += std::to_string(i) + "\n";
      page.items = json_text{std::move(text)};
      page.count = last - first;
      if (last < items)
        page.next = std::to_string(last);
      return page;
    },
  };
}

} // namespace orc::test
