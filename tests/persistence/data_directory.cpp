#include "tests/persistence/data_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <sqlite3.h>

namespace orc::test {

namespace {

std::uint32_t big_endian(const std::string& text, std::size_t at) {
  std::uint32_t result = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    result = result << 8 | static_cast<unsigned char>(text[i]);
  return result;
}

} // namespace

bool data_directory::holds(std::string_view text) const {
  for (const auto& entry : std::filesystem::directory_iterator{path()})
    if (read_file(entry.path()).find(text) != std::string::npos)
      return true;
  return false;
}

std::string data_directory::snapshot() const {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator{path()})
    if (entry.path().filename() != "lock")
      files[entry.path().filename()] = read_file(entry.path());
  std::string result;
  for (const auto& [name, text] : files)
    result.append(name).append(":").append(text).append("\n");
  return result;
}

void data_directory::execute(const std::string& sql) const {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(database().c_str(), &db) == SQLITE_OK);
  auto code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(db);
  REQUIRE(code == SQLITE_OK);
}

std::uint64_t data_directory::commits() const {
  // See "The WAL File Format" at sqlite.org: the frame that ends a commit tells
  // the size of the database, any other one zero.
  auto log = read_file(database().concat("-wal"));
  if (log.size() < 32)
    return 0;
  std::uint64_t result = 0;
  auto frame = std::size_t{24} + big_endian(log, 8);
  for (std::size_t at = 32; at + frame <= log.size(); at += frame)
    result += big_endian(log, at + 4) != 0 ? 1 : 0;
  return result;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write_file(const std::filesystem::path& file, std::string_view text) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << text;
}

} // namespace orc::test
