#pragma once

#include "emulator/api/json.hpp"
#include "emulator/platform/run.hpp"

#include <string>

namespace orc::emulator {

struct run_json_options {
  bool with_usage = true;
  bool with_user_agent = true;
};

/// Writes a run as `GET /v2/actor-runs/{runId}` shows it.
std::string to_json(const run& x, const run_json_options& options);

/// Writes a run as lists show it.
void write_short(json_writer& out, const run& x,
                 const run_json_options& options);

} // namespace orc::emulator
