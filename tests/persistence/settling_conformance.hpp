#pragma once

#include "tests/persistence/store_client.hpp"

namespace orc::test {

/// What every store promises about runs whose items and cost are preliminary.
void check_settling(store_client& store);

} // namespace orc::test
