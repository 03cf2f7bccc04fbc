#pragma once

#include "actors/walk/walks.hpp"
#include "persistence/sqlite/walk_store.hpp"
#include "tests/support/quiet_config.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

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

/// WALKS with a store in memory, a source that counts and a scripted processor.
class walk_world {
public:
  explicit walk_world(std::uint64_t item_count = 0) : items{item_count} {
    auto opened = open_walk_store(system_, {});
    REQUIRE(opened);
    store_ = *opened;
    disk_ = system_.spawn(store_on_a_disk, store_, disk_is_full, saving);
    live();
  }

  ~walk_world() {
    die(caf::exit_reason::user_shutdown);
    end(disk_, caf::exit_reason::user_shutdown);
    end(store_, caf::exit_reason::user_shutdown);
  }

  /// Another process takes up what the one before it left.
  void live() {
    auto sources = system_.spawn(
      [n = items, f = read_failures, r = reads, g = reading,
       gone = source_is_gone](
        walk_sources_actor::pointer self) -> walk_sources_actor::behavior_type {
        return {[=](const open_walk_source&) -> caf::result<walk_source_actor> {
          if (*gone)
            return make_error(ec::bad_field, "there is no source");
          return self->spawn(counting_source, n, f, r, g);
        }};
      });
    auto processors = system_.spawn([with = script_](
                                      page_processors_actor::pointer self)
                                      -> page_processors_actor::behavior_type {
      return {
        [=](const open_page_processor& x) -> caf::result<page_processor_actor> {
          if (x.processor.name != "script")
            return make_error(ec::bad_field, "no such class; there are script");
          return caf::actor_cast<page_processor_actor>(
            self->spawn(scripted_processor, with));
        }};
    });
    walks_
      = system_.spawn(walks, walks_parts{disk_, sources, processors, true});
    helpers_ = {caf::actor_cast<caf::actor>(sources),
                caf::actor_cast<caf::actor>(processors)};
  }

  void die(caf::exit_reason how = caf::exit_reason::user_shutdown) {
    end(walks_, how);
    for (auto& x : helpers_)
      end(x, how);
    helpers_.clear();
  }

  /// @param more members of the specification, such as `"pageSize":5`.
  static std::string spec(const std::string& more, bool self_fed = false) {
    auto source = self_fed ? R"({"kind":"processor"})"
                           : R"({"kind":"ndjson","path":"x"})";
    return fmt::format(R"({{"name":"b","source":{},"processor":)"
                       R"({{"kind":"class","name":"script"}},)"
                       R"("initialBackoffSecs":0.001,{}}})",
                       source, more);
  }

  caf::expected<walk_view>
  start(const std::string& text, bool redrive = false) {
    return ask<walk_view>(start_walk{secret{text}, redrive});
  }

  /// Without waiting in between.
  std::pair<caf::expected<walk_view>, caf::expected<walk_view>>
  start_twice(const std::string& text) {
    caf::scoped_actor self{system_};
    auto ask_once = [&] {
      return self->request(walks_, 120s, start_walk{secret{text}, false});
    };
    auto take = [](auto request) {
      caf::expected<walk_view> result{caf::error{}};
      request.receive([&](walk_view& y) { result = std::move(y); },
                      [&](caf::error& y) { result = std::move(y); });
      return result;
    };
    auto one = ask_once();
    auto other = ask_once();
    auto first = take(std::move(one));
    return {std::move(first), take(std::move(other))};
  }

  walk_view now() {
    auto x = ask<walk_view>(wait_walk{"b", 0ms});
    REQUIRE(x);
    return *x;
  }

  walk_view wait(std::chrono::milliseconds at_most = 60s) {
    auto x = ask<walk_view>(wait_walk{"b", at_most});
    REQUIRE(x);
    return *x;
  }

  /// @returns how it stands when this much time has gone without its end.
  walk_view still_going_after(std::chrono::milliseconds time) {
    auto x = wait(time);
    CHECK(!x.is_finished);
    return x;
  }

  /// Waits until what the store knows is as a condition says.
  template <class F>
  void until_stored(F condition) {
    until([&](const walk_view&) {
      auto all = ask<walk_views>(list_walks{});
      return all && !all->items.empty() && condition(all->items.front());
    });
  }

  /// Starts it and waits for its end.
  walk_view run(const std::string& more, bool self_fed = false) {
    auto begun = start(spec(more, self_fed));
    INFO((begun ? "" : message_of(begun.error())));
    REQUIRE(begun);
    auto x = wait();
    REQUIRE(x.is_finished);
    return x;
  }

  caf::expected<walk_view> change(walk_verb verb, std::uint32_t limit = 0) {
    return ask<walk_view>(change_walk{verb, "b", limit});
  }

  /// Lets nothing start any more, and does not wait for what goes on.
  void drain() {
    caf::anon_send(walks_, drain_walks{60s});
    // Asked of the same actors, so that they have the other one by then.
    now();
  }

  template <class F>
  walk_view until(F condition) {
    for (auto i = 0; i < 4000; ++i) {
      auto x = now();
      if (condition(x))
        return x;
      std::this_thread::sleep_for(2ms);
    }
    FAIL("it did not come true");
    return {};
  }

  template <class Response, class Message>
  caf::expected<Response> ask(Message x) {
    caf::scoped_actor self{system_};
    caf::expected<Response> result{caf::error{}};
    // Longer than anything is waited for, also on a busy machine.
    self->request(walks_, 120s, std::move(x))
      .receive([&](Response& y) { result = std::move(y); },
               [&](caf::error& y) { result = std::move(y); });
    return result;
  }

  script& does() {
    return *script_;
  }

  std::uint64_t items = 0;
  std::shared_ptr<std::atomic<int>> read_failures
    = std::make_shared<std::atomic<int>>(0);
  std::shared_ptr<std::atomic<bool>> source_is_gone
    = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<std::atomic<int>> reads
    = std::make_shared<std::atomic<int>>(0);
  gate_ptr reading = std::make_shared<gate>();
  gate_ptr saving = std::make_shared<gate>();
  std::shared_ptr<std::atomic<bool>> disk_is_full
    = std::make_shared<std::atomic<bool>>(false);

private:
  template <class Handle>
  void end(Handle& x, caf::exit_reason how) {
    if (!x)
      return;
    caf::scoped_actor self{system_};
    self->monitor(x);
    caf::anon_send_exit(x, how);
    self->receive([](const caf::down_msg&) {});
    x = nullptr;
  }

  quiet_config config_;
  script_ptr script_ = std::make_shared<script>();
  caf::actor_system system_{config_};
  walk_store_actor store_;
  walk_store_actor disk_;
  walks_actor walks_;
  std::vector<caf::actor> helpers_;
};

} // namespace orc::test
