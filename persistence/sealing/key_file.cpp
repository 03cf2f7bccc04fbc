#include "persistence/sealing/key_file.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

namespace orc {

namespace {

/// A file descriptor that is closed at the end of its scope.
class descriptor {
public:
  descriptor(const std::filesystem::path& file, int flags)
    : fd_{::open(file.c_str(), flags | O_CLOEXEC, 0600)} {
    // nop
  }

  descriptor(const descriptor&) = delete;

  descriptor& operator=(const descriptor&) = delete;

  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }

  int get() const {
    return fd_;
  }

private:
  int fd_;
};

caf::error cannot(const char* what, const std::filesystem::path& file) {
  return make_error(ec::store_failed,
                    fmt::format("cannot {} the sealing key {}: {}", what,
                                file.string(), std::strerror(errno)));
}

caf::error missing(const std::filesystem::path& file) {
  return make_error(ec::wrong_key,
                    fmt::format("the sealing key {} is missing, but the store "
                                "holds sealed tokens: put the file back, or "
                                "configure the key",
                                file.string()));
}

caf::error no_key(const std::filesystem::path& file) {
  return make_error(ec::wrong_key,
                    fmt::format("{} holds no sealing key of {} bytes: restore "
                                "it from a backup",
                                file.string(), sealing_key::size));
}

caf::expected<sealing_key> read_key(int fd, const std::filesystem::path& file) {
  std::array<char, sealing_key::size + 1> bytes{};
  auto size = ::read(fd, bytes.data(), bytes.size());
  if (size < 0)
    return cannot("read", file);
  if (size != static_cast<::ssize_t>(sealing_key::size))
    return no_key(file);
  auto result = sealing_key{{bytes.data(), sealing_key::size}};
  sodium_memzero(bytes.data(), bytes.size());
  return result;
}

/// Written beside and moved: a crash leaves a whole key or none.
caf::expected<sealing_key> make_key(const std::filesystem::path& file) {
  std::array<char, sealing_key::size> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  auto result = sealing_key{{bytes.data(), bytes.size()}};
  auto draft = std::filesystem::path{file}.concat(".new");
  descriptor out{draft, O_WRONLY | O_CREAT | O_TRUNC};
  auto written = ::write(out.get(), bytes.data(), bytes.size());
  sodium_memzero(bytes.data(), bytes.size());
  if (written != static_cast<::ssize_t>(bytes.size()) || ::fsync(out.get()) != 0
      || ::rename(draft.c_str(), file.c_str()) != 0)
    return cannot("write", file);
  descriptor folder{std::filesystem::absolute(file).parent_path(),
                    O_RDONLY | O_DIRECTORY};
  if (::fsync(folder.get()) != 0)
    return cannot("write", file);
  return result;
}

} // namespace

caf::expected<sealing_key>
load_key_file(const std::filesystem::path& file, missing_key policy) {
  descriptor in{file, O_RDONLY};
  if (in.get() >= 0)
    return read_key(in.get(), file);
  if (errno != ENOENT)
    return cannot("read", file);
  if (policy == missing_key::refuse)
    return missing(file);
  return make_key(file);
}

} // namespace orc
