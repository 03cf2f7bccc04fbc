#include "app/cli/emulate.hpp"

#include "app/service/interrupts.hpp"
#include "emulator/emulator.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

namespace orc::app {

namespace {

constexpr auto footer = R"(Examples:
  apify-orchestrator emulate --actors ./actors
      runs each folder with .actor/actor.json as an Apify actor
  apify-orchestrator emulate --any-actor --duration-ms 500 --items 10
      rehearses a plan: every name is an actor that takes 0.5 s, makes 10 items
  apify-orchestrator emulate --user ann:secret:8192:5 --user bob:hidden
      two accounts, one of them with 8 GB and 5 runs at a time
  apify-orchestrator emulate --fault-rate start.lost=0.05,any.500=0.02 --seed 7
      loses the answers of 5 % of the starts, fails 2 % of all requests

Any client of the Apify API works with it once its base URL is changed, such as
APIFY_API_BASE_URL=http://127.0.0.1:8485 APIFY_TOKEN=emulator-token.
What a scripted run does, its input says: {"durationMs":2000,"outcome":"FAILED",
"items":5,"statusMessage":"...","failFirst":1,"key":"a","fault":"lost", ...}.
GET /emulator/stats and /emulator/runs tell what happened; POST
/emulator/runs/ID/migrate, /emulator/faults and /emulator/reset make it happen.)";

struct emulate_flags {
  emulator::options options;
  std::string listen = "127.0.0.1:8485";
  std::vector<std::string> users;
  std::vector<std::string> scripted;
  std::string actors;
  std::string data;
  std::int64_t duration_ms = 1000;
  std::int64_t start_delay_ms = 0;
  std::int64_t release_lag_ms = 0;
  std::int64_t item_count_lag_ms = 0;
  bool no_rate_limits = false;
  bool no_user_agent = false;
  bool no_user_agent_in_list = false;
};

std::vector<std::string> split(const std::string& text, char separator) {
  auto result = std::vector<std::string>{};
  auto start = std::size_t{0};
  for (;;) {
    const auto end = text.find(separator, start);
    result.push_back(text.substr(start, end - start));
    if (end == std::string::npos)
      return result;
    start = end + 1;
  }
}

template <class T>
std::optional<T> parse_number(const std::string& text) {
  auto result = T{};
  const auto* last = text.data() + text.size();
  const auto [end, ec] = std::from_chars(text.data(), last, result);
  return ec == std::errc{} && end == last ? std::optional{result}
                                          : std::nullopt;
}

/// @returns what is wrong with `--listen`, or "".
std::string read_listen(emulate_flags& flags) {
  const auto colon = flags.listen.rfind(':');
  const auto port
    = colon == std::string::npos
        ? std::nullopt
        : parse_number<std::uint16_t>(flags.listen.substr(colon + 1));
  if (!port)
    return fmt::format("--listen: `{}` is not like 127.0.0.1:8485",
                       flags.listen);
  flags.options.port = *port;
  auto address = flags.listen.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']'))
    address = address.substr(1, address.size() - 2);
  flags.options.address = address;
  return {};
}

/// @returns what is wrong with `--user`, or "".
std::string read_users(emulate_flags& flags) {
  if (!flags.users.empty())
    flags.options.accounts.clear();
  for (const auto& text : flags.users) {
    const auto parts = split(text, ':');
    auto account = emulator::account_options{};
    if (parts.size() < 2 || parts.size() > 4 || parts[0].empty()
        || parts[1].empty())
      return fmt::format("--user: `{}` is not like "
                         "NAME:TOKEN[:MEMORY_MB[:MAX_RUNS]]",
                         text);
    account.name = parts[0];
    account.token = parts[1];
    const auto memory = parts.size() > 2 ? parse_number<std::int64_t>(parts[2])
                                         : std::optional{account.memory_mbytes};
    const auto runs = parts.size() > 3 ? parse_number<std::int64_t>(parts[3])
                                       : std::optional{account.max_runs};
    if (!memory || !runs)
      return fmt::format("--user: memory and runs of `{}` must be numbers",
                         text);
    account.memory_mbytes = *memory;
    account.max_runs = *runs;
    flags.options.accounts.push_back(std::move(account));
  }
  return {};
}

/// @returns what is wrong with `--scripted-actor`, or "".
std::string read_scripted(emulate_flags& flags) {
  for (const auto& text : flags.scripted) {
    const auto parts = split(text, ':');
    auto actor = emulator::scripted_actor_options{parts[0]};
    const auto memory = parts.size() > 1
                          ? parse_number<std::int64_t>(parts[1])
                          : std::optional{actor.default_memory_mbytes};
    if (parts.size() > 2 || parts[0].empty() || !memory)
      return fmt::format("--scripted-actor: `{}` is not like NAME[:MEMORY_MB]",
                         text);
    actor.default_memory_mbytes = *memory;
    flags.options.scripted_actors.push_back(std::move(actor));
  }
  return {};
}

/// Turns the flags into options. @returns what is wrong with them, or "".
std::string read_options(emulate_flags& flags) {
  using std::chrono::milliseconds;
  auto& options = flags.options;
  options.actors = flags.actors;
  options.data = flags.data;
  options.duration = milliseconds{flags.duration_ms};
  options.start_delay = milliseconds{flags.start_delay_ms};
  options.release_lag = milliseconds{flags.release_lag_ms};
  options.item_count_lag = milliseconds{flags.item_count_lag_ms};
  options.rate_limits = !flags.no_rate_limits;
  options.user_agent = !flags.no_user_agent;
  options.user_agent_in_lists = !flags.no_user_agent_in_list;
  auto problem = read_listen(flags);
  if (problem.empty())
    problem = read_users(flags);
  return problem.empty() ? read_scripted(flags) : problem;
}

int emulate(emulate_flags& flags) {
  if (const auto problem = read_options(flags); !problem.empty())
    return fail(problem);
  // Before any thread starts, so that all of them leave signals to it.
  interrupts stop;
  emulator::emulator platform{flags.options};
  if (const auto error = platform.start())
    return fail(platform.problem());
  if (!platform.problem().empty())
    fmt::print(stderr, "{}", platform.problem());
  fmt::print("emulating the Apify platform on {} (token: {})\n"
             "listening on {}\n",
             platform.base_url(), platform.token(), platform.base_url());
  std::fflush(stdout);
  stop.wait();
  platform.stop();
  return all_succeeded;
}

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
    ->check(CLI::NonNegativeNumber)
    ->group(group);
  command
    .add_option("--items", flags.options.items,
                "How many items scripted runs push unless their input says it.")
    ->type_name("N")
    ->capture_default_str()
    ->check(CLI::NonNegativeNumber)
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
    ->check(CLI::NonNegativeNumber)
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

void add_emulate(CLI::App& app, command_action& action) {
  auto* command = app.add_subcommand(
    "emulate", "Emulate the Apify platform on this machine: rehearse plans and "
               "test clients\nfor nothing, with scripted runs or real "
               "programs.");
  // The callbacks of CLI11 refer to it.
  const auto flags = std::make_shared<emulate_flags>();
  command
    ->add_option("--listen", flags->listen,
                 "Address and port; port 0 is any that is free.")
    ->type_name("ADDRESS:PORT")
    ->capture_default_str();
  add_actor_flags(*command, *flags);
  add_account_flags(*command, *flags);
  add_behaviour_flags(*command, *flags);
  command->footer(footer);
  command->callback(
    [flags, &action] { action = [flags] { return emulate(*flags); }; });
}

} // namespace orc::app
