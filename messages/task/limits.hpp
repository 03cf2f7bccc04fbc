#pragma once

#include "messages/base/error.hpp"
#include "messages/base/fields.hpp"
#include "messages/base/message.hpp"
#include "messages/base/names.hpp"
#include "messages/base/timestamp.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// What a limit holds for.
enum class limit_scope : std::uint8_t { workgroup, channel };

template <>
struct enum_names<limit_scope> {
  static constexpr std::array<std::string_view, 2> values{"workgroup",
                                                          "channel"};
};

/// How many tasks may be handed out: at a time, and in the long run. The latter
/// is a bucket of tokens, of which each task takes one.
struct task_limits {
  std::optional<std::uint64_t> concurrency;
  std::optional<double> rate_per_sec;
  std::optional<double> burst;

  static constexpr auto fields = describe(
    "task_limits", "How many tasks of a workgroup or a channel are handed out.",
    field("concurrency", &task_limits::concurrency, presence::nullable,
          "So many may be with workers at a time; at least 1."),
    field("ratePerSec", &task_limits::rate_per_sec, presence::nullable, "1/s",
          "So many tokens come back a second, from 0.000001 to 1000000. A task "
          "takes one when it is handed out, an attempt that failed does not "
          "give it back."),
    field("burst", &task_limits::burst, presence::nullable,
          "So many tokens there are at most, so many tasks can go at once "
          "after a rest; at least 1. Not given: what comes back in a second, "
          "at least 1."));
};

/// @returns `ec::bad_field` if they make no sense.
caf::error validate(const task_limits& x);

/// @returns how many tokens there are at most.
/// @pre there is a rate
double burst_of(const task_limits& x);

/// Limits as they are stored.
struct stored_limit {
  limit_scope scope = limit_scope::workgroup;
  std::string name;
  task_limits limits;
  /// When all tokens will be back, by the clock on the wall: a restart fills no
  /// bucket. Milliseconds since 1970, with fractions.
  double full_at = 0;

  static constexpr auto fields
    = describe("stored_limit", "Limits as they are stored.",
               field("scope", &stored_limit::scope, "What is limited."),
               field("name", &stored_limit::name, "Its name."),
               field("limits", &stored_limit::limits, "How."),
               field("fullAt", &stored_limit::full_at, "ms since 1970."));
};

/// A token was taken.
struct spent_token {
  limit_scope scope = limit_scope::workgroup;
  std::string name;
  double full_at = 0;

  static constexpr auto fields
    = describe("spent_token", "A token was taken.",
               field("scope", &spent_token::scope, "Of what."),
               field("name", &spent_token::name, "Its name."),
               field("fullAt", &spent_token::full_at, "ms since 1970."));
};

/// Stores limits in place of those that there were.
struct save_task_limit {
  stored_limit is;

  static constexpr auto fields
    = describe("save_task_limit", "Stores limits.",
               field("is", &save_task_limit::is, "All of them."));
};

struct drop_task_limit {
  limit_scope scope = limit_scope::workgroup;
  std::string name;

  static constexpr auto fields
    = describe("drop_task_limit", "Removes limits.",
               field("scope", &drop_task_limit::scope, "Of what."),
               field("name", &drop_task_limit::name, "Its name."));
};

/// Puts limits in place of those that there were; none at all removes them.
/// Fails with `ec::bad_field`.
struct set_task_limits {
  limit_scope scope = limit_scope::workgroup;
  std::string name;
  std::optional<task_limits> limits;

  static constexpr auto fields
    = describe("set_task_limits", "Limits a workgroup or a channel.",
               field("scope", &set_task_limits::scope, "Which kind."),
               field("name", &set_task_limits::name, "Which one."),
               field("limits", &set_task_limits::limits, presence::optional,
                     "None: no longer."));
};

struct get_task_limits {
  limit_scope scope = limit_scope::workgroup;
  /// If not empty, only this one.
  std::string name = {};

