// An application without CAF: an orchestrator in this process, or a service
// that runs elsewhere, by futures and callbacks.
//
//     APIFY_TOKEN=… no_caf DATA_DIRECTORY|URL ACTOR INPUT NAME...
//
// starts a run for each name, or joins the one that there is, prints how each
// ended and its items, then how many runs there are in all.

#include <apify-orchestrator/embedding/client.hpp>
#include <apify-orchestrator/embedding/logging.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::string from_environment(const char* name, const char* otherwise) {
  const auto* value = std::getenv(name);
  return value ? value : otherwise;
}

int fail(const orc::problem& why) {
  std::cerr << why.type << ": " << why.message << '\n';
  return 1;
}

orc::client_options options_for(const std::string& directory) {
  orc::client_options result;
  result.data_directory = directory;
  result.token = from_environment("APIFY_TOKEN", "");
  result.base_url
    = from_environment("APIFY_API_BASE_URL", "https://api.apify.com");
  result.max_memory_mbytes = 8192;
  return result;
}

/// A directory means an orchestrator of our own, a URL a service.
orc::outcome<orc::client> open(const std::string& place) {
  if (place.rfind("http", 0) == 0)
    return orc::client::connect({place, from_environment("SERVICE_TOKEN", "")});
  return orc::client::start(options_for(place));
}

/// Waits for a run by a future, then prints its items.
int follow(orc::client& client, const orc::run_info& run) {
  auto name = orc::run_name{run.name, run.space};
  auto ended = client.wait(name, 10min).get();
  if (!ended)
    return fail(ended.error());
  std::cout << ended->name << ": " << ended->status << '\n';
  auto items = client.items(name, 0, 100).get();
  if (!items)
    return fail(items.error());
  std::cout << items->ndjson;
  return ended->succeeded ? 0 : 1;
}

/// Asks by a callback, on a thread of the client's.
void count_runs(orc::client& client) {
  std::promise<void> done;
  client.report("", [&](const orc::outcome<std::string>& report) {
    if (report)
      std::cout << "a report of " << report->size() << " bytes of JSON\n";
    done.set_value();
  });
  done.get_future().wait();
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: no_caf DATA_DIRECTORY|URL ACTOR INPUT NAME...\n";
    return 2;
  }
  orc::log_to(orc::host_log_level::off, {});
  auto client = open(argv[1]);
  if (!client)
    return fail(client.error());

  std::atomic<int> started = 0;
  client->on_event([&](const orc::event_info& x) {
    if (x.kind == "run.started")
      ++started;
  });

  std::vector<orc::run_spec> requests;
  for (auto name = argv + 4; name != argv + argc; ++name) {
    orc::run_spec request;
    request.name = *name;
    request.actor = argv[2];
    request.input = argv[3];
    requests.push_back(std::move(request));
  }
  auto runs = client->submit(std::move(requests)).get();
  if (!runs)
    return fail(runs.error());
  auto worst = 0;
  for (const auto& run : *runs)
    worst = std::max(worst, follow(*client, run));
  count_runs(*client);

  // Everything it started is gone when this returns.
  if (auto stopped = client->stop(); !stopped)
    return fail(stopped.error());
  std::cout << "started " << started << '\n';
  return worst;
}
