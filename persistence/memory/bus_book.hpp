#pragma once

#include "messages/bus/bus_store.hpp"

#include <map>
#include <string>

namespace orc {

/// Durable commands of the bus, for the store that forgets.
class bus_book {
public:
  known_command begin(const begin_command& request);
  void end(const end_command& request);
  void forget(const forget_command& request);
  void prune(const prune_commands& request);

private:
  struct entry {
    known_command known;
    timestamp at;
  };

  std::map<std::string, entry> commands_;
};

} // namespace orc
