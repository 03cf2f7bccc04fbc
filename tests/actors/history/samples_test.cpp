#include "actors/history/samples.hpp"

#include <catch2/catch.hpp>

using namespace orc;

namespace {

const auto shop = run_target{"me/shop", false};

target_sample sample(double secs, std::optional<double> usd) {
  target_sample x;
  x.target = shop;
  x.secs = secs;
  x.usd = usd;
  return x;
}

} // namespace

TEST_CASE("an Apify actor that never ran has no history") {
  CHECK(samples{}.of(shop).runs == 0);
}

TEST_CASE("nine of ten do not exceed the 90th percentile") {
  samples kept;
  for (int i = 1; i <= 10; ++i)
    kept.add(sample(i, 0.1 * i));
  auto history = kept.of(shop);
  CHECK(history.runs == 10);
  CHECK(history.mean_secs == Approx(5.5));
  CHECK(history.p90_secs == Approx(9));
  CHECK(history.mean_usd == Approx(0.55));
  CHECK(history.p90_usd == Approx(0.9));
}

TEST_CASE("a run whose cost nobody knows counts for the time alone") {
  samples kept;
  kept.add(sample(10, std::nullopt));
  kept.add(sample(20, 0.5));
  auto history = kept.of(shop);
  CHECK(history.runs == 2);
  CHECK(history.priced_runs == 1);
  CHECK(history.mean_usd == Approx(0.5));
}

TEST_CASE("only the newest 200 are remembered") {
  samples kept;
  for (int i = 0; i < 200; ++i)
    kept.add(sample(1, 1));
  for (int i = 0; i < 200; ++i)
    kept.add(sample(2, 2));
  CHECK(kept.of(shop).runs == 200);
  CHECK(kept.of(shop).mean_secs == Approx(2));
}

TEST_CASE("an Apify task of the same id is another target") {
  samples kept;
  kept.add(sample(1, 1));
  CHECK(kept.of({"me/shop", true}).runs == 0);
}
