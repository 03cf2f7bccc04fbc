#pragma once

#include "messages/walk/page_class.hpp"
#include "messages/walk/page_processor.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <vector>

namespace orc {

/// Does the pages of a batch by objects of a class of the host program, each on
/// a thread of its own, of which there are as many as pages at a time.
class class_processor_state {
public:
  static inline const char* name = "class-processor";

  explicit class_processor_state(page_processor_actor::pointer self);

  page_processor_actor::behavior_type make_behavior(page_class_factory make);

private:
  template <class Request>
  caf::result<page_result> pass_on(const Request& x);

  page_processor_actor::pointer self_;
  page_class_factory make_;
  /// Those that have nothing to do.
  std::vector<page_processor_actor> idle_;
  std::vector<page_processor_actor> all_;
};

/// Starts a CLASS PROCESSOR.
page_processor_actor::behavior_type class_processor(
  page_processor_actor::stateful_pointer<class_processor_state> self,
  page_class_factory make);

} // namespace orc
