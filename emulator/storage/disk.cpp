#include "emulator/storage/disk.hpp"

#include "emulator/api/context.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace orc::emulator {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail(const fs::path& path, int error) {
  throw api_error{500, "internal-server-error",
                  "Cannot write " + path.string() + ": "
                    + std::strerror(error)};
}

int open_for(const fs::path& path, int flags) {
  const auto open_it
    = [&] { return ::open(path.c_str(), flags | O_CLOEXEC, 0644); };
  auto fd = open_it();
  if (fd < 0 && errno == ENOENT) {
    auto ignored = std::error_code{};
    fs::create_directories(path.parent_path(), ignored);
    fd = open_it();
  }
  if (fd < 0)
    fail(path, errno);
  return fd;
}

/// Writes all of `text` at the end of a file, or takes back what it wrote.
void write_whole(const fs::path& path, int flags, std::string_view text) {
  const auto fd = open_for(path, flags);
  const auto before = ::lseek(fd, 0, SEEK_END);
  auto error = 0;
  while (!text.empty() && error == 0) {
    const auto n = ::write(fd, text.data(), text.size());
    if (n >= 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      error = errno;
  }
  if (error != 0 && ::ftruncate(fd, before) != 0)
    error = errno;
  ::close(fd);
  if (error != 0)
    fail(path, error);
}

} // namespace

disk::disk(fs::path root) : root_(std::move(root)) {
  if (!enabled())
    return;
  auto error = std::error_code{};
  fs::create_directories(root_, error);
  if (error)
    fail(root_, error.value());
}

void disk::append(const fs::path& file, std::string_view text) const {
  if (enabled())
    write_whole(root_ / file, O_WRONLY | O_CREAT | O_APPEND, text);
}

void disk::replace(const fs::path& file, std::string_view text) const {
  if (!enabled())
    return;
  const auto path = root_ / file;
  // No file that is read has this ending: a dead process may leave one behind.
  auto fresh = path;
  fresh += ".new";
  write_whole(fresh, O_WRONLY | O_CREAT | O_TRUNC, text);
  auto error = std::error_code{};
  fs::rename(fresh, path, error);
  if (error)
    fail(path, error.value());
}

void disk::remove(const fs::path& path) const {
  auto ignored = std::error_code{};
  if (enabled())
    fs::remove_all(root_ / path, ignored);
}

std::optional<std::string> disk::read(const fs::path& file) const {
  if (!enabled())
    return std::nullopt;
  auto in = std::ifstream{root_ / file, std::ios::binary};
  if (!in)
    return std::nullopt;
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

std::string disk::read_lines(const fs::path& file) const {
  auto text = read(file).value_or(std::string{});
  const auto end = text.rfind('\n') + 1; // 0 if there is none
  if (end < text.size()) {
    auto ignored = std::error_code{};
    fs::resize_file(root_ / file, end, ignored);
    text.resize(end);
  }
  return text;
}

std::vector<std::string> disk::list(const fs::path& folder) const {
  auto result = std::vector<std::string>{};
  auto error = std::error_code{};
  if (enabled())
    for (const auto& entry : fs::directory_iterator{root_ / folder, error})
      if (entry.is_regular_file() && entry.path().extension() != ".new")
        result.push_back(entry.path().filename().string());
  return result;
}

} // namespace orc::emulator
