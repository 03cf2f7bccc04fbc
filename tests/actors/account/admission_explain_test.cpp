#include "actors/account/admission.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::literals;

namespace {

constexpr timestamp midday{1'000'000};

/// An account with 8 GiB and 4 run slots.
class fixture {
public:
  explicit fixture() {
    account_limits x;
    x.max_memory = 8192_MiB;
    x.max_runs = 4;
    subject.limits_known(x);
  }

  queued_run enqueue(std::uint64_t key, std::optional<mebibytes> memory) {
    queued_run x;
    x.key = {key};
    x.space = "default";
    x.target = {"apify/web-scraper", false};
    x.memory = memory;
    subject.enqueue(x);
    return x;
  }

  void admit() {
    while (subject.next(midday)) {
    }
  }

  std::string explain(const queued_run& x) {
    return subject.explain(x, midday);
  }

  admission subject{admission_rules{.account = "main"}, 1};
};

} // namespace

TEST_CASE("a run waits for limits that are not known") {
  auto subject = admission{admission_rules{.account = "main"}, 1};
  queued_run x;
  subject.enqueue(x);
  CHECK(subject.explain(x, midday)
        == "limits of account main are not known yet");
}

TEST_CASE_METHOD(fixture, "a run waits for memory") {
  enqueue(1, 4096_MiB);
  enqueue(2, 2048_MiB);
  admit();
  auto x = enqueue(3, 4096_MiB);
  CHECK(explain(x) == "account main has 2048 MiB free, run needs 4096");
}

TEST_CASE("a run waits for a platform that refused its like") {
  auto subject = admission{admission_rules{.account = "main"}, 1};
  subject.limits_unknown();
  queued_run x;
  x.target = {"apify/web-scraper", false};
  x.memory = 1024_MiB;
  subject.enqueue(x);
  REQUIRE(subject.next(midday) == x.key);
  run_returned back;
  back.run = x;
  back.why = ec::memory_refused;
  subject.returned(back, midday);
  CHECK(subject.explain(x, midday)
        == "the platform refused a start of account main just now, next try at "
           "1970-01-01T00:16:40.250Z");
}

TEST_CASE_METHOD(fixture, "a run waits for a run slot, behind others") {
  for (std::uint64_t key = 1; key <= 6; ++key)
    enqueue(key, 128_MiB);
  admit();
  auto x = enqueue(7, 128_MiB);
  CHECK(explain(x)
        == "account main runs 4 of 4, behind 2 runs of higher priority or age");
}

TEST_CASE_METHOD(fixture, "a run waits for its next attempt") {
  auto x = enqueue(1, 128_MiB);
  x.not_before = midday + std::chrono::milliseconds{2'000};
  CHECK(explain(x)
        == "waits for its next attempt until 1970-01-01T00:16:42.000Z");
}

TEST_CASE_METHOD(fixture, "a run waits for the default memory of its target") {
  auto x = enqueue(1, std::nullopt);
  CHECK(explain(x)
        == "the default memory of apify/web-scraper is not known yet");
}

TEST_CASE_METHOD(fixture, "a run waits for the back-off of its target") {
  auto x = enqueue(1, 128_MiB);
  admit();
  subject.returned({x, ec::rate_limited}, midday);
  CHECK_THAT(explain(x), Catch::StartsWith("back-off of apify/web-scraper "
                                           "until 1970-01-01T00:16:4"));
}

TEST_CASE_METHOD(fixture, "a run waits after an unforeseen refusal") {
  auto x = enqueue(1, 128_MiB);
  admit();
  subject.returned({x, ec::memory_refused}, midday);
  CHECK(explain(x)
        == "the platform refused a start of account main just now, next try at "
           "1970-01-01T00:16:40.250Z");
}

TEST_CASE_METHOD(fixture, "a run waits until the platform can be reached") {
  auto x = enqueue(1, 128_MiB);
  admit();
  subject.returned({x, ec::not_sent}, midday);
  CHECK(explain(x)
        == "the platform cannot be reached, next try at "
           "1970-01-01T00:16:40.250Z");
}
