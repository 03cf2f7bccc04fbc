// An application on CAF with an orchestrator in its own actor system: it speaks
// to it in typed messages, hears of events, and watches that it lives.
//
//     APIFY_TOKEN=… caf_host DATA_DIRECTORY ACTOR INPUT NAME...
//
// starts a run of the Apify actor for each name, or joins the one that there
// is, prints what happens, and how each run ended. INPUT is JSON.

#include <apify-orchestrator/embedding/logging.hpp>
#include <apify-orchestrator/embedding/message_types.hpp>
#include <apify-orchestrator/embedding/orchestrator.hpp>
#include <caf/all.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace {

struct host_config : caf::actor_system_config {
  host_config() {
    orc::add_message_types(*this);
  }
};

std::string from_environment(const char* name, const char* otherwise) {
  const auto* value = std::getenv(name);
  return value ? value : otherwise;
}

orc::orchestrator_options options_for(const char* directory) {
  orc::orchestrator_options result;
  auto url = from_environment("APIFY_API_BASE_URL", "https://api.apify.com");
  result.settings.base_url = url;
  result.settings.accounts.push_back(
    {"default", orc::secret{from_environment("APIFY_TOKEN", "")}, url,
     orc::mebibytes{8192}, 10});
  result.store = orc::in_directory{directory};
  return result;
}

std::string text(std::string_view x) {
  return std::string{x};
}

/// Prints what happens to runs, as it happens.
orc::event_sink::behavior_type printer(orc::event_sink::pointer self) {
  return {[self](const orc::run_event& x) {
    caf::aout(self) << text(orc::name_of(x.kind)) << " " << x.run.name
                    << std::endl;
  }};
}

/// The application's own actor: submits runs, waits for all, then ends.
class application {
public:
  application(caf::event_based_actor* self, orc::orchestrator_actor to,
              std::string actor, std::string input,
              std::vector<std::string> names)
    : self_{self}, orchestrator_{std::move(to)}, left_{names.size()} {
    // Should the orchestrator die, there is nothing to wait for.
    self_->monitor(orchestrator_);
    self_->set_down_handler([this](const caf::down_msg&) {
      caf::aout(self_) << "the orchestrator is gone" << std::endl;
      self_->quit(caf::exit_reason::unhandled_exception);
    });
    submit(actor, orc::json_text{std::move(input)}, names);
  }

private:
  void submit(const std::string& actor, const orc::json_text& input,
              const std::vector<std::string>& names) {
    orc::submit_runs request;
    for (const auto& name : names) {
      orc::run_request run;
      run.name = name;
      run.actor = actor;
      run.input = input;
      request.runs.push_back(std::move(run));
    }
    self_->request(orchestrator_, 30s, std::move(request))
      .then([this](const orc::submitted_runs& xs) { wait_for(xs); },
            [this](const caf::error& problem) { fail(problem); });
  }

  void wait_for(const orc::submitted_runs& xs) {
    for (const auto& x : xs.runs) {
      orc::wait_run request;
      request.ref = {x.run.space, x.run.name};
      request.at_most = 10min;
      self_->request(orchestrator_, caf::infinite, request)
        .then([this](const orc::run& x) { print(x); },
              [this](const caf::error& problem) { fail(problem); });
    }
  }

  void print(const orc::run& x) {
    caf::aout(self_) << x.name << ": "
                     << text(x.status ? orc::name_of(*x.status)
                                      : orc::name_of(x.state))
                     << ", " << x.item_count.value_or(0) << " items"
                     << std::endl;
    if (--left_ == 0)
      self_->quit();
  }

  void fail(const caf::error& problem) {
    caf::aout(self_) << self_->system().render(problem) << std::endl;
    self_->quit(problem);
  }

  caf::event_based_actor* self_;
  orc::orchestrator_actor orchestrator_;
  std::size_t left_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: caf_host DATA_DIRECTORY ACTOR INPUT NAME...\n";
    return 2;
  }
  orc::log_to(orc::host_log_level::warn,
              [](auto, std::string_view line) { std::cerr << line << '\n'; });
  host_config config;
  caf::actor_system system{config};
  auto opened = orc::embedded_orchestrator::open(system, options_for(argv[1]));
  if (!opened) {
    std::cerr << system.render(opened.error()) << '\n';
    return 2;
  }
  // Ends with the block: its actors, its threads, its lock are gone then.
  auto orchestrator = std::move(*opened);

  auto sink = system.spawn(printer);
  orc::subscribe_events subscription;
  subscription.sink = sink;
  caf::anon_send(orchestrator.events(), subscription);

  caf::scoped_actor self{system};
  auto app = system.spawn([&](caf::event_based_actor* actor) -> caf::behavior {
    auto state = std::make_shared<application>(
      actor, orchestrator.orchestrator(), argv[2], argv[3],
      std::vector<std::string>(argv + 4, argv + argc));
    return {[state](caf::unit_t) {
      // It listens to answers only.
    }};
  });
  self->wait_for(app);
  caf::anon_send_exit(sink, caf::exit_reason::user_shutdown);
  return 0;
}
