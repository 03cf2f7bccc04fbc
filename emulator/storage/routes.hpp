#pragma once

#include "emulator/storage/storage.hpp"

namespace orc::emulator {

// The parts of `register_storage_routes`.

void register_dataset_routes(router& routes, storage& data);

void register_key_value_store_routes(router& routes, storage& data);

void register_request_queue_routes(router& routes, storage& data);

} // namespace orc::emulator
