#pragma once

#include "messages/base/error.hpp"
#include "messages/run_record.hpp"
#include "messages/split_store.hpp"

namespace orc {

/// What every store answers when a name is submitted for another target.
caf::error name_conflict(const run_record& stored);

/// What every store answers when a save is not newer than what it holds.
caf::error stale_save(const run_record& refused);

/// What every store answers when a list was cut otherwise meanwhile.
/// @returns nothing if `request` fits what is `known`.
caf::error stale_split(const stored_split& known, const save_split& request);

/// What every store answers when it does not have a run.
caf::error unknown_run(run_key key);

} // namespace orc
