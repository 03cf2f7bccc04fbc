#pragma once

#include "actors/walk/walk.hpp"
#include "actors/walk/walks_self.hpp"

#include <functional>
#include <memory>

namespace orc {

/// Opens all that a batch needs: its source, and who does its pages, its last
/// step and is told how it stands. Belongs to WALKS.
class walk_opener {
public:
  using opened = std::function<void(caf::expected<walk_parts>)>;

  explicit walk_opener(walks_self::pointer self) : self_{self} {
    // nop
  }

  void work_with(walk_store_actor store, walk_sources_actor sources,
                 page_processors_actor processors);

  /// Opens all of it, or nothing.
  void open(const walk_spec& spec, opened f);

  /// Opens all but the source, or nothing.
  void open_processors(const walk_spec& spec, opened f);

  void close(const walk_parts& parts);

private:
  void open_next(std::shared_ptr<walk_spec> spec, walk_parts parts, opened f);

  walks_self::pointer self_;
  walk_store_actor store_;
  walk_sources_actor sources_;
  page_processors_actor processors_;
};

} // namespace orc
