#pragma once

#include "messages/base/message.hpp"
#include "messages/run_store/saving.hpp"

#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include <string>
#include <vector>

namespace orc {

/// Makes durable that a client has sent a start without a name, and waits for
/// the answer: if it never comes, the client sends the same again, and shall
/// get the same run.
struct note_start {
  /// Bytes that say what was sent, and by whom.
  std::string digest;
  /// Of the run.
  std::string name;
  timestamp at;

  static constexpr auto fields
    = describe("note_start", "A start whose answer is awaited.",
               field("digest", &note_start::digest, "Of what was sent."),
               field("name", &note_start::name, "Of the run."),
               field("at", &note_start::at, "When."));
};

/// The client has its answer.
struct forget_start {
  std::string name;

  static constexpr auto fields
    = describe("forget_start", "It is answered.",
               field("name", &forget_start::name, "Of the run."));
};

/// Asks for starts that were never answered.
struct load_starts {
  timestamp after;

  static constexpr auto fields
    = describe("load_starts", "Asks for starts without an answer.",
               field("after", &load_starts::after, "Only later ones."));
};

struct noted_starts {
  std::vector<note_start> starts;

  static constexpr auto fields
    = describe("noted_starts", "Starts without an answer.",
               field("starts", &noted_starts::starts, "In any order."));
};

/// The part of the PERSISTENCE that knows starts without an answer.
using start_store_actor
  = caf::typed_actor<caf::replies_to<note_start>::with<saved>,
                     caf::replies_to<forget_start>::with<saved>,
                     caf::replies_to<load_starts>::with<noted_starts>>;

} // namespace orc

#define ORC_START_STORE_MESSAGES(X)                                            \
  X(orc::note_start)                                                           \
  X(orc::forget_start)                                                         \
  X(orc::load_starts)                                                          \
  X(orc::noted_starts)

ORC_START_STORE_MESSAGES(ORC_DECLARE_MESSAGE)
