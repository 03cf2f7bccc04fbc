#include "emulator/storage/zip_writer.hpp"

#include <zlib.h>

namespace orc::emulator {

namespace {

/// Appends the lowest `bytes` bytes of `x`, lowest first.
void put(std::string& out, std::uint32_t x, int bytes) {
  for (auto i = 0; i < bytes; ++i)
    out.push_back(static_cast<char>((x >> (8 * i)) & 0xff));
}

std::uint32_t size32(std::string_view text) {
  return static_cast<std::uint32_t>(text.size());
}

/// What a local header and an entry of the directory have in common.
std::string common_header(std::string_view name, std::string_view content) {
  constexpr auto version = 20;
  constexpr auto utf8_names = 1U << 11;
  constexpr auto day_zero = (1U << 5) | 1U; // 1980-01-01
  const auto crc = ::crc32(0, reinterpret_cast<const Bytef*>(content.data()),
                           size32(content));
  auto out = std::string{};
  put(out, version, 2);
  put(out, utf8_names, 2);
  put(out, 0, 2); // stored
  put(out, 0, 2); // time
  put(out, day_zero, 2);
  put(out, static_cast<std::uint32_t>(crc), 4);
  put(out, size32(content), 4);
  put(out, size32(content), 4);
  put(out, size32(name), 2);
  put(out, 0, 2); // no extra field
  return out;
}

} // namespace

void zip_writer::add(std::string_view name, std::string_view content) {
  const auto header = common_header(name, content);
  const auto offset = size32(files_);
  put(files_, 0x04034b50, 4);
  files_.append(header).append(name).append(content);
  put(directory_, 0x02014b50, 4);
  put(directory_, 20, 2); // made by
  directory_.append(header);
  put(directory_, 0, 2); // comment
  put(directory_, 0, 2); // disk
  put(directory_, 0, 2); // internal attributes
  put(directory_, 0, 4); // external attributes
  put(directory_, offset, 4);
  directory_.append(name);
  ++count_;
}

std::string zip_writer::take() {
  const auto start = size32(files_);
  files_.append(directory_);
  put(files_, 0x06054b50, 4);
  put(files_, 0, 4); // disks
  put(files_, count_, 2);
  put(files_, count_, 2);
  put(files_, size32(directory_), 4);
  put(files_, start, 4);
  put(files_, 0, 2); // comment
  return std::move(files_);
}

} // namespace orc::emulator
