#pragma once

#include "messages/base/error.hpp"
#include "messages/base/message.hpp"
#include "messages/run_store.hpp"
#include "messages/split.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

namespace orc {

/// A part as it is stored.
struct stored_part {
  split_part part;
  /// Fingerprint of its items, to notice that a list has changed.
  std::uint64_t digest = 0;

  friend bool operator==(const stored_part&, const stored_part&) = default;

  static constexpr auto fields
    = describe("stored_part", "A part as it is stored.",
               field("part", &stored_part::part, "What users see."),
               field("digest", &stored_part::digest, "Of its items."));
};

/// Asks how a list was cut; its name is the prefix of its parts.
struct load_split {
  run_ref ref;

  static constexpr auto fields
    = describe("load_split", "Asks how a list was cut.",
               field("ref", &load_split::ref, "Its prefix."));
};

/// Answers `load_split`.
struct stored_split {
  /// Of all that makes inputs of items. Empty: there is no such list.
  std::string fingerprint;
  std::vector<stored_part> parts;

  static constexpr auto fields
    = describe("stored_split", "How a list was cut.",
               field("fingerprint", &stored_split::fingerprint, "Or empty."),
               field("parts", &stored_split::parts, "In order."));
};

/// Makes durable how a list was cut: adds parts behind those that are known.
struct save_split {
  run_ref ref;
  std::string fingerprint;
  /// How many parts were known when it was cut.
  std::uint64_t known = 0;
  std::vector<stored_part> added;

  static constexpr auto fields
    = describe("save_split", "Makes durable how a list was cut.",
               field("ref", &save_split::ref, "Its prefix."),
               field("fingerprint", &save_split::fingerprint, "Of it."),
               field("known", &save_split::known, "Parts before these."),
               field("added", &save_split::added, "In order."));
};

/// The part of the PERSISTENCE that knows how lists were cut.
using split_store_actor
  = caf::typed_actor<caf::replies_to<load_split>::with<stored_split>,
                     // Fails with `ec::stale_save` if the list has another
                     // fingerprint or number of parts by now, and changes
                     // nothing then.
                     caf::replies_to<save_split>::with<saved>>;

} // namespace orc

#define ORC_SPLIT_STORE_MESSAGES(X)                                            \
  X(orc::load_split)                                                           \
  X(orc::stored_split)                                                         \
  X(orc::save_split)

ORC_SPLIT_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
