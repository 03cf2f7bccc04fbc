#include "embedding/message_types.hpp"

#include "embedding/message_types/add.hpp"
#include "messages/base/error.hpp"

#include <fmt/format.h>

namespace orc {

void add_message_types(caf::actor_system_config& config) {
  add_run_types(config);
  add_task_types(config);
  add_walk_types(config);
  // What `actor_system::render` says: the code and the sentence.
  auto render = [](std::uint8_t code, caf::atom_value category,
                   const caf::message& context) {
    auto problem = caf::error{code, category, context};
    return fmt::format("{}: {}", type_of(problem), message_of(problem));
  };
  config.add_error_category(caf::atom("orc"), render);
}

} // namespace orc
