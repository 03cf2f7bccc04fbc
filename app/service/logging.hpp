#pragma once

#include "app/config/config.hpp"

namespace orc::app {

/// Sends the log to standard error, one line an event:
/// `2026-11-22T17:33:05.120Z info run run-started name=job-1/3 attempt=1`, or
/// the same as JSON. To systemd's journal lines go without a time, which it has
/// itself, and with the number of their priority in front, as it reads them.
void start_logging(const log_options& options);

/// Changes how the log is written, while others write to it.
/// @pre `start_logging` was called
void change_logging(const log_options& options);

/// People get tables and lines; what the service says about itself would stand
/// in their way.
log_options quieter(log_options x, bool json);

} // namespace orc::app