  static constexpr auto fields
    = describe("get_task_limits", "Asks for limits.",
               field("scope", &get_task_limits::scope, "Of which kind."),
               field("name", &get_task_limits::name, "Only of this one."));
};

/// How a workgroup or a channel stands to its limits.
struct limit_standing {
  std::string name;
  std::optional<std::uint64_t> concurrency;
  std::optional<double> rate_per_sec;
  std::optional<double> burst;
  std::uint64_t running = 0;
  std::uint64_t waiting = 0;
  std::optional<double> tokens;
  std::optional<timestamp> opens_at;
  std::optional<std::string> blocked;

  static constexpr auto fields = describe(
    "limit_standing", "How a workgroup or a channel stands to its limits.",
    field("name", &limit_standing::name, "Its name."),
    field("concurrency", &limit_standing::concurrency, presence::nullable,
          "So many tasks may be with workers at a time; null: any number."),
    field("ratePerSec", &limit_standing::rate_per_sec, presence::nullable,
          "1/s", "So many tokens come back a second; null: no such limit."),
    field("burst", &limit_standing::burst, presence::nullable,
          "So many tokens there are at most."),
    field("running", &limit_standing::running,
          "Tasks that workers have now; those of one key count as one."),
    field("waiting", &limit_standing::waiting,
          "Tasks that nothing else holds up."),
    field("tokens", &limit_standing::tokens, presence::nullable,
          "There are so many now."),
    field("opensAt", &limit_standing::opens_at, presence::nullable,
          "When there is a token again, if none is there now."),
    field("blocked", &limit_standing::blocked, presence::nullable,
          "Why no task is handed out now."));
};

struct limit_standings {
  std::vector<limit_standing> items;

  static constexpr auto fields
    = describe("limit_standings", "Limits and how they stand.",
               field("items", &limit_standings::items, "By name."));
};

/// Asks why a task is where it is.
struct explain_task {
  std::string id;

  static constexpr auto fields
    = describe("explain_task", "Asks why a task waits.",
               field("id", &explain_task::id, "Which."));
};

enum class task_state : std::uint8_t {
  /// It goes to the next worker that asks and to whom no other goes first.
  ready,
  /// A worker has it.
  assigned,
  complete,
  given_up,
  /// Its group is paused.
  paused,
  /// Of its parents.
  parents,
  /// Of its time.
  delayed,
  /// Of a task of the same key.
  key,
  /// Of the limits of its workgroup.
  workgroup,
  /// Of the limits of its channel.
  channel,
  /// It is on no channel.
  homeless,
};

template <>
struct enum_names<task_state> {
  static constexpr std::array<std::string_view, 11> values{
    "ready",   "assigned", "complete",  "given-up", "paused",    "parents",
    "delayed", "key",      "workgroup", "channel",  "no-channel"};
};

/// Where a task is, and what it waits for.
struct task_standing {
  std::string id;
  task_state state = task_state::ready;
  std::string reason;
  std::optional<timestamp> until;

  static constexpr auto fields = describe(
    "task_standing", "Where a task is, and what it waits for.",
    field("_id", &task_standing::id, "24 hexadecimal digits."),
    field("state", &task_standing::state, "What holds it up first."),
    field("reason", &task_standing::reason, "In a sentence, for people."),
    field("until", &task_standing::until, presence::nullable,
          "When that ends by itself, if that is known."));
};

} // namespace orc

#define ORC_TASK_LIMIT_MESSAGES(X)                                             \
  X(orc::save_task_limit)                                                      \
  X(orc::drop_task_limit)                                                      \
  X(orc::set_task_limits)                                                      \
  X(orc::get_task_limits)                                                      \
  X(orc::limit_standings)                                                      \
  X(orc::explain_task)                                                         \
  X(orc::task_standing)

ORC_TASK_LIMIT_MESSAGES(ORC_DECLARE_MESSAGE)
