#include "embedding/walks/walk_sources.hpp"

#include "actors/reader/reader_pages.hpp"
#include "messages/walk/page_reader.hpp"
#include "persistence/sources/postgres_pages.hpp"
#include "persistence/sources/sqlite_pages.hpp"
#include "transport/sources/file_pages.hpp"
#include "transport/sources/http_source.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <memory>
#include <new>
#include <utility>

namespace orc {

namespace {

using opened_pages = caf::expected<std::unique_ptr<page_reader>>;
using page_opener = std::function<opened_pages()>;

/// Opens what is read when the first page is asked for, so that what is not
/// there yet may come; and again after an error, for what was opened may be
/// what is wrong: a file that was replaced since.
class blocking_pages {
public:
  explicit blocking_pages(page_opener open) : open_{std::move(open)} {
    // nop
  }

  caf::expected<walk_page> read(const read_walk_page& x) {
    if (x.size == 0)
      return make_error(ec::bad_field, "pageSize: must be 1 at least");
    auto page = try_to_read(x);
    if (!page)
      pages_.reset();
    return page;
  }

private:
  caf::expected<walk_page> try_to_read(const read_walk_page& x) try {
    if (!pages_) {
      auto opened = open_();
      if (!opened)
        return std::move(opened.error());
      pages_ = std::move(*opened);
    }
    return pages_->read(x);
  } catch (const std::bad_alloc&) {
    return make_page_error(ec::timed_out, "there is no memory for a page now");
  }

  page_opener open_;
  std::unique_ptr<page_reader> pages_;
};

walk_source_actor::behavior_type
blocking_source(walk_source_actor::pointer, page_opener open) {
  auto pages = std::make_shared<blocking_pages>(std::move(open));
  return {[=](const read_walk_page& x) -> caf::result<walk_page> {
    auto page = pages->read(x);
    if (!page)
      return std::move(page.error());
    return std::move(*page);
  }};
}

/// Fills in what a source takes from the environment.
caf::error read_environment(walk_source& x) {
  auto read = [](const std::string& name, std::string_view member,
                 secret& to) -> caf::error {
    const auto* value = std::getenv(name.c_str());
    if (!value || *value == '\0')
      return make_error(ec::bad_field,
                        fmt::format("source.{}: there is no {} in the "
                                    "environment",
                                    member, name));
    to = secret{value};
    return {};
  };
  if (!x.url_env.empty())
    if (auto err = read(x.url_env, "urlEnv", x.url))
      return err;
  for (const auto& [header, name] : x.headers_env)
    if (auto err = read(name, "headersEnv." + header, x.headers[header]))
      return err;
  return {};
}

class source_opener {
public:
  source_opener(walk_sources_actor::pointer self, walk_sources_parts parts)
    : self_{self}, parts_{std::move(parts)} {
    // nop
  }

  caf::result<walk_source_actor> open(walk_source x) {
    if (auto err = check(x))
      return err;
    if (auto err = read_environment(x))
      return err;
    switch (x.kind) {
      case source_kind::ndjson:
      case source_kind::csv:
      case source_kind::json:
        return blocking([x] { return open_file_pages(x); });
      case source_kind::sqlite:
        return blocking([x] { return open_sqlite_pages(x); });
      case source_kind::postgres:
        if (auto err = check_postgres_url(x.url))
          return err;
        return blocking([x] { return open_postgres_pages(x); });
      case source_kind::http:
        return open_http(x);
      case source_kind::dataset:
        return open_dataset(x);
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

  caf::result<walk_source_actor> open_http(const walk_source& x) {
    auto api = page_api::make(x);
    if (!api)
      return std::move(api.error());
    if (!parts_.client)
      return make_error(ec::bad_field, "source.kind: there is no network here");
    return walk_source_actor{
      self_->spawn(http_source, std::move(*api), parts_.client)};
  }

  caf::result<walk_source_actor> open_dataset(const walk_source& x) {
    if (!parts_.readings)
      return make_error(ec::bad_field,
                        "source.kind: there are no datasets here");
    return walk_source_actor{self_->spawn(
      reader_pages, x, reader_pages_parts{parts_.readings, parts_.storage})};
  }

  walk_sources_actor::pointer self_;
  walk_sources_parts parts_;
};

} // namespace

walk_sources_actor::behavior_type
walk_sources(walk_sources_actor::pointer self, walk_sources_parts parts) {
  return {
    [sources = source_opener{self, std::move(parts)}](
      const open_walk_source& x) mutable { return sources.open(x.source); }};
}

} // namespace orc
