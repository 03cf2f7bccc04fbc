#include "emulator/storage/routes.hpp"

namespace orc::emulator {

void register_storage_routes(router& routes, storage& data) {
  register_dataset_routes(routes, data);
  register_key_value_store_routes(routes, data);
  register_request_queue_routes(routes, data);
}

} // namespace orc::emulator
