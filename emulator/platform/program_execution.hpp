#pragma once

#include "emulator/platform/run.hpp"
#include "emulator/process/container.hpp"

#include <memory>
#include <optional>
#include <string>

namespace orc::emulator {

/// Runs a real program as what a run does.
class program_execution : public execution {
public:
  /// All references must outlive it.
  /// @param api_url where the program finds the emulator
  /// @pre the run's Apify actor has a program
  program_execution(run& which, io_runtime& runtime, const std::string& api_url,
                    work_listener& listener);

  std::string start() override;
  void abort_gracefully() override;
  void kill() override;
  void migrate() override;
  void reboot() override;
  void connect_events(const http::exchange_ptr& exchange) override;
  std::string url() const override;
  container_usage usage() const override;

private:
  std::unique_ptr<container> container_;
};

} // namespace orc::emulator
