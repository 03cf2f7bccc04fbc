#pragma once

#include "messages/base/error.hpp"
#include "messages/batch.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// Makes the rules of a batch durable, and whether it was stopped.
struct save_batch {
  batch_record record;

  static constexpr auto fields
    = describe("save_batch", "Makes durable how a batch stands.",
               field("record", &save_batch::record, "In place of what was."));
};

/// Asks for the batches that were saved.
struct load_batches {
  static constexpr auto fields
    = describe("load_batches", "Asks for the batches that were saved.");
};

struct stored_batches {
  std::vector<batch_record> records;

  static constexpr auto fields
    = describe("stored_batches", "Answers load_batches.",
               field("records", &stored_batches::records, "In any order."));
};

/// Asks for the names of batches that have runs, the newest first.
struct list_batch_names {
  /// Only this namespace, unless empty.
  std::string space;
  std::uint32_t limit = 100;

  static constexpr auto fields
    = describe("list_batch_names", "Asks which batches have runs.",
               field("namespace", &list_batch_names::space, "Only this one."),
               field("limit", &list_batch_names::limit, "Most of them."));
};

struct batch_names {
  std::vector<run_ref> refs;

  static constexpr auto fields
    = describe("batch_names", "Answers list_batch_names.",
               field("refs", &batch_names::refs, "The newest first."));
};

/// The part of the PERSISTENCE that knows batches.
using batch_store_actor
  = caf::typed_actor<caf::replies_to<save_batch>::with<saved>,
                     caf::replies_to<load_batches>::with<stored_batches>,
                     caf::replies_to<list_batch_names>::with<batch_names>>;

} // namespace orc

#define ORC_BATCH_STORE_MESSAGES(X)                                            \
  X(orc::save_batch)                                                           \
  X(orc::load_batches)                                                         \
  X(orc::stored_batches)                                                       \
  X(orc::list_batch_names)                                                     \
  X(orc::batch_names)

ORC_BATCH_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
