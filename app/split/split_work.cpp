#include "app/split/split_work.hpp"

#include "embedding/ask.hpp"

namespace orc::app {

split_work::split_work(caf::actor_system& system, splitter_actor splitter,
                       const std::string& space, const split_result& cut)
  : system_{system}, splitter_{std::move(splitter)} {
  names_.reserve(cut.parts.size());
  for (const auto& part : cut.parts)
    names_.push_back({space, part.name});
}

caf::expected<std::vector<run_request>> split_work::next() {
  auto answer = ask<part_requests>(system_, splitter_, next_requests{});
  if (!answer)
    return std::move(answer.error());
  return std::move(answer->runs);
}

} // namespace orc::app
