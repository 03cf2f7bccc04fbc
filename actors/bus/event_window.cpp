#include "actors/bus/event_window.hpp"

#include "actors/bus/facts.hpp"

#include <utility>

namespace orc {

event_window::event_window(std::size_t max_in_flight)
  : max_in_flight_{max_in_flight} {
  // nop
}

bool event_window::is_hungry() const {
  return !loading_ && more_in_store_ && entries_.size() < size / 2;
}

void event_window::loading() {
  loading_ = true;
  more_in_store_ = false;
}

std::vector<std::uint64_t> event_window::loaded(const delivery_page& page) {
  loading_ = false;
  more_in_store_ = more_in_store_ || page.next_after.has_value();
  std::vector<std::uint64_t> strange;
  for (const auto& x : page.items) {
    last_ = x.id;
    auto route = route_of(x.event.view());
    if (!route) {
      strange.push_back(x.id);
      continue;
    }
    auto& line = entities_[route->entity];
    line.push_back(x.id);
    if (line.size() == 1)
      ready_.insert(x.id);
    entries_.emplace(x.id,
                     entry{{x.id, x.event_id, std::move(route->kind), x.event},
                           std::move(route->entity)});
  }
  return strange;
}

void event_window::load_failed() {
  loading_ = false;
  more_in_store_ = true;
}

void event_window::grew() {
  more_in_store_ = true;
}

std::optional<outgoing_event> event_window::next() {
  if (ready_.empty() || in_flight_ >= max_in_flight_)
    return std::nullopt;
  auto first = ready_.extract(ready_.begin()).value();
  ++in_flight_;
  return entries_.at(first).event;
}

void event_window::done(std::uint64_t id) {
  auto gone = entries_.extract(id);
  if (gone.empty())
    return;
  --in_flight_;
  auto line = entities_.find(gone.mapped().entity);
  line->second.pop_front();
  if (line->second.empty())
    entities_.erase(line);
  else
    ready_.insert(line->second.front());
}

void event_window::failed(std::uint64_t id) {
  if (!entries_.contains(id))
    return;
  --in_flight_;
  ready_.insert(id);
}

} // namespace orc
