// An application that brings its own RUN STORE: an actor that writes each step
// of each run into a journal before the store behind it has it. Here that is
// the library's own in a directory; it may be a database of the application's,
// too.
//
//     APIFY_TOKEN=… own_store DATA_DIRECTORY JOURNAL ACTOR INPUT NAME

#include <apify-orchestrator/embedding/ask.hpp>
#include <apify-orchestrator/embedding/logging.hpp>
#include <apify-orchestrator/embedding/message_types.hpp>
#include <apify-orchestrator/embedding/orchestrator.hpp>
#include <apify-orchestrator/embedding/stores.hpp>
#include <caf/all.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

using namespace std::chrono_literals;

namespace {

struct host_config : caf::actor_system_config {
  host_config() {
    orc::add_message_types(*this);
  }
};

/// The RUN STORE interface, one handler a message. A handler answers itself, or
/// leaves the answer to the store behind it.
orc::run_store_actor::behavior_type
journal(orc::run_store_actor::pointer self, orc::run_store_actor behind,
        std::shared_ptr<std::ofstream> file) {
  auto pass
    = [self, behind](const auto& x) { return self->delegate(behind, x); };
  return {
    [=](const orc::insert_runs& x) {
      for (const auto& run : x.runs)
        *file << "insert " << run.record.view.name << std::endl;
      return pass(x);
    },
    [=](const orc::save_run& x) {
      *file << "save " << x.record.view.name << ' '
            << std::string{orc::name_of(x.record.view.state)} << std::endl;
      return pass(x);
    },
    [=](const orc::settle_run& x) { return pass(x); },
    [=](const orc::load_run& x) { return pass(x); },
    [=](const orc::find_run& x) { return pass(x); },
    [=](const orc::list_runs& x) { return pass(x); },
    [=](const orc::load_unfinished& x) { return pass(x); },
    [=](const orc::load_unsettled& x) { return pass(x); },
    [=](const orc::find_bound& x) { return pass(x); },
    [=](const orc::load_totals& x) { return pass(x); },
    [=](const orc::save_account& x) { return pass(x); },
    [=](const orc::load_accounts& x) { return pass(x); },
    [=](const orc::prune_runs& x) { return pass(x); },
    [=](const orc::check_store& x) { return pass(x); },
  };
}

std::string from_environment(const char* name, const char* otherwise) {
  const auto* value = std::getenv(name);
  return value ? value : otherwise;
}

/// An orchestrator upon that store; all else is as it would be without.
orc::orchestrator_options options_on(const orc::run_store_actor& runs) {
  orc::orchestrator_options result;
  auto url = from_environment("APIFY_API_BASE_URL", "https://api.apify.com");
  result.settings.base_url = url;
  orc::account_settings account;
  account.token = orc::secret{from_environment("APIFY_TOKEN", "")};
  account.base_url = url;
  result.settings.accounts.push_back(std::move(account));
  orc::store_actors own;
  own.runs = runs;
  result.store = own;
  return result;
}

caf::expected<orc::run>
carry_out(caf::actor_system& system,
          const orc::embedded_orchestrator& orchestrator, char** words) {
  orc::submit_runs request;
  request.runs.emplace_back();
  request.runs.back().actor = words[0];
  request.runs.back().input = orc::json_text{words[1]};
  request.runs.back().name = words[2];
  auto submitted = orc::ask<orc::submitted_runs>(
    system, orchestrator.orchestrator(), std::move(request), 30s);
  if (!submitted)
    return submitted.error();
  const auto& run = submitted->runs.front().run;
  return orc::ask<orc::run>(system, orchestrator.orchestrator(),
                            orc::wait_run{{run.space, run.name}, 10min});
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: own_store DATA_DIRECTORY JOURNAL ACTOR INPUT NAME\n";
    return 2;
  }
  orc::log_to(orc::host_log_level::off, {});
  host_config config;
  caf::actor_system system{config};
  auto behind = orc::open_store(system, orc::in_directory{argv[1]});
  if (!behind) {
    std::cerr << system.render(behind.error()) << '\n';
    return 2;
  }
  auto file = std::make_shared<std::ofstream>(argv[2], std::ios::app);
  auto own = system.spawn(journal, behind->runs, file);
  auto done = caf::expected<orc::run>{caf::sec::none};
  if (auto opened = orc::embedded_orchestrator::open(system, options_on(own)))
    done = carry_out(system, *opened, argv + 3);
  else
    done = opened.error();

  // The orchestrator is gone; what the application brought is its own to end.
  caf::anon_send_exit(own, caf::exit_reason::user_shutdown);
  orc::close_store(system, *behind);
  if (!done) {
    std::cerr << system.render(done.error()) << '\n';
    return 1;
  }
  std::cout << done->name << ": "
            << (done->status ? orc::name_of(*done->status)
                             : orc::name_of(done->state))
            << '\n';
  return orc::succeeded(*done) ? 0 : 1;
}
