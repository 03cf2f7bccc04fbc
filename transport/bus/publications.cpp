#include "transport/bus/publications.hpp"

#include "messages/base/error.hpp"

#include <utility>

namespace orc::bus {

void publications::add(std::uint64_t id, promise waiting,
                       clock::time_point deadline) {
  promises_.emplace(id, std::move(waiting));
  deadlines_.push_back({id, deadline});
}

std::optional<publications::promise> publications::take(std::uint64_t id) {
  auto found = promises_.extract(id);
  if (found.empty())
    return std::nullopt;
  return std::move(found.mapped());
}

void publications::fail_late(clock::time_point now) {
  while (!deadlines_.empty()
         && (deadlines_.front().deadline <= now
             || !promises_.contains(deadlines_.front().id))) {
    if (auto late = take(deadlines_.front().id))
      late->deliver(make_error(ec::answer_lost, "the stream does not answer"));
    deadlines_.pop_front();
  }
}

void publications::fail_all(const std::string& why) {
  for (auto& [id, waiting] : std::exchange(promises_, {}))
    waiting.deliver(make_error(ec::answer_lost, why));
  deadlines_.clear();
}

} // namespace orc::bus
