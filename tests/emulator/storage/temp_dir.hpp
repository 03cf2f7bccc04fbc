#pragma once

#include "emulator/api/ids.hpp"

#include <filesystem>

namespace orc::emulator {

/// A directory that lives as long as this object.
struct temp_dir {
  temp_dir()
    : path(std::filesystem::temp_directory_path() / ("orc-" + new_id())) {
    std::filesystem::create_directories(path);
  }

  ~temp_dir() {
    auto ignored = std::error_code{};
    std::filesystem::remove_all(path, ignored);
  }

  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  std::filesystem::path path;
};

} // namespace orc::emulator
