#include "transport/process/worker_keeper.hpp"

#include "messages/base/error.hpp"
#include "messages/base/log.hpp"
#include "transport/process/event_loop.hpp"
#include "transport/process/pid_file.hpp"
#include "transport/process/process_tree.hpp"
#include "transport/process/spawn.hpp"
#include "transport/process/worker_group.hpp"
#include "transport/process/worker_sweep.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <csignal>
#include <poll.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace orc {

namespace {

constexpr logger log{"pool"};

using namespace std::chrono_literals;
using clock = event_loop::clock;

std::string beginning_of(const std::string& worker) {
  return fmt::format("{}={}", worker_variable, worker);
}

/// A process that we have started.
struct child {
  spawned process;
  /// "": a hook.
  std::string worker;
  std::filesystem::path file;
  worker_group group;
  std::chrono::milliseconds grace{0};
  bool was_stopped = false;
  bool timed_out = false;
  std::optional<clock::time_point> terminate_at;
  std::optional<clock::time_point> kill_at;
  std::function<void(process_exit, const child&)> on_exit;
};

} // namespace

struct worker_keeper::impl {
  explicit impl(const std::filesystem::path& where)
    : data{where}, folder{worker_folder(where)}, loop{[this] {
        return look_around();
      }} {
    // What workers leave behind becomes our child, so that we can reap it.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  }

  // -- starting ---------------------------------------------------------------

  spawn_options plan(const start_worker& x, const child& is) const {
    std::vector<std::pair<std::string, std::string>> variables;
    for (const auto& [name, value] : x.variables)
      variables.emplace_back(name, value.reveal());
    variables.emplace_back(worker_variable, is.worker);
    spawn_options result;
    result.command = x.command;
    result.environment = our_environment(variables);
    result.output = process_output::our_errors;
    result.groups = is.group.files();
    if (x.limits.memory && !is.group.limits_memory())
      result.address_space = x.limits.memory->count << 20;
    return result;
  }

  child prepare(const start_worker& x, timestamp began) {
    auto number = free_worker_number(folder, x.type);
    child is;
    is.worker = worker_id(data, x.type, number, began);
    is.file = worker_path(folder, x.type, number);
    is.grace = x.grace;
    is.group = worker_group{x.limits,
                            cgroup_name(::getpid(), std::to_string(++groups))};
    return is;
  }

  caf::expected<worker_started>
  start(const start_worker& x, worker_keeper::exit_callback on_exit) {
    auto began = now();
    auto is = prepare(x, began);
    auto begun = spawn(plan(x, is));
    if (const auto* problem = std::get_if<process_error>(&begun)) {
      is.group.remove();
      return make_error(ec::bad_config,
                        "cannot start a worker: " + problem->message);
    }
    is.process = std::move(std::get<spawned>(begun));
    auto pid = is.process.pid;
    auto unsaved = write_pid_file(is.file, {pid, x.type, x.filter, began});
    auto result = worker_started{is.worker, pid, began};
    if (!unsaved)
      is.on_exit
        = [on_exit = std::move(on_exit)](process_exit how, const child& one) {
            on_exit({one.worker, how.code.value_or(how.signal), !how.code,
                     one.was_stopped});
          };
    else
      is.kill_at = clock::now();
    keep(std::move(is));
    if (unsaved)
      return unsaved;
    return result;
  }

  void keep(child x) {
    loop.watch(x.process.pidfd.get());
    children.push_back(std::move(x));
  }

  void run(const run_hook& x, std::function<void(hook_ended)> then) {
    spawn_options options;
    options.command = x.command;
    options.environment = our_environment(x.variables);
    options.output = process_output::our_errors;
    auto begun = spawn(options);
    if (const auto* problem = std::get_if<process_error>(&begun))
      return then({problem->message});
    child is;
    is.process = std::move(std::get<spawned>(begun));
    is.terminate_at = clock::now() + x.timeout;
    is.grace = 1s;
    is.on_exit = [then = std::move(then)](process_exit how, const child& one) {
      then({how.ok()        ? ""
            : one.timed_out ? "timed out"
            : how.code      ? fmt::format("exit code {}", *how.code)
                            : fmt::format("killed by signal {}", how.signal)});
    };
    keep(std::move(is));
  }

  // -- ending -----------------------------------------------------------------

  bool stop(const stop_worker& x) {
    auto is = std::find_if(children.begin(), children.end(),
                           [&](const auto& y) { return y.worker == x.worker; });
    if (is == children.end())
      return false;
    if (x.after_its_task)
      ::kill(is->process.pid, SIGUSR1);
    else
      terminate(*is);
    return true;
  }

  static void terminate(child& x) {
    if (std::exchange(x.was_stopped, true))
      return;
    ::kill(-x.process.pid, SIGTERM);
    x.kill_at = clock::now() + x.grace;
  }

  /// @returns when somebody's time is over.
  std::optional<clock::time_point> look_around() {
    for (std::size_t i = 0; i < children.size();)
      if (has_ended(children[i].process))
        bury(i);
      else
        ++i;
    std::optional<clock::time_point> next;
    for (auto& x : children) {
      hurry(x);
      for (const auto& time : {x.terminate_at, x.kill_at})
        if (time && (!next || *time < *next))
          next = time;
    }
    return next;
  }

  static void hurry(child& x) {
    auto is_due = [](std::optional<clock::time_point>& time) {
      if (!time || *time > clock::now())
        return false;
      time.reset();
      return true;
    };
    if (is_due(x.terminate_at)) {
      x.timed_out = true;
      terminate(x);
    }
    if (is_due(x.kill_at))
      ::kill(-x.process.pid, SIGKILL);
  }

  void bury(std::size_t index) {
    auto x = std::move(children[index]);
    children.erase(children.begin() + static_cast<std::ptrdiff_t>(index));
    auto how = exit_of(x.process);
    // Before it is reaped: until then nobody else can have its number.
    ::kill(-x.process.pid, SIGKILL);
    if (!x.worker.empty())
      end_processes(find_marked(beginning_of(x.worker)));
    reap(x.process);
    reap_strays();
    if (auto kills = x.group.memory_kills(); kills > 0)
      log.warn("out-of-memory",
               "worker={} killed={} hint=\"it, with all that it starts, needs "
               "more than its memory_mbytes\"",
               x.worker, kills);
    x.group.remove();
    std::error_code problem;
    if (!x.file.empty())
      std::filesystem::remove(x.file, problem);
    if (x.on_exit)
      x.on_exit(how, x);
  }

  void kill_all() {
    for (auto& x : children) {
      x.on_exit = nullptr;
      ::kill(-x.process.pid, SIGKILL);
    }
    while (!children.empty()) {
      pollfd file{children.front().process.pidfd.get(), POLLIN, 0};
      ::poll(&file, 1, -1);
      bury(0);
    }
  }

  std::filesystem::path data;
  std::filesystem::path folder;
  std::vector<child> children;
  std::uint64_t groups = 0;
  /// Last: its thread works with all others.
  event_loop loop;
};

worker_keeper::worker_keeper(const std::filesystem::path& data)
  : impl_{std::make_unique<impl>(data)} {
  // nop
}

worker_keeper::~worker_keeper() {
  impl_->loop.post([this] { impl_->kill_all(); });
}

void worker_keeper::start(
  start_worker x, std::function<void(caf::expected<worker_started>)> then,
  exit_callback on_exit) {
  impl_->loop.post(
    [this, x = std::move(x), then = std::move(then),
     on_exit = std::move(on_exit)] { then(impl_->start(x, on_exit)); });
}

void worker_keeper::stop(stop_worker x, std::function<void(bool)> then) {
  impl_->loop.post(
    [this, x = std::move(x), then = std::move(then)] { then(impl_->stop(x)); });
}

void worker_keeper::run(run_hook x, std::function<void(hook_ended)> then) {
  impl_->loop.post(
    [this, x = std::move(x), then = std::move(then)] { impl_->run(x, then); });
}

void worker_keeper::sweep(std::function<void(swept_workers)> then) {
  impl_->loop.post(
    [this, then = std::move(then)] { then(sweep_away(impl_->data)); });
}

} // namespace orc
