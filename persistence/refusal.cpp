#include "persistence/refusal.hpp"

#include <fmt/format.h>

namespace orc {

caf::error name_conflict(const run_record& stored) {
  return make_error(ec::name_conflict,
                    fmt::format("the name `{}` belongs to a run of {}: choose "
                                "another name",
                                stored.view.name, stored.target.id));
}

caf::error stale_save(const run_record& refused) {
  return make_error(ec::stale_save,
                    fmt::format("run {} has a newer state than revision {}",
                                refused.view.name, refused.revision));
}

caf::error stale_split(const stored_split& known, const save_split& request) {
  auto fits
    = known.fingerprint.empty() || known.fingerprint == request.fingerprint;
  if (fits && known.parts.size() == request.known)
    return {};
  return make_error(ec::stale_save,
                    fmt::format("the list `{}` was cut by somebody else just "
                                "now: try again",
                                request.ref.name));
}

caf::error unknown_run(run_key key) {
  return make_error(ec::unknown_run,
                    fmt::format("run {} is not in the store", key));
}

} // namespace orc
