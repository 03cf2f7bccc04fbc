#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orc::emulator {

/// Finds out how to start the program of a folder without a container:
/// `scripts.start` of package.json, else `main.py`, else `src/__main__.py`,
/// else the last CMD of the Dockerfile: the one that actor.json names, else
/// `.actor/Dockerfile`, else `Dockerfile`.
/// @returns nothing if there is none of them.
std::vector<std::string> guess_command(const std::filesystem::path& folder);

/// Turns a line for a shell into a command: word by word where that is the
/// same, so that signals reach the program itself; else through `/bin/sh -c`.
std::vector<std::string> shell_command(std::string_view line);

/// @returns the command of the last CMD of a Dockerfile, or nothing.
std::vector<std::string> dockerfile_command(std::string_view dockerfile);

/// @returns the whole file, or "" if it cannot be read.
std::string read_file(const std::filesystem::path& path);

} // namespace orc::emulator
