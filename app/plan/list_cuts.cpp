#include "app/plan/list_cuts.hpp"

#include "actors/splitter/splitter.hpp"
#include "app/items/lone_platform.hpp"
#include "app/plan/list_error.hpp"
#include "app/split/list_source.hpp"
#include "embedding/ask.hpp"

#include <caf/actor_system.hpp>

namespace orc::app {

namespace {

caf::expected<list_cut> cut(lone_platform& platform, const plan_list& list,
                            std::uint64_t reserved_bytes) {
  auto job = split_job::make(list.what.request, reserved_bytes);
  if (!job)
    return std::move(job.error());
  auto& system = platform.system();
  auto source = open_list_source(system, list.file, list.what, platform.api());
  if (!source)
    return std::move(source.error());
  auto cutter
    = splitter_actor{system.spawn(splitter, *job, splitter_parts{*source, {}})};
  auto answer = ask<split_result>(system, cutter, cut_items{true});
  if (!answer)
    return std::move(answer.error());
  list_cut result{list.what.request.run, {}};
  result.names.reserve(answer->parts.size());
  for (auto& part : answer->parts)
    result.names.push_back(std::move(part.name));
  return result;
}

} // namespace

caf::expected<std::vector<list_cut>>
cut_lists(const plan& source, const config& options) {
  std::vector<list_cut> result;
  if (source.lists().empty())
    return result;
  auto reserved
    = options.fixed_input.size() + source.fixed_input().view().size();
  lone_platform platform{options};
  for (const auto& list : source.lists()) {
    auto x = cut(platform, list, reserved);
    if (!x)
      return about_list(list, x.error());
    result.push_back(std::move(*x));
  }
  return result;
}

} // namespace orc::app
