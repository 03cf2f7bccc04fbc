#pragma once

#include "messages/apify_storage.hpp"
#include "messages/reader.hpp"
#include "messages/walk/page_source.hpp"

#include <memory>

namespace orc::http {
class client;
} // namespace orc::http

namespace orc {

/// What sources need. Any of it may be nobody: sources of that kind then say
/// what is missing.
struct walk_sources_parts {
  /// For HTTP APIs.
  std::shared_ptr<http::client> client;
  /// For datasets and runs.
  readings_actor readings;
  apify_storage_actor storage;
};

/// Starts WALK SOURCES. Files and databases each get a thread of their own for
/// as long as they are open.
walk_sources_actor::behavior_type
walk_sources(walk_sources_actor::pointer self, walk_sources_parts parts);

} // namespace orc
