#include "embedding/message_types/add.hpp"
#include "messages/walk/walks.hpp"

namespace orc {

void add_walk_types(caf::actor_system_config& config) {
  ORC_WALKS_MESSAGES(ORC_ADD_TYPE)
  ORC_ADD_TYPE(orc::saved)
}

} // namespace orc
