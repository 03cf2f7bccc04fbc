#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"
#include "messages/base/timestamp.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// One worker of a pool.
struct pool_worker {
  std::string id;
  std::int64_t pid = 0;
  timestamp since;

  static constexpr auto fields
    = describe("pool_worker", "A worker of a pool.",
               field("id", &pool_worker::id, "What it calls itself."),
               field("pid", &pool_worker::pid, "Its process."),
               field("since", &pool_worker::since, "When it was started."));
};

/// How a type of workers stands.
struct pool_type {
  std::string name;
  std::string channel;
  std::uint64_t queued = 0;
  std::uint64_t assigned = 0;
  std::uint64_t delayed = 0;
  std::uint64_t limit = 0;
  std::vector<pool_worker> workers;
  /// Not before, after failures to start one.
  std::optional<timestamp> waits_until;
  /// The last failure to start one.
  std::optional<std::string> problem;

  static constexpr auto fields = describe(
    "pool_type", "How a type of workers stands.",
    field("name", &pool_type::name, "Its name."),
    field("channel", &pool_type::channel, "Whose tasks they do."),
    field("queued", &pool_type::queued, "Tasks that are ready."),
    field("assigned", &pool_type::assigned, "Tasks that a worker has."),
    field("delayed", &pool_type::delayed, "Tasks whose time comes later."),
    field("limit", &pool_type::limit, "Most workers."),
    field("workers", &pool_type::workers, "Those there are."),
    field("waitsUntil", &pool_type::waits_until, presence::nullable,
          "None is started before, after failures."),
    field("problem", &pool_type::problem, presence::nullable,
          "Why the last one could not be started."));
};

struct pool_view {
  std::string name;
  std::uint64_t limit = 0;
  std::uint64_t ticks = 0;
  std::uint64_t started = 0;
  std::uint64_t idle_ticks = 0;
  std::vector<pool_type> types;

  static constexpr auto fields
    = describe("pool_view", "How a pool of local workers stands.",
               field("name", &pool_view::name, "Its name."),
               field("limit", &pool_view::limit, "Most workers, of all types."),
               field("ticks", &pool_view::ticks, "Decisions until now."),
               field("started", &pool_view::started, "Workers until now."),
               field("idleTicks", &pool_view::idle_ticks,
                     "The last so many ticks had nothing to do."),
               field("types", &pool_view::types, "Its types of workers."));
};

struct pool_views {
  std::vector<pool_view> pools;

  static constexpr auto fields
    = describe("pool_views", "All pools of local workers.",
               field("pools", &pool_views::pools, "All there are."));
};

struct get_pool {
  static constexpr auto fields = describe("get_pool", "Asks how it stands.");
};

/// Waits for the end of a pool: answered when no worker is left.
struct await_pool {
  static constexpr auto fields = describe("await_pool", "Waits for its end.");
};

/// Ends a pool: its workers get SIGTERM, their grace, SIGKILL.
struct stop_pool {
  static constexpr auto fields = describe("stop_pool", "Ends a pool.");
};

struct pool_ended {
  /// Workers that it started.
  std::uint64_t started = 0;
  std::uint64_t ticks = 0;
  /// It had nothing to do any more; else it was stopped.
  bool complete = false;

  static constexpr auto fields = describe(
    "pool_ended", "A pool has ended.",
    field("started", &pool_ended::started, "Workers in all."),
    field("ticks", &pool_ended::ticks, "Decisions in all."),
    field("complete", &pool_ended::complete, "It had nothing to do any more."));
};

/// The POOL interface: local workers for the tasks of channels. `await_pool`
/// and `stop_pool` fail with what made the pool end, if it was an error.
using pool_actor
  = caf::typed_actor<caf::replies_to<get_pool>::with<pool_view>,
                     caf::replies_to<await_pool>::with<pool_ended>,
                     caf::replies_to<stop_pool>::with<pool_ended>>;

} // namespace orc

#define ORC_POOL_MESSAGES(X)                                                   \
  X(orc::pool_view)                                                            \
  X(orc::get_pool)                                                             \
  X(orc::await_pool)                                                           \
  X(orc::stop_pool)                                                            \
  X(orc::pool_ended)

ORC_POOL_MESSAGES(ORC_DECLARE_MESSAGE)
