#include "app/cli/emulate_flags.hpp"

#include "app/cli/number_checks.hpp"

namespace orc::app {

namespace {

void add_actor_flags(CLI::App& command, emulate_flags& flags) {
  const auto* group = "Apify actors";
  command
    .add_option("--actors", flags.actors,
                "Folder of Apify actors: each subfolder with .actor/actor.json "
                "is run as a program of this machine.")
    ->type_name("DIR")
    ->group(group);
  command
    .add_option("--scripted-actor", flags.scripted,
                "Another name for the actor emulator/scripted, whose runs do "
                "what their input says; repeatable.")
    ->type_name("NAME[:MEMORY_MB]")
    ->group(group);
  command
    .add_flag("--any-actor", flags.options.any_actor,
              "Every name that is not known is a scripted actor.")
    ->group(group);
  command
    .add_option("--duration-ms", flags.duration_ms,
                "How long scripted runs take unless their input says it.")
    ->type_name("MS")
    ->capture_default_str()
    ->check(at_least_zero)
    ->group(group);
  command
    .add_option("--items", flags.options.items,
                "How many items scripted runs push unless their input says it.")
    ->type_name("N")
    ->capture_default_str()
    ->check(at_least_zero)
    ->group(group);
}

void add_account_flags(CLI::App& command, emulate_flags& flags) {
  const auto* group = "Accounts and limits";
  command
    .add_option("--user", flags.users,
                "An account: its name, token, memory of all its runs, and how "
                "many run at a time; repeatable. Default: "
                "tester:emulator-token:16384:25.")
    ->type_name("NAME:TOKEN[:MEMORY_MB[:MAX_RUNS]]")
    ->group(group);
  command
    .add_flag("--no-rate-limits", flags.no_rate_limits,
              "Answer any number of requests a second.")
    ->group(group);
  command
    .add_flag("--limits-forbidden", flags.options.limits_forbidden,
              "Answer 403 to /v2/users/me/limits, as to a limited token.")
    ->group(group);
  command
    .add_option("--usd-per-compute-unit", flags.options.usd_per_compute_unit,
                "What a gigabyte of memory costs for an hour.")
    ->type_name("USD")
    ->capture_default_str()
    ->group(group);
}

void add_delay(CLI::App& command, const std::string& name, std::int64_t& value,
               const std::string& help) {
  command.add_option(name, value, help)
    ->type_name("MS")
    ->capture_default_str()
    ->check(at_least_zero)
    ->group("Behaviour");
}

void add_behaviour_flags(CLI::App& command, emulate_flags& flags) {
  const auto* group = "Behaviour";
  command
    .add_option("--data", flags.data,
                "Folder in which runs, storages, tasks and webhooks outlive "
                "the emulator; by default nothing does.")
    ->type_name("DIR")
    ->group(group);
  add_delay(command, "--start-delay", flags.start_delay_ms,
            "How long a run stays READY.");
  add_delay(command, "--release-lag", flags.release_lag_ms,
            "How long the memory of a finished run stays taken.");
  add_delay(command, "--item-count-lag", flags.item_count_lag_ms,
            "How late the item count of a dataset is.");
  command
    .add_flag("--no-user-agent", flags.no_user_agent,
              "Leave meta.userAgent out of runs.")
    ->group(group);
  command
    .add_flag("--no-user-agent-in-list", flags.no_user_agent_in_list,
              "Leave meta.userAgent out of lists of runs.")
    ->group(group);
  command
    .add_option("--fault-rate", flags.options.fault_rates,
                "What goes wrong how often: SCOPE.FAULT=RATE[:DELAYms],... "
                "Scopes: start, get, list, abort, resurrect, push, any. "
                "Faults: 500, 429, cut (nothing is done), lost (done, no "
                "answer), half, created-500, slow.")
    ->type_name("RATES")
    ->group(group);
  command
    .add_option("--seed", flags.options.seed,
                "The same seed makes the same faults.")
    ->type_name("N")
    ->capture_default_str()
    ->group(group);
}

} // namespace

void add_emulate_flags(CLI::App& command, emulate_flags& flags) {
  command
    .add_option("--listen", flags.listen,
                "Address and port; port 0 is any that is free.")
    ->type_name("ADDRESS:PORT")
    ->capture_default_str();
  add_actor_flags(command, flags);
  add_account_flags(command, flags);
  add_behaviour_flags(command, flags);
}

} // namespace orc::app
