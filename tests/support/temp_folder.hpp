#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

namespace orc::test {

/// A folder that is new, and gone when the test is over.
class temp_folder {
public:
  temp_folder() {
    auto name
      = (std::filesystem::temp_directory_path() / "orc-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw std::runtime_error("no temporary folder");
    path_ = name;
  }

  ~temp_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  temp_folder(const temp_folder&) = delete;
  temp_folder& operator=(const temp_folder&) = delete;

  const std::filesystem::path& path() const {
    return path_;
  }

  /// Makes a file, and the folders above it.
  /// @returns its path.
  std::filesystem::path
  write(const std::string& name, std::string_view text) const {
    auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream{file} << text;
    return file;
  }

private:
  std::filesystem::path path_;
};

} // namespace orc::test
