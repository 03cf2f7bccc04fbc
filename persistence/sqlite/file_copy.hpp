#pragma once

#include <filesystem>
#include <string>
#include <string_view>

// Whole files, for backups. All of these throw `failure` with the name of the
// file.

namespace orc::sqlite {

/// Waits until a file, or the names in a folder, are on disk.
void make_durable(const std::filesystem::path& file);

/// Writes a file that only its owner can read.
void write_durably(const std::filesystem::path& file, std::string_view text);

std::string read_whole(const std::filesystem::path& file);

/// @returns 64 hexadecimal digits.
std::string sha256_of(const std::filesystem::path& file);

} // namespace orc::sqlite
