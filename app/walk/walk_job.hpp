#pragma once

#include "messages/base/timestamp.hpp"
#include "messages/walk/walks.hpp"

#include <caf/actor_system.hpp>

#include <string>

namespace orc::app {

class interrupts;

struct walk_job_options {
  bool json = false;
  /// What has failed is done again.
  bool redrive = false;
  /// Whether what happens outlives this process.
  bool durable = true;
};

/// Brings one batch to its end, in this process: starts or rejoins it, shows
/// how it stands, and reports.
class walk_job {
public:
  /// All but `options` must outlive the job.
  walk_job(caf::actor_system& system, walks_actor walks, interrupts& stop,
           walk_job_options options);

  ~walk_job();

  walk_job(const walk_job&) = delete;
  walk_job& operator=(const walk_job&) = delete;

  /// @param spec JSON.
  /// @returns an exit code.
  int run(std::string spec);

private:
  int follow();
  void show(const walk_view& x);
  void clear_line();
  int stop_early();
  int finish(const walk_view& x);
  std::vector<walk_page_view> troubles();

  caf::actor_system& system_;
  interrupts& stop_;
  walk_job_options options_;
  walks_actor walks_;
  std::string name_;
  bool is_terminal_ = false;
  bool has_line_ = false;
  timestamp shown_;
};

} // namespace orc::app
