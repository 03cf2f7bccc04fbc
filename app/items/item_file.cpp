#include "app/items/item_file.hpp"

#include "embedding/ask.hpp"
#include "messages/base/error.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace orc::app {

namespace {

namespace fs = std::filesystem;

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

/// @returns whether something is there that is no file, so that none may take
///          its place.
bool is_special(const std::string& path) {
  std::error_code problem;
  auto known = fs::status(path, problem);
  return fs::exists(known) && !fs::is_regular_file(known);
}

/// @returns where links lead to, though nothing may be there yet.
std::string target_of(const std::string& path) {
  // As many as the system follows.
  constexpr auto most_links = 40;
  fs::path result{path};
  std::error_code problem;
  for (auto i = 0; i < most_links && fs::is_symlink(result, problem); ++i)
    result = result.parent_path() / fs::read_symlink(result, problem);
  return result.string();
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

bool is_standard_output(const std::string& path) {
  return path == "-" || path == "/dev/stdout";
}

caf::error check_output(const std::string& path, const std::string& source) {
  if (is_standard_output(path))
    return {};
  if (fs::is_directory(path))
    return make_error(ec::bad_config,
                      fmt::format("{}: is a folder; name a file", path));
  std::error_code problem;
  if (!source.empty() && fs::equivalent(path, source, problem))
    return make_error(ec::bad_config,
                      fmt::format("{}: says what to run; name another file for "
                                  "the items",
                                  path));
  // To open a pipe is to tell its reader that there is a writer.
  if (is_special(path))
    return access(path.c_str(), W_OK) == 0 ? caf::error{} : cannot_write(path);
  auto unfinished = part_of(target_of(path));
  auto file = file_ptr{std::fopen(unfinished.c_str(), "w")};
  if (!file)
    return cannot_write(path);
  std::remove(unfinished.c_str());
  return {};
}

caf::expected<std::uint64_t>
write_items(caf::actor_system& system, const reader_actor& from,
            const std::string& path) {
  auto in_place = is_special(path);
  auto target = target_of(path);
  auto unfinished = in_place ? path : part_of(target);
  auto file = file_ptr{std::fopen(unfinished.c_str(), "w")};
  if (!file)
    return cannot_write(unfinished);
  auto items = copy_items(system, from, file.get(), unfinished, {});
  auto closed = std::fclose(file.release()) == 0;
  if (items && closed
      && (in_place || std::rename(unfinished.c_str(), target.c_str()) == 0))
    return items;
  auto problem = items ? cannot_write(path) : items.error();
  if (!in_place)
    std::remove(unfinished.c_str());
  return problem;
}

std::shared_ptr<std::FILE> take_standard_output() {
  std::fflush(stdout);
  auto kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (kept < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
    return {};
  return file_ptr{fdopen(kept, "w")};
}

caf::expected<std::uint64_t>
write_items(caf::actor_system& system, const reader_actor& from,
            std::FILE* to) {
  return copy_items(system, from, to, "standard output", {});
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
  struct stat found {};
  if (!file || fstat(fileno(file.get()), &found) != 0)
    return cannot_write(path);
  if (static_cast<std::uint64_t>(found.st_size) < position)
    return make_error(
      ec::bad_config,
      fmt::format("{} holds {} bytes, and the cursor file tells of {}: bring "
                  "the file back, or remove the cursor file to start over",
                  path, found.st_size, position));
  if (ftruncate(fileno(file.get()), static_cast<off_t>(position)) != 0)
    return cannot_write(path);
  return copy_items(system, from, file.get(), path, printed);
}

} // namespace orc::app
