#pragma once

#include "app/progress/run_board.hpp"
#include "app/progress/view.hpp"
#include "app/run/work.hpp"
#include "app/service/event_feed.hpp"
#include "app/service/service.hpp"
#include "messages/reader.hpp"

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orc::app {

class interrupts;

struct run_job_options {
  bool json = false;
  bool retry_failed = false;
  bool abort_on_exit = false;
  /// Whether what happens outlives this process.
  bool durable = true;
  /// Whether items that a process before this one had no time to count are
  /// counted now.
  bool counts = true;
  /// Where merged items go; "" writes none.
  std::string output;
  /// Standard output, if they go there.
  std::shared_ptr<std::FILE> items_to;
  output_format format = output_format::ndjson;
};

/// Checks where items are to go, and keeps standard output for them if they go
/// there.
/// @param source the file that says what to run, or "".
[[nodiscard]] caf::error
prepare_output(run_job_options& x, const std::string& source);

/// Brings runs to their end: submits them, shows what happens, reports, and
/// merges what the runs have produced.
class run_job {
public:
  /// All but `options` must outlive the job.
  run_job(service& host, work& runs, run_job_options options, interrupts& stop);

  ~run_job();

  run_job(const run_job&) = delete;
  run_job& operator=(const run_job&) = delete;

  /// @returns an exit code.
  int run();

private:
  [[nodiscard]] caf::error submit();
  [[nodiscard]] caf::error submit(std::vector<run_request> runs);
  void take_in(const submitted_runs& answer);
  /// Counts at last, or gives that up, what ended uncounted.
  void follow_counts();
  void follow();
  void take_in_events(std::chrono::milliseconds at_most);
  void explain_waits();
  int finish();
  int stop_early();
  std::vector<std::size_t> live_rows() const;
  /// Until all of `rows` are as final as the store knows them to be.
  void take_in_ends(const std::vector<std::size_t>& rows);
  /// @param aborted how many of what ran; nothing if none had to be.
  void say_how_to_resume(std::optional<std::uint64_t> aborted);
  void print_report();
  void print_json_report(std::uint64_t api_calls);
  caf::expected<std::uint64_t> write_items();
  std::uint64_t api_calls();

  service& host_;
  work& work_;
  run_job_options options_;
  interrupts& stop_;
  std::atomic<bool> died_ = false;
  timestamp since_ = now();
  timestamp explained_;
  std::size_t submitted_ = 0;
  run_board board_;
  /// Rejoined runs that ended before this process began, and whose items are
  /// being counted.
  std::vector<orc::run> uncounted_;
  timestamp counts_due_;
  std::unique_ptr<progress_view> view_;
  event_feed feed_;
};

} // namespace orc::app
