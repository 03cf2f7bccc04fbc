#include "actors/walk/walk_opener.hpp"

#include <utility>

namespace orc {

void walk_opener::work_with(walk_store_actor store, walk_sources_actor sources,
                            page_processors_actor processors) {
  store_ = std::move(store);
  sources_ = std::move(sources);
  processors_ = std::move(processors);
}

void walk_opener::open(const walk_spec& spec, opened f) {
  auto shared = std::make_shared<walk_spec>(spec);
  walk_parts parts;
  parts.store = store_;
  if (spec.source.kind == source_kind::processor)
    return open_next(shared, parts, std::move(f));
  self_->request(sources_, caf::infinite, open_walk_source{spec.source})
    .then(
      [=, this](const walk_source_actor& source) {
        auto found = parts;
        found.source = source;
        open_next(shared, found, f);
      },
      [=](caf::error& err) { f(std::move(err)); });
}

void walk_opener::open_processors(const walk_spec& spec, opened f) {
  walk_parts parts;
  parts.store = store_;
  open_next(std::make_shared<walk_spec>(spec), std::move(parts), std::move(f));
}

void walk_opener::open_next(std::shared_ptr<walk_spec> spec, walk_parts parts,
                            opened f) {
  // The one that is still missing.
  const walk_processor* next = nullptr;
  page_processor_actor walk_parts::*place = nullptr;
  if (!parts.processor) {
    next = &spec->processor;
    place = &walk_parts::processor;
  } else if (spec->tracker && !parts.tracker) {
    next = &*spec->tracker;
    place = &walk_parts::tracker;
  } else if (spec->reduce && !parts.reducer) {
    next = &*spec->reduce;
    place = &walk_parts::reducer;
  }
  if (next == nullptr)
    return f(std::move(parts));
  // What comes after the pages may be done again.
  auto mode = next == &spec->processor ? spec->mode : retry_mode::at_least_once;
  self_
    ->request(processors_, caf::infinite,
              open_page_processor{spec->name, *next, mode})
    .then(
      [=, this](const page_processor_actor& x) {
        auto found = parts;
        found.*place = x;
        open_next(spec, found, f);
      },
      [=, this](caf::error& err) {
        close(parts);
        f(std::move(err));
      });
}

void walk_opener::close(const walk_parts& parts) {
  for (const auto& x : {parts.processor, parts.tracker, parts.reducer})
    if (x)
      self_->send_exit(x, caf::exit_reason::user_shutdown);
  if (parts.source)
    self_->send_exit(parts.source, caf::exit_reason::user_shutdown);
}

} // namespace orc
