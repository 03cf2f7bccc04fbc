#include "emulator/process/restart_limit.hpp"
#include "emulator/process/usage_meter.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;
using namespace std::chrono_literals;

TEST_CASE("a run is restarted at most three times in a minute") {
  restart_limit limit;
  restart_limit::clock::time_point start{};
  CHECK(limit.allow(start));
  CHECK(limit.allow(start + 10s));
  CHECK(limit.allow(start + 20s));
  CHECK_FALSE(limit.allow(start + 30s));
  CHECK(limit.allow(start + 60s));
}

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
