#include "app/pool/task_house.hpp"

#include "actors/schedule/schedules.hpp"
#include "actors/task/tasks.hpp"
#include "app/config/listen_address.hpp"
#include "app/pool/worker_url.hpp"
#include "app/service/system_settings.hpp"
#include "embedding/shutdown.hpp"
#include "persistence/sqlite/directory_lock.hpp"
#include "persistence/sqlite/task_store.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/server/api_server.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace orc::app {

struct task_house::impl {
  caf::error open(const config& options, bool makes_tasks) {
    auto held = sqlite::directory_lock::acquire(options.data);
    if (!held)
      return held.error();
    lock.emplace(std::move(*held));
    auto opened = open_task_store(system, options.data);
    if (!opened)
      return opened.error();
    store = *opened;
    tasks = system.spawn(orc::tasks, store, tasks_config{options.tasks.lease});
    if (makes_tasks)
      schedules = system.spawn(orc::schedules, schedules_config{},
                               schedules_parts{store, tasks, {}});
    return listen(options);
  }

  caf::error listen(const config& options) {
    auto address = parse_listen_address(options.listen);
    if (!address)
      return address.error();
    api_server_options wanted;
    wanted.address = address->host;
    wanted.port = address->port;
    wanted.crew_mount = options.tasks.mount;
    wanted.group_age = std::chrono::hours{24 * options.tasks.keep_groups_days};
    if (!options.api_token.empty())
      wanted.tokens.push_back(options.api_token);
    if (auto err = wanted.validate())
      return err;
    api_parts parts;
    parts.tasks = tasks;
    parts.task_store = store;
    parts.schedules = schedules;
    server.emplace(system, runtime, wanted, std::move(parts));
    if (auto failed = server->listen())
      return make_error(ec::bad_config,
                        fmt::format("cannot listen on {}: {}", options.listen,
                                    failed.message()));
    url = worker_url({wanted.address, server->port()});
    return {};
  }

  ~impl() {
    if (server)
      server->stop();
    shut_down(system, {caf::actor_cast<caf::actor>(schedules),
                       caf::actor_cast<caf::actor>(tasks)});
    shut_down(system, {caf::actor_cast<caf::actor>(store)});
    runtime.stop();
  }

  system_settings settings;
  std::optional<sqlite::directory_lock> lock;
  io_runtime runtime;
  caf::actor_system system{settings};
  task_store_actor store;
  tasks_actor tasks;
  schedules_actor schedules;
  std::optional<api_server> server;
  std::string url;
};

task_house::task_house(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

task_house::~task_house() = default;

caf::expected<std::unique_ptr<task_house>>
task_house::open(const config& options, bool makes_tasks) {
  auto result = std::make_unique<impl>();
  if (auto err = result->open(options, makes_tasks))
    return err;
  return std::unique_ptr<task_house>{new task_house{std::move(result)}};
}

caf::actor_system& task_house::system() noexcept {
  return impl_->system;
}

const tasks_actor& task_house::tasks() const noexcept {
  return impl_->tasks;
}

const schedules_actor& task_house::schedules() const noexcept {
  return impl_->schedules;
}

const std::string& task_house::url() const noexcept {
  return impl_->url;
}

} // namespace orc::app
