// What the bus is told, as JSON.

#include "messages/bus/facts.hpp"
#include "messages/bus/micro.hpp"
#include "messages/bus/status.hpp"
#include "messages/json/codec.hpp"

namespace orc {

template std::string to_json(const bus_event&);
template std::string to_json(const command_outcome&);
template std::string to_json(const bus_status&);
template std::string to_json(const micro_ping&);
template std::string to_json(const micro_info&);
template std::string to_json(const micro_stats&);

} // namespace orc
