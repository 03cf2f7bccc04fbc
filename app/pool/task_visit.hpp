#pragma once

#include "messages/base/secret.hpp"
#include "messages/pool/work_queue.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <memory>
#include <string>

namespace orc::app {

/// The tasks of a service that runs, here or elsewhere.
class task_visit {
public:
  /// @returns an error if the URL is none, or the service refuses the token. A
  ///          service that is away is waited for.
  [[nodiscard]] static caf::expected<std::unique_ptr<task_visit>>
  open(std::string url, secret token);

  ~task_visit();

  task_visit(const task_visit&) = delete;
  task_visit& operator=(const task_visit&) = delete;

  caf::actor_system& system() noexcept;
  const work_queue_actor& queue() const noexcept;
  const std::string& url() const noexcept;

private:
  struct impl;
  explicit task_visit(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc::app
