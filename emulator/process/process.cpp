#include "emulator/process/process.hpp"

#include "emulator/process/process_tree.hpp"
#include "transport/asio/runtime.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace orc::emulator {

/// The thread waits and reads; everything else, the reaping too, happens on the
/// runtime, so that `pid` names this process for as long as it is used.
struct process::impl : std::enable_shared_from_this<process::impl> {
  impl(io_runtime& io, spawned program, process_callbacks cbs,
       std::size_t max_bytes)
    : runtime(io), child(std::move(program)), callbacks(std::move(cbs)),
      bytes_left(max_bytes) {
    // nop
  }

  void signal_group(int number) const {
    if (alive)
      ::kill(-child.pid, number);
  }

  /// Collects what is left of a process that ended.
  void reap() {
    if (!std::exchange(alive, false))
      return;
    orc::reap(child);
  }

  // -- on the thread ----------------------------------------------------------

  void watch() {
    while (!wait_for_end())
      read_output();
    auto exit = exit_of(child);
    // What outlived its leader would hold the output open.
    ::kill(-child.pid, SIGKILL);
    read_output();
    runtime.post([weak = weak_from_this(), exit] {
      if (auto self = weak.lock())
        self->finish(exit);
    });
  }

  /// @returns whether the process ended; false if there is output.
  bool wait_for_end() const {
    std::array<pollfd, 2> fds{pollfd{child.pidfd.get(), POLLIN, 0},
                              pollfd{child.output.get(), POLLIN, 0}};
    while (poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR)
      continue;
    return fds[0].revents != 0;
  }

  void read_output() {
    std::array<char, 65536> buffer;
    for (;;) {
      auto n = read(child.output.get(), buffer.data(), buffer.size());
      if (n > 0)
        pass_on({buffer.data(), static_cast<std::size_t>(n)});
      else if (n == 0)
        return child.output.reset();
      else if (errno != EINTR)
        return;
    }
  }

  void pass_on(std::string_view bytes) {
    bytes = bytes.substr(0, bytes_left);
    bytes_left -= bytes.size();
    if (bytes.empty())
      return;
    runtime.post(
      [weak = weak_from_this(), text = std::string{bytes}]() mutable {
        if (auto self = weak.lock(); self && self->callbacks.on_output)
          self->callbacks.on_output(std::move(text));
      });
  }

  // -- on the runtime
  // ----------------------------------------------------------

  void finish(process_exit exit) {
    reap();
    if (auto on_exit = std::exchange(callbacks.on_exit, nullptr))
      on_exit(exit);
  }

  io_runtime& runtime;
  spawned child;
  process_callbacks callbacks;
  std::size_t bytes_left;
  bool alive = true;
  std::thread thread;
};

std::variant<std::unique_ptr<process>, process_error>
process::start(io_runtime& runtime, const process_options& options,
               process_callbacks callbacks) {
  spawn_options wanted;
  wanted.command = options.command;
  wanted.directory = options.working_directory.string();
  wanted.environment = options.environment;
  auto result = spawn(wanted);
  if (auto* error = std::get_if<process_error>(&result))
    return std::move(*error);
  auto state
    = std::make_shared<impl>(runtime, std::move(std::get<spawned>(result)),
                             std::move(callbacks), options.max_output_bytes);
  state->thread = std::thread{[raw = state.get()] { raw->watch(); }};
  return std::unique_ptr<process>{new process(std::move(state))};
}

process::process(std::shared_ptr<impl> state) : impl_(std::move(state)) {
  // nop
}

process::~process() {
  impl_->callbacks = {};
  kill();
  impl_->thread.join();
  impl_->reap();
}

void process::terminate() {
  impl_->signal_group(SIGTERM);
}

void process::kill() {
  impl_->signal_group(SIGKILL);
}

process_usage process::usage() const {
  return impl_->alive ? tree_usage(impl_->child.pid) : process_usage{};
}

} // namespace orc::emulator
