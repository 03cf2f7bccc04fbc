// A host program as tests drive it: a line in, a line out.
//
//     host embed DATA MAX_RUNS    an orchestrator in this process, published
//     host remote PORT PORT       the ORCHESTRATOR and EVENTS of another
//     process
//
// submit [REQUEST…]   submits runs; answers how many
// split SUBMISSION    cuts a list into runs; answers how many (embed only)
// abort NAME, wait NAME, report, quit
// follow              prints events from now on
// watch               prints `down` once the ORCHESTRATOR has ended

#include <apify-orchestrator/embedding/ask.hpp>
#include <apify-orchestrator/embedding/logging.hpp>
#include <apify-orchestrator/embedding/message_types.hpp>
#include <apify-orchestrator/embedding/orchestrator.hpp>
#include <apify-orchestrator/messages/json/json.hpp>
#include <apify-orchestrator/messages/split_submission.hpp>
#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct host_config : caf::actor_system_config {
  host_config() {
    load<caf::io::middleman>();
    orc::add_message_types(*this);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

void say(const std::string& line) {
  static std::mutex mutex;
  std::lock_guard guard{mutex};
  std::cout << line << std::endl;
}

/// Whom the lines are for.
struct session {
  caf::actor_system& system;
  orc::orchestrator_actor orchestrator;
  orc::events_actor events;
  orc::splits_actor splits;
  caf::actor sink;
  /// Held: an actor that nobody has a handle of ends.
  caf::actor watcher;

  template <class T>
  void print(const caf::expected<T>& x, const std::string& text) {
    say(x ? text : "error " + system.render(x.error()));
  }

  void submit(const std::string& json) {
    auto runs = orc::from_json<std::vector<orc::run_request>>(json);
    if (!runs)
      return print(runs, "");
    orc::submit_runs request;
    request.runs = std::move(*runs);
    auto done = orc::ask<orc::submitted_runs>(system, orchestrator,
                                              std::move(request), 60s);
    print(done, done ? std::to_string(done->runs.size()) : "");
  }

  void split(const std::string& json) {
    auto wanted = orc::from_json<orc::split_submission>(json);
    if (!wanted)
      return print(wanted, "");
    auto message = orc::to_message(std::move(*wanted));
    if (!message)
      return print(message, "");
    auto done
      = orc::ask<orc::split_result>(system, splits, std::move(*message), 60s);
    print(done, done ? orc::to_json(*done) : "");
  }

  void abort(const std::string& name) {
    auto done
      = orc::ask<orc::run>(system, orchestrator,
                           orc::abort_named_run{{"default", name}, false}, 30s);
    print(done, done ? orc::to_json(*done) : "");
  }

  void wait(const std::string& name) {
    auto done = orc::ask<orc::run>(system, orchestrator,
                                   orc::wait_run{{"default", name}, 60s}, 90s);
    print(done, done ? orc::to_json(*done) : "");
  }

  void report() {
    auto done
      = orc::ask<orc::report>(system, orchestrator, orc::get_report{}, 30s);
    print(done, done ? orc::to_json(*done) : "");
  }

  void follow() {
    auto typed = system.spawn(
      [](orc::event_sink::pointer) -> orc::event_sink::behavior_type {
        return {[](const orc::run_event& x) {
          say("event " + std::string{orc::name_of(x.kind)} + " " + x.run.name);
        }};
      });
    sink = caf::actor_cast<caf::actor>(typed);
    orc::subscribe_events request;
    request.sink = typed;
    caf::anon_send(events, request);
    say("ok");
  }

  /// Tells when the ORCHESTRATOR ends, here or in the other process.
  void watch() {
    auto watched = orchestrator;
    watcher
      = system.spawn([watched](caf::event_based_actor* self) -> caf::behavior {
          self->monitor(watched);
          self->set_down_handler([self](const caf::down_msg&) {
            say("down");
            self->quit();
          });
          return {[](caf::unit_t) {}};
        });
    say("ok");
  }

  void carry_out(const std::string& line) {
    auto blank = line.find(' ');
    auto verb = line.substr(0, blank);
    auto rest = blank == std::string::npos ? "" : line.substr(blank + 1);
    if (verb == "submit")
      submit(rest);
    else if (verb == "split")
      split(rest);
    else if (verb == "abort")
      abort(rest);
    else if (verb == "wait")
      wait(rest);
    else if (verb == "report")
      report();
    else if (verb == "follow")
      follow();
    else if (verb == "watch")
      watch();
    else
      say("error no such verb");
  }

  void run() {
    for (std::string line; std::getline(std::cin, line) && line != "quit";)
      carry_out(line);
    if (watcher)
      caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
    if (sink)
      caf::anon_send_exit(sink, caf::exit_reason::user_shutdown);
  }
};

orc::orchestrator_options options_of(char** words) {
  const auto* url = std::getenv("APIFY_API_BASE_URL");
  const auto* token = std::getenv("APIFY_TOKEN");
  orc::orchestrator_options result;
  result.settings.base_url = url ? url : "https://api.apify.com";
  orc::account_settings account;
  account.token = orc::secret{token ? token : ""};
  account.base_url = result.settings.base_url;
  account.max_runs = std::stoull(words[1]);
  result.settings.accounts.push_back(account);
  result.settings.retry_backoff = 100ms;
  result.settings.reconcile_window = 4s;
  result.store = orc::in_directory{words[0]};
  return result;
}

int embed(caf::actor_system& system, char** words) {
  auto opened = orc::embedded_orchestrator::open(system, options_of(words));
  if (!opened) {
    std::cerr << system.render(opened.error()) << '\n';
    return 2;
  }
  auto port = caf::io::publish(opened->orchestrator(), 0, "127.0.0.1");
  auto second = caf::io::publish(opened->events(), 0, "127.0.0.1");
  if (!port || !second)
    return 2;
  say("ready " + std::to_string(*port) + " " + std::to_string(*second));
  session host{
    system, opened->orchestrator(), opened->events(), opened->splits(), {}, {}};
  host.run();
  return 0;
}

template <class Handle>
Handle remote(caf::actor_system& system, const char* port) {
  auto found = caf::io::remote_actor<Handle>(
    system, "127.0.0.1", static_cast<std::uint16_t>(std::stoi(port)));
  if (!found) {
    std::cerr << system.render(found.error()) << '\n';
    std::exit(2);
  }
  return *found;
}

int speak(caf::actor_system& system, char** words) {
  session host{system,
               remote<orc::orchestrator_actor>(system, words[0]),
               remote<orc::events_actor>(system, words[1]),
               {},
               {}};
  say("ready");
  host.run();
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4)
    return 2;
  orc::log_to(orc::host_log_level::off, {});
  host_config config;
  caf::actor_system system{config};
  auto code = std::string{argv[1]} == "embed" ? embed(system, argv + 2)
                                              : speak(system, argv + 2);
  return code;
}
