#include "persistence/memory/bus_book.hpp"

namespace orc {

known_command bus_book::begin(const begin_command& x) {
  auto [known, is_new] = commands_.try_emplace(x.id);
  if (!is_new)
    return known->second.known;
  known->second = {{command_state::begun, 0, {}}, x.at};
  return {};
}

void bus_book::end(const end_command& x) {
  auto known = commands_.find(x.id);
  if (known == commands_.end())
    return;
  auto state = x.failed ? command_state::failed : command_state::done;
  known->second.known = {state, x.status, x.answer};
}

void bus_book::forget(const forget_command& x) {
  auto known = commands_.find(x.id);
  if (known != commands_.end()
      && known->second.known.state == command_state::begun)
    commands_.erase(known);
}

void bus_book::prune(const prune_commands& x) {
  std::erase_if(commands_,
                [&](const auto& y) { return y.second.at < x.before; });
}

} // namespace orc
