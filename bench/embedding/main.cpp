// How many runs a second one submits, each by a request of its own that is
// answered once it is durable: by typed messages, through orc::client in this
// process, and through orc::client over HTTP.
//
//     submits FOLDER SERVICE_URL COUNT IN_FLIGHT
//
// prints a line each: WAY COUNT SECONDS. APIFY_API_BASE_URL is an emulator; the
// first run of each way has the only place there is, and keeps it.

#include <apify-orchestrator/embedding/client.hpp>
#include <apify-orchestrator/embedding/logging.hpp>
#include <apify-orchestrator/embedding/message_types.hpp>
#include <apify-orchestrator/embedding/orchestrator.hpp>
#include <caf/all.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <string>

namespace {

using clock_type = std::chrono::steady_clock;

constexpr auto actor = "emulator/scripted";
constexpr auto input = R"({"durationMs":3600000})";

std::string platform() {
  const auto* url = std::getenv("APIFY_API_BASE_URL");
  return url ? url : "";
}

/// So many requests on their way at a time, until all are answered.
class window {
public:
  explicit window(int room) : room_{room} {
    // nop
  }

  void enter() {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [this] { return room_ > 0; });
    --room_;
  }

  void leave() {
    {
      std::lock_guard guard{mutex_};
      ++room_;
    }
    changed_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int room_;
};

struct job {
  int count;
  int in_flight;
};

template <class Submit>
void measure(const std::string& way, const job& x, Submit submit) {
  window room{x.in_flight};
  auto began = clock_type::now();
  for (int i = 0; i < x.count; ++i) {
    room.enter();
    submit(way + "/" + std::to_string(i), [&room](bool good) {
      if (!good)
        std::abort();
      room.leave();
    });
  }
  for (int i = 0; i < x.in_flight; ++i)
    room.enter();
  std::chrono::duration<double> took = clock_type::now() - began;
  std::cout << way << ' ' << x.count << ' ' << took.count() << std::endl;
}

struct host_config : caf::actor_system_config {
  host_config() {
    orc::add_message_types(*this);
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

using answered = std::function<void(bool)>;
using asker = caf::typed_actor<caf::reacts_to<std::string, answered>>;

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(answered)

namespace {

asker::behavior_type
asking(asker::pointer self, const orc::orchestrator_actor& to) {
  return {[self, to](const std::string& name, const answered& done) {
    orc::submit_runs request;
    request.runs.emplace_back();
    request.runs.back().name = name;
    request.runs.back().actor = actor;
    request.runs.back().input = orc::json_text{input};
    self->request(to, caf::infinite, std::move(request))
      .then([done](const orc::submitted_runs&) { done(true); },
            [done](const caf::error&) { done(false); });
  }};
}

void by_messages(const std::string& folder, const job& x) {
  host_config config;
  caf::actor_system system{config};
  orc::orchestrator_options options;
  options.store = orc::in_directory{folder};
  orc::account_settings account;
  account.token = orc::secret{"bench"};
  account.base_url = platform();
  account.max_runs = 1;
  options.settings.accounts.push_back(account);
  auto opened = orc::embedded_orchestrator::open(system, options);
  if (!opened)
    std::abort();
  auto actor = system.spawn(asking, opened->orchestrator());
  measure("messages", x, [&](const std::string& name, answered done) {
    caf::anon_send(actor, name, std::move(done));
  });
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
}

void by_client(const std::string& way, orc::outcome<orc::client> client,
               const job& x) {
  if (!client) {
    std::cerr << client.error().message << '\n';
    std::abort();
  }
  measure(way, x, [&](const std::string& name, answered done) {
    orc::run_spec request;
    request.name = name;
    request.actor = actor;
    request.input = input;
    client->submit({request}, [done](const orc::outcome<orc::client::runs>& y) {
      done(static_cast<bool>(y));
    });
  });
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5)
    return 2;
  orc::log_to(orc::host_log_level::off, {});
  auto folder = std::string{argv[1]};
  job x{std::stoi(argv[3]), std::stoi(argv[4])};
  by_messages(folder + "/messages", x);
  orc::client_options options;
  options.data_directory = folder + "/client";
  options.token = "bench";
  options.base_url = platform();
  options.max_runs = 1;
  by_client("client", orc::client::start(options), x);
  by_client("http", orc::client::connect({argv[2]}), x);
}
