#include "app/plan/list_work.hpp"

#include "actors/splitter/splitter.hpp"
#include "app/plan/list_error.hpp"
#include "app/plan/plan_work.hpp"
#include "app/service/service.hpp"
#include "app/split/list_source.hpp"
#include "app/split/split_work.hpp"
#include "embedding/ask.hpp"

#include <caf/actor_system.hpp>

#include <utility>

namespace orc::app {

caf::expected<std::unique_ptr<list_work>>
list_work::open(service& host, const plan& source,
                std::uint64_t reserved_bytes) {
  auto result = std::make_unique<list_work>();
  result->fixed_input_ = source.fixed_input();
  reserved_bytes += source.fixed_input().view().size();
  result->add(std::make_unique<plan_work>(source));
  if (!source.lists().empty() && !host.store().splits)
    return make_error(ec::bad_config, "splits: this store has no place for how "
                                      "lists are cut; take --data");
  for (const auto& list : source.lists())
    if (auto err = result->add(host, list, reserved_bytes))
      return about_list(list, err);
  return result;
}

void list_work::add(std::unique_ptr<work> part) {
  const auto& names = part->names();
  names_.insert(names_.end(), names.begin(), names.end());
  parts_.push_back(std::move(part));
}

caf::error list_work::add(service& host, const plan_list& list,
                          std::uint64_t reserved_bytes) {
  auto job = split_job::make(list.what.request, reserved_bytes);
  if (!job)
    return std::move(job.error());
  auto& system = host.system();
  auto source
    = open_list_source(system, list.file, list.what, host.platform().api);
  if (!source)
    return std::move(source.error());
  auto cutter = splitter_actor{
    system.spawn(splitter, *job, splitter_parts{*source, host.store().splits})};
  auto cut = ask<split_result>(system, cutter, cut_items{});
  if (!cut)
    return std::move(cut.error());
  add(std::make_unique<split_work>(system, cutter, list.what.request.run.space,
                                   *cut));
  return {};
}

caf::expected<std::vector<run_request>> list_work::next() {
  while (current_ < parts_.size()) {
    auto runs = parts_[current_]->next();
    if (!runs || !runs->empty())
      return runs;
    ++current_;
  }
  return std::vector<run_request>{};
}

} // namespace orc::app
