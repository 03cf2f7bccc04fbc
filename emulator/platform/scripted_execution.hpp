#pragma once

#include "emulator/platform/agenda.hpp"
#include "emulator/platform/run.hpp"
#include "emulator/platform/script.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace orc::emulator {

/// How many runs of each key failed because a script said `failFirst`.
using failure_counts = std::unordered_map<std::string, std::int64_t>;

/// Does what a script says: pushes items while time passes, then ends.
class scripted_execution : public execution {
public:
  /// All references must outlive it.
  scripted_execution(run& which, script what, agenda& plan,
                     run_storages& storages, work_listener& listener,
                     failure_counts& failures);

  ~scripted_execution() override;

  std::string start() override;
  void abort_gracefully() override;
  void kill() override;
  void migrate() override;
  void reboot() override;
  void connect_events(const http::exchange_ptr& exchange) override;
  std::string url() const override;
  container_usage usage() const override;

private:
  void plan_step();
  void step();
  void push_until(std::int64_t count);
  void end();
  work_end outcome();
  void end_at(moment when);

  run& run_;
  script script_;
  agenda& agenda_;
  run_storages& storages_;
  work_listener& listener_;
  failure_counts& failures_;
  moment started_;
  std::int64_t steps_ = 1;
  std::int64_t step_ = 0;
  std::optional<agenda::entry> next_;
};

} // namespace orc::emulator
