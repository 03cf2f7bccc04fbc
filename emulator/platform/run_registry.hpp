#pragma once

#include "emulator/platform/run_index.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace orc::emulator {

/// All runs that the platform knows, by id and in the lists that show them.
class run_registry {
public:
  /// Takes in a run and puts it last in its lists.
  run& add(std::unique_ptr<run> x);

  run* find(std::string_view id) const;

  void set_status(run& x, run_status status);

  void remove(run& x);

  void clear();

  const run_index& of_user(const user& who);

  const run_index& of_actor(const user& who, std::string_view actor_id);

  const run_index& of_task(std::string_view task_id);

  const std::unordered_map<std::string, std::unique_ptr<run>>&
  all() const noexcept {
    return runs_;
  }

private:
  run_index&
  index(std::string_view kind, std::string_view x, std::string_view y);

  std::unordered_map<std::string, std::unique_ptr<run>> runs_;
  std::unordered_map<std::string, run_index> indexes_;
  std::uint64_t last_number_ = 0;
};

} // namespace orc::emulator
