// Measures batches: rows of a file, in pages of a size, done by a C++ class
// that does nothing, durable; prints pages and items a second, the memory it
// took, and how often it read the file. `bench/run_batches` drives it.
//
//   orc_bench_batches FOLDER ROWS PAGE_SIZE [PARALLEL] [go-on]
//
// With `go-on` it takes up what an earlier one left.

#include "actors/walk/class_processor.hpp"
#include "actors/walk/walks.hpp"
#include "embedding/walks/walk_sources.hpp"
#include "messages/walk/page_class.hpp"
#include "persistence/sqlite/walk_store.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

using namespace orc;

namespace {

struct settings : caf::actor_system_config {
  settings() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

class nothing : public page_class {
public:
  page_outcome process(const page_call&) override {
    return {};
  }
};

page_processors_actor::behavior_type
processors(page_processors_actor::pointer self) {
  return {
    [self](const open_page_processor&) {
      return page_processor_actor{self->spawn(
        class_processor, page_class_factory{[] {
          return std::unique_ptr<page_class>{std::make_unique<nothing>()};
        }})};
    },
  };
}

std::filesystem::path
make_rows(const std::filesystem::path& folder, std::uint64_t rows) {
  auto result = folder / fmt::format("rows-{}.ndjson", rows);
  if (std::filesystem::exists(result))
    return result;
  std::ofstream out{result};
  for (std::uint64_t i = 0; i < rows; ++i)
    out << R"({"id":)" << i << R"(,"name":"row )" << i << "\"}\n";
  return result;
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

double cpu_secs() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  auto secs = [](const timeval& x) {
    return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
  };
  return secs(usage.ru_utime) + secs(usage.ru_stime);
}

/// @returns what this process has read of files so far.
double read_bytes() {
  std::ifstream in{"/proc/self/io"};
  std::string name;
  double result = 0;
  in >> name >> result;
  return result;
}

template <class Response, class Handle, class Message>
Response ask(caf::actor_system& system, const Handle& to, Message x) {
  caf::scoped_actor self{system};
  Response result;
  self->request(to, caf::infinite, std::move(x))
    .receive([&](Response& y) { result = std::move(y); },
             [&](const caf::error& err) {
               fmt::print(stderr, "{}\n", message_of(err));
               std::exit(1);
             });
  return result;
}

int measure(const std::filesystem::path& folder, std::uint64_t rows,
            std::uint64_t size, std::uint64_t parallel, bool goes_on) {
  auto file = make_rows(folder, rows);
  auto data = folder / "data";
  if (!goes_on)
    std::filesystem::remove_all(data);
  std::filesystem::create_directories(data);
  settings config;
  caf::actor_system system{config};
  auto store = open_walk_store(system, {data, secret{"bench"}});
  if (!store) {
    fmt::print(stderr, "{}\n", message_of(store.error()));
    return 1;
  }
  auto sources = system.spawn(walk_sources, walk_sources_parts{});
  auto made = system.spawn(processors);
  auto host = system.spawn(walks, walks_parts{*store, sources, made, true});
  auto read_before = read_bytes();
  auto began = std::chrono::steady_clock::now();
  ask<walk_view>(
    system, host,
    start_walk{secret{fmt::format(
      R"({{"name":"bench","source":{{"kind":"ndjson","path":"{}"}},)"
      R"("pageSize":{},"maxParallelism":{},)"
      R"("processor":{{"kind":"class","name":"nothing"}}}})",
      file.string(), size, parallel)}});
  auto end
    = ask<walk_view>(system, host, wait_walk{"bench", std::chrono::hours{1}});
  auto took
    = std::chrono::duration<double>(std::chrono::steady_clock::now() - began)
        .count();
  auto pages = static_cast<double>(end.completed);
  fmt::print("rows={} pages={} items={} parallel={} secs={:.2f} "
             "pagesPerSec={:.0f} itemsPerSec={:.0f} cpuSecs={:.2f} "
             "peakMiB={:.1f} storeKiB={} scans={:.2f}\n",
             rows, end.completed, end.items, parallel, took, pages / took,
             static_cast<double>(end.items) / took, cpu_secs(), peak_mib(),
             std::filesystem::file_size(data / "batches.db") / 1024,
             (read_bytes() - read_before)
               / static_cast<double>(std::filesystem::file_size(file)));
  for (const auto& x :
       {caf::actor_cast<caf::actor>(host), caf::actor_cast<caf::actor>(made),
        caf::actor_cast<caf::actor>(sources),
        caf::actor_cast<caf::actor>(*store)})
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  return end.items == rows ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "orc_bench_batches FOLDER ROWS PAGE_SIZE [PARALLEL] "
                       "[go-on]\n");
    return 2;
  }
  return measure(argv[1], std::strtoull(argv[2], nullptr, 10),
                 std::strtoull(argv[3], nullptr, 10),
                 argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 8,
                 argc > 5 && std::string_view{argv[5]} == "go-on");
}
