#include "app/split/file_source.hpp"

#include "messages/base/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace orc::app {

namespace {

/// Large enough that messages cost nothing, small enough to stay in the cache.
constexpr std::size_t piece_size = 1 << 20;

struct closer {
  void operator()(std::FILE* x) const noexcept {
    // A shared pointer calls it for nothing, too.
    if (x)
      std::fclose(x);
  }
};

using file_ptr = std::shared_ptr<std::FILE>;

caf::error failure(const std::string& path, int reason) {
  return make_error(ec::bad_config, fmt::format("{}: cannot be read: {}", path,
                                                std::strerror(reason)));
}

caf::expected<file_ptr> open_file(const std::string& path) {
  auto file = file_ptr{std::fopen(path.c_str(), "rb"), closer{}};
  if (!file)
    return failure(path, errno);
  struct stat about {};
  if (fstat(fileno(file.get()), &about) == 0 && S_ISDIR(about.st_mode))
    return failure(path, EISDIR);
  return file;
}

caf::expected<file_ptr> copy_of_standard_input() {
  auto file = file_ptr{std::tmpfile(), closer{}};
  if (!file)
    return failure("a temporary file", errno);
  std::string buffer(piece_size, '\0');
  while (auto size = std::fread(buffer.data(), 1, buffer.size(), stdin))
    if (std::fwrite(buffer.data(), 1, size, file.get()) != size)
      return failure("the copy of standard input", errno);
  if (std::ferror(stdin))
    return failure("standard input", errno);
  return file;
}

caf::result<source_piece>
read_piece(std::FILE* file, const std::string& path, std::uint64_t position) {
  if (fseeko(file, static_cast<off_t>(position), SEEK_SET) != 0)
    return failure(path, errno);
  std::string text(piece_size, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  if (std::ferror(file))
    return failure(path, errno);
  source_piece result;
  result.next_position = position + text.size();
  result.is_last = text.size() < piece_size;
  result.text = json_text{std::move(text)};
  return result;
}

} // namespace

caf::expected<item_source_actor>
open_file_source(caf::actor_system& system, const std::string& path) {
  auto file = path == "-" ? copy_of_standard_input() : open_file(path);
  if (!file)
    return std::move(file.error());
  auto source
    = [file = *file,
       path](item_source_actor::pointer) -> item_source_actor::behavior_type {
    return {[=](const read_source& x) {
      return read_piece(file.get(), path, x.position);
    }};
  };
  return item_source_actor{system.spawn<caf::detached>(source)};
}

} // namespace orc::app
