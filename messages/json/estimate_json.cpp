#include "messages/estimate.hpp"
#include "messages/json/codec.hpp"

namespace orc {

template std::string to_json(const plan_estimate&);

} // namespace orc
