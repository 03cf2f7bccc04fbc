#pragma once

#include "app/client/api_client.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace orc::app {

/// A task that the service handed out, and what a command learns of it.
struct handed_task {
  std::string id;
  std::string name;
  /// As JSON: the whole task, its input, and what its parents made.
  std::string text;
  std::string input;
  std::string parents;
  std::int64_t attempts_left = 0;
};

/// What the service says of a task that was given back, done or failed.
struct released_task {
  bool is_complete = false;
  /// The next task of the channel, if one was asked for and there is one.
  std::optional<handed_task> next;
};

/// Where one hand of a worker gets the tasks of a channel, and brings them
/// back. Its calls block their thread.
class task_desk {
public:
  /// @param client for short calls.
  /// @param polls for calls that wait for a task.
  /// @param worker who has the tasks.
  /// @param lease how long a task is kept from others after each call.
  task_desk(api_client& client, api_client& polls, const std::string& channel,
            std::string worker, std::chrono::milliseconds lease);

  /// @param patience how long the service may wait for a task.
  [[nodiscard]] caf::expected<std::optional<handed_task>>
  acquire(std::chrono::milliseconds patience);

  /// @returns whether the task is still ours, as far as we know.
  bool extend(const handed_task& x);

  /// Puts a task back as if it had never been taken: it loses no attempt.
  void give_back(const handed_task& x);

  /// Says how a task ended.
  /// @param outcome members of a JSON object, such as `"output":7`; may be "".
  /// @param with_next asks for the next task in the same breath.
  [[nodiscard]] caf::expected<released_task>
  release(const handed_task& x, const std::string& outcome, bool with_next);

private:
  bool extend(const handed_task& x, double lease_secs);

  api_client& client_;
  api_client& polls_;
  /// As URLs write it.
  std::string channel_;
  /// As JSON.
  std::string worker_;
  double lease_secs_;
};

} // namespace orc::app
