#pragma once

#include "actors/schedule/schedules.hpp"
#include "tests/support/actor_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace orc::test {

using namespace std::chrono_literals;

/// What lives on when SCHEDULES dies.
struct surroundings {
  static constexpr auto start = timestamp{1'800'000'000'000};

  timestamp now = start;
  std::map<std::string, schedule_record> records;
  /// Tokens, in the order in which something was made under them.
  std::vector<std::string> made;
  std::set<std::string> known;
  std::map<std::string, found_token> noted;
  /// Tasks that are not done.
  std::set<std::string> open;
  std::vector<std::string> removed;
  /// TASKS dies after it has made something, before it says so.
  bool loses_answer = false;
  bool refuses = false;
  /// The store does not take schedules.
  bool is_full = false;
};

using surroundings_ptr = std::shared_ptr<surroundings>;

inline task_store_actor
fake_store(caf::actor_system& system, const surroundings_ptr& x) {
  auto handle = system.spawn([x]() -> caf::behavior {
    return {
      [x](const save_schedule& y) -> caf::result<saved> {
        if (x->is_full)
          return make_error(ec::store_failed, "the disk is full");
        x->records[y.is.is.name] = y.is;
        if (!y.token.empty())
          x->noted[y.token] = {y.number, y.at};
        return saved{};
      },
      [x](const drop_schedule& y) -> caf::result<saved> {
        if (x->is_full)
          return make_error(ec::store_failed, "the disk is full");
        x->records.erase(y.name);
        return saved{};
      },
      [x](const load_schedules&) {
        stored_schedules result;
        for (const auto& [name, record] : x->records)
          result.items.push_back(record);
        return result;
      },
      [x](const find_token& y) {
        auto known = x->noted.find(y.token);
        return known != x->noted.end() ? known->second : found_token{};
      },
      [x](const find_made& y) -> caf::result<created_tasks> {
        if (!x->known.contains(y.token))
          return make_error(ec::not_found, "");
        return created_tasks{y.token, {}};
      },
      [x](const find_tasks& y) -> caf::result<stored_tasks> {
        task found;
        found.is_complete = !x->open.contains(y.id);
        return stored_tasks{{found}, {}};
      },
    };
  });
  return caf::actor_cast<task_store_actor>(handle);
}

inline tasks_actor
fake_tasks(caf::actor_system& system, const surroundings_ptr& x) {
  auto handle = system.spawn([x](caf::event_based_actor* self) {
    return caf::behavior{
      [=](const create_tasks& y) -> caf::result<created_tasks> {
        if (x->refuses)
          return make_error(ec::not_found, "no such group");
        if (x->known.insert(y.token).second) {
          x->made.push_back(y.token);
          x->open.insert(y.token);
        }
        if (x->loses_answer)
          return self->make_response_promise<created_tasks>();
        created_tasks result;
        result.group_id = y.token;
        return result;
      },
      [=](const has_open_tasks& y) {
        return found_open_tasks{x->open.contains(y.group_id)};
      },
      [=](const change_task_group& y) {
        x->removed.push_back(y.id);
        x->open.erase(y.id);
        return task_groups{};
      },
    };
  });
  return caf::actor_cast<tasks_actor>(handle);
}

/// SCHEDULES with a store and with TASKS that are told what to say, and a clock
/// that the test moves.
struct schedule_world : actor_fixture {
  static constexpr auto start = surroundings::start;

  schedule_world() {
    begin();
  }

  // Ticks to come keep it alive.
  ~schedule_world() {
    kill(subject);
  }

  void begin() {
    schedules_parts parts;
    parts.store = fake_store(system(), all);
    parts.tasks = fake_tasks(system(), all);
    subject = system().spawn(
      schedules, schedules_config{[w = all] { return w->now; }}, parts);
    run();
  }

  /// As `kill -9` does.
  void restart() {
    kill(subject);
    begin();
  }

  /// Lets time pass in small steps, so that what is due is done in between.
  void pass(std::chrono::milliseconds span) {
    for (auto end = all->now + span; all->now < end;) {
      auto step = std::min<std::chrono::milliseconds>(500ms, end - all->now);
      all->now = all->now + step;
      advance(step);
    }
  }

  static schedule_definition every(std::uint64_t secs) {
    schedule_definition x;
    x.name = "s";
    x.every_secs = secs;
    x.group = json_text{R"({"tasks":[{"channel":"c"}]})"};
    return x;
  }

  void set(schedule_definition x) {
    auto done = ask<schedule_views>(subject, set_schedule{std::move(x)});
    REQUIRE(done.response().items.size() == 1);
  }

  /// What a configuration says.
  std::vector<std::string> keep(std::vector<schedule_definition> xs) {
    auto kept
      = ask<schedule_views>(subject, keep_schedules{"pools", std::move(xs)});
    std::vector<std::string> result;
    for (const auto& x : kept.response().items)
      result.push_back(x.name);
    return result;
  }

  static schedule_definition named(std::string name, std::uint64_t secs) {
    auto x = every(secs);
    x.name = std::move(name);
    return x;
  }

  schedule_view view() {
    return ask<schedule_views>(subject, get_schedules{"s"})
      .response()
      .items.front();
  }

  void change(schedule_verb verb) {
    ask<schedule_views>(subject, change_schedule{verb, "s"}).response();
  }

  void finish_all() {
    all->open.clear();
  }

  surroundings_ptr all = std::make_shared<surroundings>();
  schedules_actor subject;
};

} // namespace orc::test
