#include "emulator/process/usage_meter.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;
using namespace std::chrono_literals;

TEST_CASE("the use of memory and processor is averaged") {
  usage_meter::clock::time_point start{};
  usage_meter meter{start};

  meter.add({100, 500ms}, start + 1s);
  meter.add({300, 700ms}, start + 2s);

  auto usage = meter.usage();
  CHECK(usage.memory_average_bytes == Approx(200));
  CHECK(usage.memory_max_bytes == Approx(300));
  CHECK(usage.cpu_current == Approx(20));
  CHECK(usage.cpu_average == Approx(35));
  CHECK(usage.cpu_max == Approx(50));
}

TEST_CASE("another process starts its processor time from nothing") {
  usage_meter::clock::time_point start{};
  usage_meter meter{start};
  meter.add({100, 900ms}, start + 1s);

  meter.restart(start + 1s);
  meter.add({100, 100ms}, start + 2s);

  CHECK(meter.usage().cpu_current == Approx(10));
}
