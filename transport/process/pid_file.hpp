#pragma once

#include "messages/base/timestamp.hpp"

#include <caf/error.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orc {

/// What stands in a pid file, a line each: pid, type, filter, start.
struct pid_entry {
  int pid = 0;
  /// `orchestrator`, or the type of a worker.
  std::string type;
  /// Which of the type's tasks it does; mostly empty.
  std::string filter;
  timestamp began;
};

/// @returns `<data>/tmp/workers`, where the pid files of an orchestrator are.
std::filesystem::path worker_folder(const std::filesystem::path& data);

/// @returns nothing if there is no file, or it cannot be understood.
std::optional<pid_entry> read_pid_file(const std::filesystem::path& file);

/// Writes it in one step: nobody ever reads half of one.
[[nodiscard]] caf::error
write_pid_file(const std::filesystem::path& file, const pid_entry& x);

/// A file `<type>_worker_<number>.pid`.
struct worker_file {
  std::filesystem::path path;
  std::string type;
  std::uint32_t number = 0;
};

/// @returns all there are, by name.
std::vector<worker_file> worker_files(const std::filesystem::path& folder);

std::filesystem::path
worker_path(const std::filesystem::path& folder, const std::string& type,
            std::uint32_t number);

/// @returns the lowest number that no file of the type has.
std::uint32_t free_worker_number(const std::filesystem::path& folder,
                                 const std::string& type);

/// A worker that lives.
struct live_worker {
  worker_file file;
  pid_entry is;
};

/// @returns those whose process is there, of all types or of one.
std::vector<live_worker>
live_workers(const std::filesystem::path& folder, const std::string& type = "");

} // namespace orc
