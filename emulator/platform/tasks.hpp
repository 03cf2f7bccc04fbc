#pragma once

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"
#include "emulator/api/user.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace orc::emulator {

/// An Apify actor with saved input and options.
struct actor_task {
  std::string id;
  std::string user_id;
  std::string username;
  std::string actor_id;
  std::string name;
  std::string title;
  moment created_at;
  moment modified_at;
  /// JSON object.
  std::string input = "{}";
  std::optional<std::string> build;
  std::optional<std::int64_t> timeout_secs;
  std::optional<std::int64_t> memory_mbytes;
  std::optional<std::int64_t> max_items;
  std::optional<double> max_total_charge_usd;
  std::optional<bool> restart_on_error;
  std::uint64_t total_runs = 0;
};

/// The Apify tasks of all accounts.
class task_book {
public:
  /// Makes a task out of the body of `POST /v2/actor-tasks`.
  /// @throws api_error if its name is taken
  actor_task&
  create(const user& owner, std::string actor_id, const json_value& body);

  /// @param id an id, `username~name`, or `~name` of `caller`
  actor_task* find(std::string_view id, const user* caller) const;

  /// Takes over what a `PUT` body holds.
  void update(actor_task& task, const json_value& body);

  /// Brings back a task out of what `to_json` wrote.
  void restore(const json_value& record);

  void remove(const actor_task& task);

  void clear() {
    tasks_.clear();
  }

  const std::map<std::string, std::unique_ptr<actor_task>>&
  all() const noexcept {
    return tasks_;
  }

private:
  /// By id.
  std::map<std::string, std::unique_ptr<actor_task>> tasks_;
};

/// Lays `overrides` over a task's saved input, field by field.
/// @throws api_error if one of them is no JSON object
std::string merge_input(std::string_view saved, std::string_view overrides);

std::string to_json(const actor_task& x);

} // namespace orc::emulator
