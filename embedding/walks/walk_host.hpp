#pragma once

#include "embedding/options.hpp"
#include "messages/orchestrator.hpp"
#include "messages/reader.hpp"
#include "messages/task/tasks.hpp"
#include "messages/walk/walks.hpp"

#include <caf/expected.hpp>

#include <memory>

namespace orc::http {
class client;
} // namespace orc::http

namespace orc {

/// Whom batches that walk data sets work with. Any of it may be nobody: sources
/// and processors of that kind then say what is missing.
struct walk_host_parts {
  std::shared_ptr<http::client> client;
  readings_actor readings;
  apify_storage_actor storage;
  tasks_actor tasks;
  orchestrator_actor orchestrator;
};

/// The batches of an orchestrator that walk data sets, wired together: their
/// store, their sources, their processors.
class walk_host {
public:
  /// @param place where the orchestrator keeps all else.
  /// @returns `ec::bad_config` if there is no place for them, or why
  ///          `batches.db` cannot be opened.
  [[nodiscard]] static caf::expected<std::unique_ptr<walk_host>>
  open(caf::actor_system& system, const walks_options& options,
       const store_choice& place, walk_host_parts parts);

  /// Lets pages that are being done end, if that does not take long.
  ~walk_host();

  walk_host(const walk_host&) = delete;
  walk_host& operator=(const walk_host&) = delete;

  const walks_actor& walks() const noexcept;

private:
  struct impl;
  explicit walk_host(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

} // namespace orc
