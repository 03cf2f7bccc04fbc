#pragma once

#include "actors/walk/walks.hpp"
#include "persistence/sqlite/walk_store.hpp"
#include "tests/actors/walk/walk_mocks.hpp"
#include "tests/support/quiet_config.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace orc::test {

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
