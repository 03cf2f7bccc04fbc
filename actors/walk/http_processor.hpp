#pragma once

#include "messages/task/operators.hpp"
#include "messages/walk/page_processor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>

namespace orc {

/// Does the pages of a batch by a POST each: `{"batch","page","cursor",
/// "attempt","args","items"}`. 2xx: done; 408, 425, 429, 502, 503 and 504, and
/// no answer at all: to be tried again; anything else: failed. The answer may
/// have `nextCursor`, `itemErrors`, `items` and, of a failure, `error` and
/// `retryable`.
class http_processor_state {
public:
  static inline const char* name = "http-processor";

  explicit http_processor_state(page_processor_actor::pointer self)
    : self_{self} {
    // nop
  }

  page_processor_actor::behavior_type
  make_behavior(operator_caller_actor caller, walk_processor endpoint);

private:
  caf::result<page_result> process(const process_page& x);
  caf::result<page_result> tell(const tell_progress& x);
  caf::result<page_result>
  call(std::string body, std::chrono::milliseconds timeout,
       std::function<void(page_result&, const operator_answer&)> read);

  page_processor_actor::pointer self_;
  operator_caller_actor caller_;
  walk_processor endpoint_;
};

/// Starts an HTTP PROCESSOR.
/// @param endpoint whose URL and header fields are there, whatever variables
///                 they came from.
page_processor_actor::behavior_type http_processor(
  page_processor_actor::stateful_pointer<http_processor_state> self,
  operator_caller_actor caller, walk_processor endpoint);

} // namespace orc
