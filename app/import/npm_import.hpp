#pragma once

#include "app/plan/plan.hpp"
#include "messages/npm_runs.hpp"
#include "messages/run_request.hpp"
#include "messages/run_store.hpp"
#include "messages/settings.hpp"

#include <caf/expected.hpp>

#include <string>
#include <vector>

namespace caf {
class actor_system;
} // namespace caf

namespace orc::app {

/// Runs of the npm library as runs of ours, and those that cannot be any.
struct imported_runs {
  std::vector<new_run> runs;
  /// Names that are none of ours, or that no request of the plan has.
  std::vector<std::string> left_out;
};

/// Makes records of what the npm library remembers. Each current run becomes a
/// running one, bound to its platform run: the service looks how it stands.
/// What failed before becomes its earlier attempts.
/// @param requests say what each name starts, which the library does not keep.
imported_runs
to_records(const npm_runs& found, const std::vector<run_request>& requests,
           const std::string& default_account);

/// Same, for the runs of a plan, with what is put under their inputs.
[[nodiscard]] caf::expected<imported_runs>
runs_to_import(const npm_runs& found, const orchestrator_settings& settings,
               const plan& work, const json_text& fixed_input);

struct import_outcome {
  std::uint64_t imported = 0;
  /// They were there before.
  std::uint64_t known = 0;
  std::vector<std::string> left_out;
};

/// Stores them where their names are not known yet. Nothing may run on the
/// store at the same time.
[[nodiscard]] caf::expected<import_outcome>
import_runs(caf::actor_system& system, const run_store_actor& store,
            const imported_runs& runs);

} // namespace orc::app
