#include "app/results/merge.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <unistd.h>

namespace orc::app {

namespace {

constexpr std::uint64_t page_size = 1000;

/// Writes to a file; the first failure is kept until `close`.
class file_sink : public text_sink {
public:
  explicit file_sink(std::FILE* file) : file_{file, std::fclose} {
    // nop
  }

  void write(std::string_view text) override {
    if (std::fwrite(text.data(), 1, text.size(), file_.get()) < text.size())
      failed_ = true;
  }

  /// @returns whether all is written.
  bool close() {
    auto flushed = std::fflush(file_.get()) == 0;
    return std::fclose(file_.release()) == 0 && flushed && !failed_;
  }

private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  bool failed_ = false;
};

caf::error cannot_write(const std::string& path) {
  return make_error(ec::bad_config, fmt::format("{}: cannot be written: {}",
                                                path, std::strerror(errno)));
}

/// Drains a dataset until a short page: counts lag behind.
caf::expected<std::uint64_t>
add_run(const run_ref& ref, items_format format, item_writer& out,
        const page_reader& read) {
  get_items request;
  request.limit = page_size;
  request.format = page_format(format);
  // By default the platform begins each page of CSV with a byte order mark.
  request.query = format == items_format::csv ? "bom=0" : "";
  for (std::uint64_t items = 0;;) {
    auto page = read(ref, request);
    if (!page)
      return make_error(code_of(page.error()),
                        fmt::format("items of {}: {}", ref.name,
                                    message_of(page.error())));
    out.add(page->body.view());
    items += page->count;
    request.offset += page_size;
    if (page->count < page_size)
      return items;
  }
}

caf::expected<std::uint64_t>
add_runs(const std::vector<run_ref>& runs, items_format format, text_sink& sink,
         const page_reader& read) {
  auto out = make_item_writer(format, sink);
  std::uint64_t items = 0;
  for (const auto& ref : runs) {
    auto count = add_run(ref, format, *out, read);
    if (!count)
      return count;
    items += *count;
  }
  out->finish();
  return items;
}

std::string part_of(const std::string& path) {
  return path + ".part";
}

} // namespace

caf::error check_output(const std::string& path) {
  if (std::filesystem::is_directory(path))
    return make_error(ec::bad_config,
                      fmt::format("{}: is a folder; name a file", path));
  auto* file = std::fopen(part_of(path).c_str(), "w");
  if (!file)
    return cannot_write(path);
  std::fclose(file);
  std::remove(part_of(path).c_str());
  return {};
}

caf::expected<std::uint64_t>
merge_items(const std::vector<run_ref>& runs, const std::string& path,
            items_format format, const page_reader& read) {
  auto unfinished = part_of(path);
  auto* file = std::fopen(unfinished.c_str(), "w");
  if (!file)
    return cannot_write(unfinished);
  file_sink sink{file};
  auto items = add_runs(runs, format, sink, read);
  auto closed = sink.close();
  if (items && closed && std::rename(unfinished.c_str(), path.c_str()) == 0)
    return items;
  auto problem = items ? cannot_write(path) : items.error();
  std::remove(unfinished.c_str());
  return problem;
}

caf::expected<std::uint64_t>
print_items(const std::vector<run_ref>& runs, items_format format,
            const page_reader& read) {
  auto* file = fdopen(dup(STDOUT_FILENO), "w");
  if (!file)
    return cannot_write("standard output");
  file_sink sink{file};
  auto items = add_runs(runs, format, sink, read);
  if (!sink.close() && items)
    return cannot_write("standard output");
  return items;
}

} // namespace orc::app
