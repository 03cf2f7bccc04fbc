#include "app/pool/task_visit.hpp"

#include "app/service/system_settings.hpp"
#include "embedding/ask.hpp"
#include "embedding/shutdown.hpp"
#include "messages/base/error.hpp"
#include "messages/base/log.hpp"
#include "transport/asio/runtime.hpp"
#include "transport/remote_tasks/remote_tasks.hpp"

#include <utility>

namespace orc::app {

namespace {

constexpr logger log{"pools"};

} // namespace

struct task_visit::impl {
  caf::error open(secret token) {
    if (!http::parse_url(url))
      return make_error(ec::bad_config,
                        "--api: must be a URL such as http://127.0.0.1:8484, "
                        "not "
                          + url);
    queue = caf::actor_cast<work_queue_actor>(system.spawn(
      remote_tasks, client, remote_service{url, std::move(token)}));
    auto answer = ask<channel_loads>(system, queue, get_loads{{"-"}});
    if (answer)
      return {};
    if (code_of(answer.error()) == ec::unauthorized
        || code_of(answer.error()) == ec::api_refused)
      return answer.error();
    log.warn("service-away", "error=\"{}\"", message_of(answer.error()));
    return {};
  }

  ~impl() {
    shut_down(system, {caf::actor_cast<caf::actor>(queue)});
    client->stop();
    runtime.stop();
  }

  system_settings settings;
  // First, so that it goes last: actors hold the client until they end.
  io_runtime runtime;
  caf::actor_system system{settings};
  std::shared_ptr<http::client> client
    = std::make_shared<http::client>(runtime, http::client_options{});
  std::string url;
  work_queue_actor queue;
};

task_visit::task_visit(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

task_visit::~task_visit() = default;

caf::expected<std::unique_ptr<task_visit>>
task_visit::open(std::string url, secret token) {
  while (url.ends_with('/'))
    url.pop_back();
  auto result = std::make_unique<impl>();
  result->url = std::move(url);
  if (auto err = result->open(std::move(token)))
    return err;
  return std::unique_ptr<task_visit>{new task_visit{std::move(result)}};
}

caf::actor_system& task_visit::system() noexcept {
  return impl_->system;
}

const work_queue_actor& task_visit::queue() const noexcept {
  return impl_->queue;
}

const std::string& task_visit::url() const noexcept {
  return impl_->url;
}

} // namespace orc::app
