#pragma once

#include "app/progress/run_board.hpp"
#include "app/progress/run_table.hpp"
#include "messages/event.hpp"

#include <memory>

namespace orc::app {

/// How the runs of a plan are shown while they are under way.
class progress_view {
public:
  virtual ~progress_view() = default;

  /// Something happened to a run of the plan.
  virtual void changed(event_kind what, const run& x) = 0;

  /// Some time went by; called some times a second.
  virtual void refresh(const run_board&) {
    // nop
  }

  /// @returns how many rows can be seen; 0 if rows are not shown.
  virtual std::size_t visible_rows() const {
    return 0;
  }

  /// Makes room for the report.
  virtual void close() {
    // nop
  }
};

/// Shows runs that finish as `{"event":"run-finished","run":{…}}`.
std::unique_ptr<progress_view> json_view();

/// Shows a line when a run starts or ends, and one now and then when nothing
/// happens.
/// @param since when the runs were begun.
std::unique_ptr<progress_view> line_view(timestamp since);

/// Shows a table that redraws itself.
std::unique_ptr<progress_view> table_view(timestamp since, bool colors);

/// @returns the size of the terminal on standard output.
screen_size terminal_size();

} // namespace orc::app
