#include "transport/sources/byte_source.hpp"

#include "messages/walk/page_source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace orc {

namespace {

caf::error failure(const std::string& path, int reason) {
  // What a disk or a network share does now, it may not do later.
  auto passes = reason == EIO || reason == EAGAIN || reason == EMFILE
                || reason == ENFILE || reason == ENOMEM || reason == ESTALE;
  return make_page_error(passes ? ec::timed_out : ec::bad_config,
                         fmt::format("{}: cannot be read: {}", path,
                                     std::strerror(reason)));
}

class file_bytes : public byte_source {
public:
  file_bytes(std::string path, int handle)
    : path_{std::move(path)}, handle_{handle} {
    // nop
  }

  ~file_bytes() override {
    ::close(handle_);
  }

  file_bytes(const file_bytes&) = delete;
  file_bytes& operator=(const file_bytes&) = delete;

  caf::expected<std::size_t>
  read(std::uint64_t at, char* to, std::size_t size) override {
    while (true) {
      auto got = ::pread(handle_, to, size, static_cast<off_t>(at));
      if (got >= 0)
        return static_cast<std::size_t>(got);
      if (errno != EINTR)
        return failure(path_, errno);
    }
  }

private:
  std::string path_;
  int handle_;
};

} // namespace

caf::expected<std::unique_ptr<byte_source>> open_file(const std::string& path) {
  // A pipe without a writer must not hold up anybody.
  auto handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (handle < 0)
    return failure(path, errno);
  auto file = std::make_unique<file_bytes>(path, handle);
  struct stat about {};
  if (::fstat(handle, &about) != 0)
    return failure(path, errno);
  if (S_ISDIR(about.st_mode))
    return failure(path, EISDIR);
  if (!S_ISREG(about.st_mode) && !S_ISBLK(about.st_mode))
    return make_page_error(ec::bad_config,
                           path
                             + ": is no file that can be read more than once; "
                               "write what it gives to a file first");
  return std::unique_ptr<byte_source>{std::move(file)};
}

} // namespace orc
