#pragma once

#include <caf/expected.hpp>
#include <caf/typed_response_promise.hpp>

namespace orc {

/// @returns what answers a request with the outcome of something; an answer can
///          be made of what came out.
template <class Outcome, class Answer>
auto deliver_to(caf::typed_response_promise<Answer> promise) {
  return [promise](const caf::expected<Outcome>& outcome) mutable {
    if (outcome)
      promise.deliver(Answer{*outcome});
    else
      promise.deliver(outcome.error());
  };
}

} // namespace orc
