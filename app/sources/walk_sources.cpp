#include "app/sources/walk_sources.hpp"

#include "messages/walk/page_reader.hpp"
#include "transport/sources/file_pages.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace orc::app {

namespace {

using opened_pages = caf::expected<std::unique_ptr<page_reader>>;
using page_opener = std::function<opened_pages()>;

/// Reads where that blocks. Opens what it reads when the first page is asked
/// for, so that what is not there yet may come.
walk_source_actor::behavior_type
blocking_source(walk_source_actor::pointer, page_opener open) {
  auto pages = std::make_shared<std::unique_ptr<page_reader>>();
  return {[=](const read_walk_page& x) -> caf::result<walk_page> {
    if (x.size == 0)
      return make_error(ec::bad_field, "pageSize: must be 1 at least");
    if (!*pages) {
      auto opened = open();
      if (!opened)
        return std::move(opened.error());
      *pages = std::move(*opened);
    }
    auto page = (*pages)->read(x);
    if (page)
      return std::move(*page);
    // What was opened may be what is wrong: a file that was replaced since.
    pages->reset();
    return std::move(page.error());
  }};
}

class opener {
public:
  explicit opener(walk_sources_actor::pointer self) : self_{self} {
    // nop
  }

  caf::result<walk_source_actor> open(const walk_source& x) {
    if (auto err = check(x))
      return err;
    switch (x.kind) {
      case source_kind::ndjson:
      case source_kind::csv:
      case source_kind::json:
        return blocking([x] { return open_file_pages(x); });
      default:
        return make_error(ec::bad_field,
                          "source.kind: the page processor fetches its pages "
                          "itself");
    }
  }

private:
  walk_source_actor blocking(page_opener open) {
    return self_->spawn<caf::detached>(blocking_source, std::move(open));
  }

  walk_sources_actor::pointer self_;
};

} // namespace

walk_sources_actor::behavior_type
walk_sources(walk_sources_actor::pointer self) {
  return {[sources = opener{self}](const open_walk_source& x) mutable {
    return sources.open(x.source);
  }};
}

} // namespace orc::app
