#pragma once

#include "messages/run.hpp"

namespace orc {

/// The body of a request to abort one run; may be missing altogether.
struct abort_options {
  bool gracefully = false;

  static constexpr auto fields
    = describe("abort_options", "How to abort a run.",
               field("gracefully", &abort_options::gracefully,
                     presence::optional, "Give it 30 s to end by itself."));
};

/// The body of every answer that is no success.
struct error_answer {
  run_error error;

  static constexpr auto fields
    = describe("error_answer", "Why a request failed.",
               field("error", &error_answer::error, "What is wrong."));
};

} // namespace orc
