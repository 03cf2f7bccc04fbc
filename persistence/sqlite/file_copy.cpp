#include "persistence/sqlite/file_copy.hpp"

#include "persistence/sqlite/failure.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <unistd.h>

namespace orc::sqlite {

namespace {

[[noreturn]] void cannot(const char* what, const std::filesystem::path& file) {
  throw failure{ec::store_failed,
                fmt::format("cannot {} {}: {}", what, file.string(),
                            std::strerror(errno))};
}

/// Closes a file when it is done with.
class descriptor {
public:
  explicit descriptor(int fd) : fd_{fd} {
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

} // namespace

void make_durable(const std::filesystem::path& file) {
  descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
  if (in.get() < 0 || ::fsync(in.get()) != 0)
    cannot("write", file);
}

void write_durably(const std::filesystem::path& file, std::string_view text) {
  descriptor out{
    ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  if (out.get() < 0
      || ::write(out.get(), text.data(), text.size())
           != static_cast<::ssize_t>(text.size())
      || ::fsync(out.get()) != 0)
    cannot("write", file);
}

std::string read_whole(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    cannot("read", file);
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string sha256_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in)
    cannot("read", file);
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> work{
    EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  EVP_DigestInit_ex(work.get(), EVP_sha256(), nullptr);
  std::array<char, 65'536> piece{};
  while (in.read(piece.data(), piece.size()) || in.gcount() > 0)
    EVP_DigestUpdate(work.get(), piece.data(),
                     static_cast<std::size_t>(in.gcount()));
  std::array<unsigned char, 32> sum{};
  EVP_DigestFinal_ex(work.get(), sum.data(), nullptr);
  return fmt::format("{:02x}", fmt::join(sum, ""));
}

} // namespace orc::sqlite
