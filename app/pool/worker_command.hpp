#pragma once

#include "app/pool/pool_engine.hpp"

#include <string>

namespace orc::app {

/// Makes what is to be started of what stands in the configuration: the worker
/// kit with the command behind, or the command; and tells it where its tasks
/// are.
/// @param binary this program.
void complete_type(worker_type& type, const worker_entry& entry,
                   const pool_world& world, const std::string& binary);

/// @returns the path of this program.
std::string own_binary();

} // namespace orc::app
