#pragma once

#include "messages/base/fields.hpp"
#include "messages/base/json_text.hpp"
#include "messages/base/message.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace orc {

/// What waits on a channel. Tasks of paused groups, those that were given up,
/// and those whose parents are not complete are in none of the numbers.
struct channel_load {
  std::string channel;
  std::uint64_t ready = 0;
  std::uint64_t assigned = 0;
  std::uint64_t delayed = 0;

  static constexpr auto fields = describe(
    "channel_load", "What waits on a channel.",
    field("channel", &channel_load::channel, "Its name."),
    field("ready", &channel_load::ready, "Tasks that a worker would get now."),
    field("assigned", &channel_load::assigned, "Tasks that a worker has."),
    field("delayed", &channel_load::delayed, "Tasks whose time comes later."));
};

/// Asks what waits on channels.
struct get_loads {
  std::vector<std::string> channels;
  /// If none of them has a ready task, waits so long for one.
  std::chrono::milliseconds wait{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, get_loads& x) {
    return f(caf::meta::type_name("get_loads"), x.channels, x.wait);
  }
};

/// One for each channel that was asked for, in that order.
struct channel_loads {
  std::vector<channel_load> channels;

  static constexpr auto fields
    = describe("channel_loads", "What waits on channels.",
               field("channels", &channel_loads::channels, "As asked for."));
};

/// Says that a worker is gone: what it has goes back to its channel.
struct lose_worker {
  /// Its id, and whatever begins with it and a `/`: a worker of many hands.
  std::string worker;
  /// JSON; the attempts have failed. None: they do not count.
  json_text error = {};

  static constexpr auto fields
    = describe("lose_worker", "Says that a worker is gone.",
               field("workerId", &lose_worker::worker, "Who."),
               field("error", &lose_worker::error, presence::optional,
                     "The attempts failed so. None: they do not count."));
};

struct lost_tasks {
  std::uint64_t count = 0;

  static constexpr auto fields
    = describe("lost_tasks", "What a worker had that is gone.",
               field("count", &lost_tasks::count, "Tasks that it had."));
};

/// Sets how tasks of a channel with one key are done, until the service ends.
struct set_channel_rules {
  std::string channel;
  /// One after the other, each for itself; else they are done as one.
  bool serial = false;

  static constexpr auto fields = describe(
    "set_channel_rules", "How tasks of a channel are done.",
    field("channel", &set_channel_rules::channel, presence::optional,
          "Its name."),
    field("serial", &set_channel_rules::serial, presence::optional,
          "Tasks with one key are done one after the other, each for "
          "itself; else they are done as one."));
};

/// The WORK QUEUE interface, which TASKS answers besides its own: what a pool
/// of workers has to know, and to say. Where the tasks are another service's, a
/// proxy speaks HTTP to it, and fails as that does.
using work_queue_actor = caf::typed_actor<
  // Answers at once if a task is ready or `wait` is 0.
  caf::replies_to<get_loads>::with<channel_loads>,
  // After it is durable.
  caf::replies_to<lose_worker>::with<lost_tasks>,
  caf::replies_to<set_channel_rules>::with<channel_loads>>;

} // namespace orc

#define ORC_WORK_QUEUE_MESSAGES(X)                                             \
  X(orc::get_loads)                                                            \
  X(orc::channel_loads)                                                        \
  X(orc::lose_worker)                                                          \
  X(orc::lost_tasks)                                                           \
  X(orc::set_channel_rules)

ORC_WORK_QUEUE_MESSAGES(ORC_DECLARE_MESSAGE)
