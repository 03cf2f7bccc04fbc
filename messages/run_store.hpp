#pragma once

#include "messages/base/error.hpp"
#include "messages/run_store/reading.hpp"
#include "messages/run_store/recovery.hpp"
#include "messages/run_store/saving.hpp"
#include "messages/run_store/upkeep.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// The PERSISTENCE interface: durable state. Every answer to a write comes
/// after it is durable; whatever waits in the mailbox shares one commit. Fails
/// with `ec::store_failed` when the disk does.
using run_store_actor = caf::typed_actor<
  // Stores what has a new name, finds what has a known one. Fails with
  // `ec::name_conflict` if a known one has another target, and stores nothing
  // then.
  caf::replies_to<insert_runs>::with<inserted_runs>,
  // Fails with `ec::already_bound` if another run has one of the run ids, with
  // `ec::stale_save` if the revision is not newer than the stored one, and
  // changes nothing then.
  caf::replies_to<save_run>::with<saved>,
  // Fails with `ec::stale_save` if the stored revision is another one.
  caf::replies_to<settle_run>::with<saved>,
  // Fails with `ec::unknown_run`.
  caf::replies_to<load_run>::with<loaded_run>,
  // Fails with `ec::unknown_run`.
  caf::replies_to<find_run>::with<run_record>,
  // Fails with `ec::bad_field` if the cursor is none of ours.
  caf::replies_to<list_runs>::with<record_page>,
  caf::replies_to<load_unfinished>::with<unfinished_runs>,
  caf::replies_to<load_unsettled>::with<unsettled_runs>,
  caf::replies_to<find_bound>::with<bound_runs>,
  caf::replies_to<load_totals>::with<run_totals>,
  caf::replies_to<save_account>::with<saved>,
  // Fails with `ec::wrong_key`.
  caf::replies_to<load_accounts>::with<stored_accounts>,
  caf::replies_to<prune_runs>::with<pruned_runs>,
  caf::replies_to<check_store>::with<store_health>>;

} // namespace orc
