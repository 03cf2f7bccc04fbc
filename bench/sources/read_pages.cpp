// Reads a source page by page, as a batch does, and does nothing with its
// pages:
//
//     read_pages '{"kind":"ndjson","path":"rows.ndjson"}' PAGE-SIZE
//
// Prints one line of JSON. The resident set is measured after ten thousand
// items and at the end: it must not grow with them.

#include "embedding/walks/walk_sources.hpp"
#include "messages/json/json.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/http/client.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace {

using namespace orc;

std::uint64_t resident_kib() {
  std::ifstream in{"/proc/self/statm"};
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  in >> all >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

/// @returns processor seconds of this process, those of the kernel included.
double cpu_secs() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto secs = [](const timeval& x) {
    return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
  };
  return secs(used.ru_utime) + secs(used.ru_stime);
}

struct totals {
  std::uint64_t pages = 0;
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
  std::uint64_t early_kib = 0;
};

template <class Response, class Handle, class Request>
Response ask(caf::scoped_actor& self, const Handle& to, Request request) {
  std::optional<Response> result;
  self->request(to, caf::infinite, std::move(request))
    .receive([&](Response& x) { result = std::move(x); },
             [](const caf::error& why) {
               std::cerr << message_of(why) << '\n';
               std::exit(1);
             });
  return std::move(*result);
}

totals walk(caf::scoped_actor& self, const walk_source_actor& source,
            std::uint64_t size) {
  totals result;
  std::string cursor;
  do {
    auto page = ask<walk_page>(self, source, read_walk_page{cursor, size});
    ++result.pages;
    result.items += page.count;
    result.bytes += page.items.view().size();
    cursor = page.next.value_or("");
    if (result.early_kib == 0 && result.items >= 10'000)
      result.early_kib = resident_kib();
  } while (!cursor.empty());
  return result;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: read_pages SOURCE PAGE-SIZE\n";
    return 2;
  }
  auto source = from_json<walk_source>(argv[1]);
  if (!source) {
    std::cerr << message_of(source.error()) << '\n';
    return 2;
  }
  io_runtime runtime;
  auto client = std::make_shared<http::client>(runtime, http::client_options{});
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", 2);
  caf::actor_system system{config};
  auto sources = system.spawn(walk_sources, walk_sources_parts{client, {}, {}});
  {
    caf::scoped_actor self{system};
    auto opened
      = ask<walk_source_actor>(self, sources, open_walk_source{*source});
    auto began = std::chrono::steady_clock::now();
    auto all = walk(self, opened, std::strtoull(argv[2], nullptr, 10));
    std::chrono::duration<double> took
      = std::chrono::steady_clock::now() - began;
    auto cpu = cpu_secs();
    fmt::print("{{\"pages\":{},\"items\":{},\"bytes\":{},\"secs\":{:.3f},"
               "\"cpuSecs\":{:.3f},\"earlyKib\":{},\"lateKib\":{}}}\n",
               all.pages, all.items, all.bytes, took.count(), cpu,
               all.early_kib, resident_kib());
    caf::anon_send_exit(opened, caf::exit_reason::user_shutdown);
  }
  caf::anon_send_exit(sources, caf::exit_reason::user_shutdown);
  client->stop();
}
