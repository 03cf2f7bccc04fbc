#pragma once

#include "tests/persistence/store_client.hpp"

namespace orc::test {

/// What every store promises about lists, totals and batches of runs.
void check_reading(store_client& store);

} // namespace orc::test
