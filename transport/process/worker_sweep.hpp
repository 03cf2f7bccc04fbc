#pragma once

#include "messages/base/timestamp.hpp"
#include "messages/pool/worker_host.hpp"

#include <filesystem>
#include <string>

namespace orc {

/// @returns the id of the worker of a pid file: unique for all time, and the
///          same for whoever reads the file.
std::string
worker_id(const std::filesystem::path& data, const std::string& type,
          std::uint32_t number, timestamp began);

/// The variable of a worker's environment that holds its id.
inline constexpr auto worker_variable = "ORCHESTRATOR_WORKER_ID";

/// Clears away what an earlier process has left in a data directory: removes
/// all pid files of workers, and ends what still runs of them, SIGTERM first.
/// @pre nobody else has the directory's pools
swept_workers sweep_away(const std::filesystem::path& data);

} // namespace orc
