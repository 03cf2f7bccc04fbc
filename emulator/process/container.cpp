#include "emulator/process/container.hpp"

#include "emulator/api/clock.hpp"
#include "emulator/api/json.hpp"
#include "emulator/process/log_stamper.hpp"
#include "emulator/process/run_events.hpp"
#include "transport/asio/runtime.hpp"

#include <thread>
#include <utility>

namespace orc::emulator {

namespace {

using clock = std::chrono::steady_clock;

/// What will happen when the process ends.
enum class phase { running, migrating, rebooting, aborting, killed, ended };

/// The emulator throttles nobody, so that only a machine that has no more to
/// give is overloaded.
bool is_overloaded(double cpu) {
  return cpu > 90.0 * std::thread::hardware_concurrency();
}

std::string system_info(const container_usage& x) {
  json_writer out;
  out.object()
    .member("memAvgBytes", x.memory_average_bytes)
    .member("memCurrentBytes", x.memory_current_bytes)
    .member("memMaxBytes", x.memory_max_bytes)
    .member("cpuAvgUsage", x.cpu_average)
    .member("cpuMaxUsage", x.cpu_max)
    .member("cpuCurrentUsage", x.cpu_current)
    .member("isCpuOverloaded", is_overloaded(x.cpu_current))
    .member("createdAt", to_iso(now()));
  return out.end_object().take();
}

std::string describe(const std::vector<std::string>& command) {
  std::string result;
  for (const auto& word : command)
    result += (result.empty() ? "" : " ") + word;
  return result;
}

} // namespace

struct container::impl : std::enable_shared_from_this<container::impl> {
  impl(io_runtime& io, container_options opts, container_callbacks cbs)
    : runtime(io), options(std::move(opts)), callbacks(std::move(cbs)),
      log(options.max_log_chars), grace(io), sampler(io) {
    if (options.run.web_server_port == 0)
      options.run.web_server_port = free_port();
    url = "http://127.0.0.1:" + std::to_string(options.run.web_server_port);
  }

  // -- the program
  // -------------------------------------------------------------

  std::optional<process_error> start() {
    if (auto missing = missing_packages(options.actor); !missing.empty())
      return process_error{options.actor.name + ": " + missing};
    process_options wanted{options.actor.command, options.actor.path,
                           platform_environment(options.run, options.actor),
                           options.max_log_chars};
    say("ACTOR: Starting " + describe(wanted.command) + ".\n");
    auto started = process::start(runtime, wanted, process_events());
    if (auto* error = std::get_if<process_error>(&started))
      return std::move(*error);
    program = std::get<std::unique_ptr<process>>(std::move(started));
    now_is = phase::running;
    meter.restart(clock::now());
    sample_later();
    return std::nullopt;
  }

  process_callbacks process_events() {
    auto weak = weak_from_this();
    process_callbacks result;
    result.on_output = [weak](const std::string& text) {
      if (auto self = weak.lock())
        self->say(text);
    };
    result.on_exit = [weak](process_exit exit) {
      if (auto self = weak.lock())
        self->ended(exit);
    };
    return result;
  }

  void say(std::string_view text) {
    pass_on(log.add(text, now()));
  }

  void pass_on(std::string lines) const {
    if (!lines.empty() && callbacks.on_log)
      callbacks.on_log(std::move(lines));
  }

  // -- its end
  // -----------------------------------------------------------------

  void ended(process_exit exit) {
    pass_on(log.finish());
    events.close();
    grace.cancel();
    sampler.cancel();
    program.reset();
    auto reason = why_restart(exit);
    return reason ? restart(*reason) : finish(exit);
  }

  std::optional<restart_reason> why_restart(process_exit exit) const {
    if (now_is == phase::rebooting)
      return restart_reason::reboot;
    // A program that ends well during a migration has ended.
    if (now_is == phase::migrating && !exit.ok())
      return restart_reason::migration;
    return std::nullopt;
  }

  void restart(restart_reason reason) {
    if (callbacks.on_restart)
      callbacks.on_restart(reason);
    if (auto error = start()) {
      say("ACTOR: " + error->message + ".\n");
      finish({127, 0});
    }
  }

  void finish(process_exit exit) {
    now_is = phase::ended;
    if (auto on_exit = std::exchange(callbacks.on_exit, nullptr))
      on_exit(exit);
  }

  void kill(phase next) {
    if (!program)
      return;
    now_is = next;
    program->kill();
  }

  void reboot() {
    // The SDKs reboot when they have saved their state: the migration is over.
    if (now_is == phase::migrating)
      kill(phase::migrating);
    else if (now_is == phase::running)
      kill(phase::rebooting);
  }

  // -- events
  // ------------------------------------------------------------------

  void kill_after(std::chrono::milliseconds delay) {
    grace.start(delay, [weak = weak_from_this()] {
      if (auto self = weak.lock(); self && self->program)
        self->program->kill();
    });
  }

  void migrate() {
    if (now_is != phase::running)
      return;
    now_is = phase::migrating;
    std::chrono::duration<double> seconds = options.migration_grace;
    json_writer data;
    data.object().member("timeRemainingSecs", seconds.count()).end_object();
    say("ACTOR: Migrating to another machine.\n");
    events.send("migrating", data.str());
    kill_after(options.migration_grace);
  }

  void abort_gracefully() {
    if (now_is == phase::aborting || now_is == phase::ended)
      return;
    now_is = phase::aborting;
    events.send("aborting", "{}");
    events.send("persistState", R"({"isMigrating":false})");
    kill_after(options.abort_grace);
  }

  void sample_later() {
    sampler.start(options.system_info_interval, [weak = weak_from_this()] {
      if (auto self = weak.lock(); self && self->program)
        self->sample();
    });
  }

  void sample() {
    meter.add(program->usage(), clock::now());
    auto overloaded = is_overloaded(meter.usage().cpu_current);
    events.send("systemInfo", system_info(meter.usage()));
    events.send("cpuInfo", overloaded ? R"({"isCpuOverloaded":true})"
                                      : R"({"isCpuOverloaded":false})");
    sample_later();
  }

  io_runtime& runtime;
  container_options options;
  container_callbacks callbacks;
  std::string url;
  std::unique_ptr<process> program;
  phase now_is = phase::running;
  run_events events;
  log_stamper log;
  usage_meter meter{clock::now()};
  io_timer grace;
  io_timer sampler;
};

container::container(io_runtime& runtime, container_options options,
                     container_callbacks callbacks)
  : impl_(
    std::make_shared<impl>(runtime, std::move(options), std::move(callbacks))) {
  // nop
}

container::~container() {
  impl_->callbacks = {};
  impl_->program.reset();
}

std::optional<process_error> container::start() {
  return impl_->start();
}

void container::migrate() {
  impl_->migrate();
}

void container::reboot() {
  impl_->reboot();
}

void container::abort_gracefully() {
  impl_->abort_gracefully();
}

void container::kill() {
  impl_->kill(phase::killed);
}

void container::connect_events(const http::exchange_ptr& exchange) {
  impl_->events.connect(exchange);
}

container_usage container::usage() const {
  return impl_->meter.usage();
}

const std::string& container::url() const noexcept {
  return impl_->url;
}

} // namespace orc::emulator
