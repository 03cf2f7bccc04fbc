#include "app/items/item_file.hpp"

#include "embedding/ask.hpp"
#include "messages/base/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <unistd.h>

namespace orc::app {

namespace {

struct closer {
  void operator()(std::FILE* x) const noexcept {
    std::fclose(x);
  }
};

using file_ptr = std::unique_ptr<std::FILE, closer>;

caf::error cannot_write(const std::string& path) {
  return make_error(ec::bad_config, fmt::format("{}: cannot be written: {}",
                                                path, std::strerror(errno)));
}

std::string part_of(const std::string& path) {
  return path + ".part";
}

/// Ends a READER that nobody asks any more.
class reader_guard {
public:
  explicit reader_guard(reader_actor x) : reader_{std::move(x)} {
    // nop
  }

  reader_guard(const reader_guard&) = delete;
  reader_guard& operator=(const reader_guard&) = delete;

  ~reader_guard() {
    caf::anon_send_exit(reader_, caf::exit_reason::user_shutdown);
  }

private:
  reader_actor reader_;
};

caf::expected<std::uint64_t>
copy_items(caf::actor_system& system, const reader_actor& from, std::FILE* to,
           const std::string& path, const printed_piece& written) {
  reader_guard guard{from};
  for (std::uint64_t items = 0;;) {
    auto piece = ask<item_piece>(system, from, read_next{});
    if (!piece)
      return std::move(piece.error());
    auto text = piece->body.view();
    if (!text.empty()
        && (std::fwrite(text.data(), 1, text.size(), to) < text.size()
            || std::fflush(to) != 0))
      return cannot_write(path);
    items += piece->items;
    if (written)
      if (auto err = written(*piece))
        return err;
    if (piece->is_last)
      return items;
  }
}

} // namespace

output_format format_of(const std::string& name, const std::string& file) {
  if (auto given = parse_enum<output_format>(name))
    return *given;
  if (file.ends_with(".csv"))
    return output_format::csv;
  return file.ends_with(".json") ? output_format::json : output_format::ndjson;
}

caf::error check_output(const std::string& path) {
  if (std::filesystem::is_directory(path))
    return make_error(ec::bad_config,
                      fmt::format("{}: is a folder; name a file", path));
  auto file = file_ptr{std::fopen(part_of(path).c_str(), "w")};
  if (!file)
    return cannot_write(path);
  std::remove(part_of(path).c_str());
  return {};
}

caf::expected<std::uint64_t>
write_items(caf::actor_system& system, const reader_actor& from,
            const std::string& path) {
  auto unfinished = part_of(path);
  auto file = file_ptr{std::fopen(unfinished.c_str(), "w")};
  if (!file)
    return cannot_write(unfinished);
  auto items = copy_items(system, from, file.get(), unfinished, {});
  auto closed = std::fclose(file.release()) == 0;
  if (items && closed && std::rename(unfinished.c_str(), path.c_str()) == 0)
    return items;
  auto problem = items ? cannot_write(path) : items.error();
  std::remove(unfinished.c_str());
  return problem;
}

caf::expected<std::uint64_t>
print_items(caf::actor_system& system, const reader_actor& from,
            const printed_piece& printed) {
  return copy_items(system, from, stdout, "standard output", printed);
}

caf::expected<std::uint64_t>
append_items(caf::actor_system& system, const reader_actor& from,
             const std::string& path, std::uint64_t position,
             const printed_piece& printed) {
  auto file = file_ptr{std::fopen(path.c_str(), "a")};
  if (!file || ftruncate(fileno(file.get()), static_cast<off_t>(position)) != 0)
    return cannot_write(path);
  return copy_items(system, from, file.get(), path, printed);
}

} // namespace orc::app
