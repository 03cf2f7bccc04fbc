#include "transport/server/metrics.hpp"

#include "transport/server/health_metrics.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace orc::server {

namespace {

using labels = std::initializer_list<std::pair<const char*, std::string_view>>;

/// Writes the text format of Prometheus.
class exposition {
public:
  explicit exposition(std::string& out) : out_{out} {
    // nop
  }

  void family(const char* name, const char* type, const char* help) {
    name_ = name;
    fmt::format_to(std::back_inserter(out_), "# HELP {} {}\n# TYPE {} {}\n",
                   name, help, name, type);
  }

  template <class T>
  void sample(labels where, T value) {
    out_ += name_;
    auto separator = '{';
    for (const auto& [name, text] : where) {
      fmt::format_to(std::back_inserter(out_), "{}{}=\"{}\"", separator, name,
                     escape(text));
      separator = ',';
    }
    fmt::format_to(std::back_inserter(out_), "{} {}\n",
                   where.size() > 0 ? "}" : "", value);
  }

private:
  static std::string escape(std::string_view text) {
    std::string result;
    for (auto c : text) {
      if (c == '"' || c == '\\')
        result += '\\';
      result += c == '\n' ? ' ' : c;
    }
    return result;
  }

  std::string& out_;
  const char* name_ = "";
};

constexpr std::uint64_t bytes_per_mebibyte = 1 << 20;

std::uint64_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& x) {
    return static_cast<double>(x.tv_sec) + static_cast<double>(x.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void render_process(exposition& out, const report& x) {
  out.family("orchestrator_build_info", "gauge", "Version that runs.");
  out.sample({{"version", ORC_VERSION}}, 1);
  out.family("orchestrator_uptime_seconds", "gauge", "Since the start.");
  out.sample({}, x.uptime_secs);
  out.family("process_resident_memory_bytes", "gauge", "Memory in use.");
  out.sample({}, resident_bytes());
  out.family("process_cpu_seconds_total", "counter", "CPU time used.");
  out.sample({}, cpu_seconds());
}

void render_runs(exposition& out, const run_totals& x) {
  out.family("orchestrator_runs", "gauge", "Runs by state.");
  for (auto name : enum_names<run_state>::values) {
    auto found = x.states.find(std::string{name});
    out.sample({{"state", name}},
               found != x.states.end() ? found->second : std::uint64_t{0});
  }
  out.family("orchestrator_final_runs", "gauge", "Final runs by status.");
  for (const auto& [name, count] : x.statuses)
    out.sample({{"status", name}}, count);
  out.family("orchestrator_items", "gauge", "Items of final runs.");
  out.sample({}, x.item_count);
  out.family("orchestrator_usage_usd", "gauge", "Cost of all runs in USD.");
  out.sample({}, x.usage_total_usd);
}

/// Writes a family with one sample an account.
template <class F>
void per_account(exposition& out, const report& x, const char* name,
                 const char* type, const char* help, F value) {
  out.family(name, type, help);
  for (const auto& account : x.accounts)
    out.sample({{"account", account.name}}, value(account));
}

void render_accounts(exposition& out, const report& x) {
  out.family("orchestrator_account_memory_limit_bytes", "gauge",
             "What all runs of the account may use.");
  for (const auto& account : x.accounts)
    if (account.memory_limit)
      out.sample({{"account", account.name}},
                 account.memory_limit->count * bytes_per_mebibyte);
  per_account(out, x, "orchestrator_account_memory_held_bytes", "gauge",
              "Held by our runs.", [](const auto& account) {
                return account.memory_held.count * bytes_per_mebibyte;
              });
  per_account(out, x, "orchestrator_account_memory_others_bytes", "gauge",
              "Used by others.", [](const auto& account) {
                return account.memory_others.count * bytes_per_mebibyte;
              });
  per_account(out, x, "orchestrator_account_runs_live", "gauge",
              "Our runs, starting or running.",
              [](const auto& account) { return account.runs_live; });
  per_account(out, x, "orchestrator_account_runs_queued", "gauge",
              "Our runs that wait.",
              [](const auto& account) { return account.runs_queued; });
}

void render_budgets(exposition& out, const report& x) {
  auto write
    = [&](const char* name, const char* help, double budget_view::*value) {
        out.family(name, "gauge", help);
        for (const auto& budget : x.budgets)
          out.sample({{"budget", budget.name}}, budget.*value);
      };
  write("orchestrator_budget_cap_usd", "Most to be spent.",
        &budget_view::cap_usd);
  write("orchestrator_budget_spent_usd", "Spent in this period.",
        &budget_view::spent_usd);
  write("orchestrator_budget_reserved_usd",
        "Kept for runs whose cost is not known yet.",
        &budget_view::reserved_usd);
}

void render_calls(exposition& out, const report& x) {
  out.family("orchestrator_api_calls_total", "counter",
             "Requests to the platform.");
  for (const auto& account : x.accounts)
    for (const auto& [kind, count] : account.calls.calls)
      out.sample({{"account", account.name}, {"kind", kind}}, count);
  per_account(out, x, "orchestrator_api_repeats_total", "counter",
              "Requests that were repeats.",
              [](const auto& account) { return account.calls.repeats; });
  per_account(out, x, "orchestrator_api_rate_limited_total", "counter",
              "Answers 429.",
              [](const auto& account) { return account.calls.rate_limited; });
  per_account(out, x, "orchestrator_api_lost_answers_total", "counter",
              "Requests without a complete answer.",
              [](const auto& account) { return account.calls.lost_answers; });
  per_account(out, x, "orchestrator_api_server_errors_total", "counter",
              "Answers 5xx.",
              [](const auto& account) { return account.calls.server_errors; });
}

/// Writes a family with one sample a webhook.
template <class F>
void per_hook(exposition& out, const hook_views& x, const char* name,
              const char* type, const char* help, F value) {
  out.family(name, type, help);
  for (const auto& hook : x.items)
    out.sample({{"webhook", hook.name}}, value(hook));
}

void render_hooks(exposition& out, const hook_views& x) {
  if (x.items.empty())
    return;
  per_hook(out, x, "orchestrator_webhook_pending", "gauge",
           "Deliveries to come.", [](const auto& y) { return y.pending; });
  per_hook(out, x, "orchestrator_webhook_dead", "gauge", "Deliveries given up.",
           [](const auto& y) { return y.dead; });
  per_hook(out, x, "orchestrator_webhook_up", "gauge",
           "Whether its last attempt succeeded.", [](const auto& y) {
             return y.state == hook_health::active ? 1 : 0;
           });
  per_hook(out, x, "orchestrator_webhook_delivered_total", "counter",
           "Deliveries that succeeded.",
           [](const auto& y) { return y.delivered; });
  per_hook(out, x, "orchestrator_webhook_failed_attempts_total", "counter",
           "Attempts that failed.",
           [](const auto& y) { return y.failed_attempts; });
  per_hook(out, x, "orchestrator_webhook_dropped_total", "counter",
           "Deliveries dropped since there were too many.",
           [](const auto& y) { return y.dropped; });
}

} // namespace

void render_health(std::string& out, const health& x) {
  exposition to{out};
  to.family("orchestrator_ready", "gauge", "Whether it is ready.");
  to.sample({}, x.ready ? 1 : 0);
  to.family("orchestrator_store_writable", "gauge",
            "Whether a write to the store was made durable.");
  to.sample({}, x.store.writable ? 1 : 0);
  to.family("orchestrator_store_size_bytes", "gauge", "Database of the runs.");
  to.sample({}, x.store.size_bytes);
  to.family("orchestrator_store_write_seconds", "gauge",
            "How long that write took.");
  to.sample({}, x.store.write_secs);
  to.family("orchestrator_platform_reachable", "gauge",
            "Whether the platform answers.");
  for (const auto& y : x.platform)
    if (y.reachable)
      to.sample({{"account", y.account}}, *y.reachable ? 1 : 0);
}

void render_bus(std::string& out, const bus_status& x) {
  exposition to{out};
  auto one = [&](const char* name, const char* type, const char* help,
                 std::uint64_t value) {
    to.family(name, type, help);
    to.sample({}, value);
  };
  one("orchestrator_bus_connected", "gauge", "Whether the bus is connected.",
      x.connected ? 1 : 0);
  one("orchestrator_bus_has_streams", "gauge",
      "Whether durable commands come in and facts go out.",
      x.has_streams ? 1 : 0);
  one("orchestrator_bus_connects_total", "counter",
      "Connections that were made.", x.connects);
  to.family("orchestrator_bus_messages_total", "counter",
            "From and to the bus.");
  to.sample({{"direction", "in"}}, x.messages_in);
  to.sample({{"direction", "out"}}, x.messages_out);
  one("orchestrator_bus_requests_total", "counter", "Requests over the bus.",
      x.requests);
  one("orchestrator_bus_requests_refused_total", "counter",
      "Requests beyond max_requests.", x.requests_refused);
  to.family("orchestrator_bus_commands_total", "counter",
            "Durable commands by what became of them.");
  to.sample({{"end", "done"}}, x.commands_done);
  to.sample({{"end", "parked"}}, x.commands_parked);
  to.sample({{"end", "postponed"}}, x.commands_postponed);
  one("orchestrator_bus_redelivered_total", "counter",
      "Durable commands that came again.", x.commands_redelivered);
  one("orchestrator_bus_commands_in_hand", "gauge",
      "Durable commands that are worked on.", x.commands_in_hand);
  one("orchestrator_bus_events_published_total", "counter",
      "Facts that a stream has taken.", x.events_published);
  one("orchestrator_bus_events_owed", "gauge",
      "Facts in the store that the bus does not have.", x.events_owed);
  one("orchestrator_bus_events_dropped_total", "counter",
      "Facts beyond max_backlog.", x.events_dropped);
}

namespace {

/// Clients may make up as many methods as they like: each would be a sample for
/// ever.
std::string_view known_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> known{
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  auto i = std::find(known.begin(), known.end(), method);
  return i != known.end() ? *i : "other";
}

} // namespace

void request_counters::count(std::string_view method, std::string_view route,
                             int status) {
  ++counts_[{std::string{known_method(method)}, std::string{route}, status}];
}

void request_counters::render(std::string& out) const {
  exposition to{out};
  to.family("orchestrator_http_requests_total", "counter",
            "Requests of the HTTP API that were answered.");
  for (const auto& [key, count] : counts_) {
    const auto& [method, route, status] = key;
    to.sample({{"method", method},
               {"route", route},
               {"status", std::to_string(status)}},
              count);
  }
}

std::string render_metrics(const report& x, const hook_views& hooks,
                           const request_counters& requests) {
  std::string result;
  exposition out{result};
  render_process(out, x);
  render_runs(out, x.totals);
  render_accounts(out, x);
  render_budgets(out, x);
  render_calls(out, x);
  render_hooks(out, hooks);
  requests.render(result);
  return result;
}

} // namespace orc::server
