#include "emulator/platform/program_execution.hpp"

#include "emulator/platform/run_logs.hpp"

#include <utility>

namespace orc::emulator {

namespace {

run_environment environment_of(const run& x, const std::string& api_url) {
  auto result = run_environment{};
  result.run_id = x.id;
  result.actor_id = x.actor->id;
  result.actor_name = x.actor->username + "/" + x.actor->name;
  result.task_id = x.task_id;
  result.build_id = x.build_id;
  result.build_number = x.build_number;
  result.build_tag = x.options.build;
  result.user_id = x.owner->id;
  result.token = x.owner->token;
  result.default_dataset_id = x.storages.dataset_id;
  result.default_key_value_store_id = x.storages.key_value_store_id;
  result.default_request_queue_id = x.storages.request_queue_id;
  result.input_key = x.input_key;
  result.memory_mbytes = static_cast<std::uint32_t>(x.options.memory_mbytes);
  result.started_at = to_iso(x.started_at);
  if (x.live->timeout)
    result.timeout_at = to_iso(x.live->timeout->first);
  result.max_total_charge_usd = x.options.max_total_charge_usd;
  if (x.options.max_items)
    result.max_items = static_cast<std::uint64_t>(*x.options.max_items);
  result.restart_on_error = x.options.restart_on_error;
  result.meta_origin = x.meta.origin;
  result.api_url = api_url;
  return result;
}

/// What a shell would say of the end of a process.
int exit_code_of(const process_exit& how) {
  return how.code.value_or(128 + how.signal);
}

} // namespace

program_execution::program_execution(run& which, io_runtime& runtime,

                                     const std::string& api_url,
                                     work_listener& listener) {
  auto options = container_options{};
  options.run = environment_of(which, api_url);
  options.actor = *which.actor->program;
  options.max_log_chars = run_logs::max_chars - which.log.size();
  auto callbacks = container_callbacks{};
  callbacks.on_log = [&which, &listener](std::string lines) {
    listener.on_log(which, std::move(lines));
  };
  callbacks.on_restart = [&which, &listener](restart_reason why) {
    listener.on_restart(which, why);
  };
  callbacks.on_exit = [&which, &listener](process_exit how) {
    listener.on_end(which, work_end{exit_code_of(how)});
  };
  container_ = std::make_unique<container>(runtime, std::move(options),
                                           std::move(callbacks));
}

std::string program_execution::start() {
  const auto problem = container_->start();
  return problem ? problem->message : std::string{};
}

void program_execution::abort_gracefully() {
  container_->abort_gracefully();
}

void program_execution::kill() {
  container_->kill();
}

void program_execution::migrate() {
  container_->migrate();
}

void program_execution::reboot() {
  container_->reboot();
}

void program_execution::connect_events(const http::exchange_ptr& exchange) {
  container_->connect_events(exchange);
}

std::string program_execution::url() const {
  return container_->url();
}

container_usage program_execution::usage() const {
  return container_->usage();
}

} // namespace orc::emulator
