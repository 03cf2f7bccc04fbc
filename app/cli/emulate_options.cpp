#include "app/cli/emulate_flags.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

namespace orc::app {

namespace {

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

} // namespace

std::string read_options(emulate_flags& flags) {
  using std::chrono::milliseconds;
  if (!flags.actors.empty() && !std::filesystem::is_directory(flags.actors))
    return fmt::format("--actors: {} is no folder", flags.actors);
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

} // namespace orc::app
