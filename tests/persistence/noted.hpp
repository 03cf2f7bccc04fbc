#pragma once

#include "messages/base/fields.hpp"

#include <string>

// Where its `inspect` is looked for.
namespace orc {

/// What tests write to a journal.
struct noted {
  std::string text;

  static constexpr auto fields
    = describe("noted", "A word.", field("text", &noted::text, "It."));
};

} // namespace orc
