#include "actors/account/admission.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::literals;

namespace {

using keys = std::vector<std::uint64_t>;

/// The admission of an account with 8 GiB and 32 run slots, and a clock.
class fixture {
public:
  fixture() {
    know_limits(8192_MiB);
  }

  void know_limits(mebibytes max, mebibytes used = {}) {
    account_limits x;
    x.max_memory = max;
    x.used_memory = used;
    x.max_runs = 32;
    subject.limits_asked(now);
    subject.limits_known(x);
  }

  static queued_run queued(std::uint64_t key, std::optional<mebibytes> memory) {
    queued_run x;
    x.key = {key};
    x.space = "default";
    x.target = {"apify/web-scraper", false};
    x.memory = memory;
    return x;
  }

  void enqueue(std::uint64_t key, std::optional<mebibytes> memory) {
    subject.enqueue(queued(key, memory));
  }

  void enqueue_many(std::uint64_t from, std::uint64_t count, mebibytes memory) {
    for (auto key = from; key < from + count; ++key)
      enqueue(key, memory);
  }

  keys admit() {
    keys result;
    while (auto key = subject.next(now))
      result.push_back(key->value);
    return result;
  }

  void start(std::uint64_t key, mebibytes memory) {
    subject.started({{key}, memory}, now);
  }

  void give_back(std::uint64_t key, mebibytes memory, ec why) {
    subject.returned({queued(key, memory), why}, now);
  }

  void pass(std::int64_t millis) {
    now = now + std::chrono::milliseconds{millis};
  }

  timestamp now{1'000'000};
  admission subject{admission_rules{.account = "main"}, 1};
};

} // namespace

TEST_CASE_METHOD(fixture, "all runs start that fit, in one go") {
  enqueue_many(1, 10, 1024_MiB);
  CHECK(admit() == keys{1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(subject.queued() == 2);
}

TEST_CASE_METHOD(fixture, "the end of a run makes room at once") {
  enqueue_many(1, 10, 1024_MiB);
  admit();
  start(3, 1024_MiB);
  CHECK(admit().empty());
  subject.ended({3}, now);
  CHECK(admit() == keys{9});
}

TEST_CASE_METHOD(fixture,
                 "a small run may pass a large one that does not fit") {
  enqueue(1, 4096_MiB);
  enqueue(2, 8192_MiB);
  enqueue(3, 1024_MiB);
  CHECK(admit() == keys{1, 3});
}

TEST_CASE_METHOD(fixture, "after a while room is kept for the large run") {
  enqueue(1, 4096_MiB);
  enqueue(2, 8192_MiB);
  enqueue(3, 1024_MiB);
  admit();
  pass(29'999);
  enqueue(4, 1024_MiB);
  CHECK(admit() == keys{4});
  pass(1);
  enqueue(5, 1024_MiB);
  CHECK(admit().empty());
  for (auto key : keys{1, 3, 4})
    subject.ended({key}, now);
  CHECK(admit() == keys{2});
}

TEST_CASE_METHOD(fixture, "room is not kept where others are in the way") {
  know_limits(8192_MiB, 2048_MiB);
  enqueue(1, 8192_MiB);
  enqueue(2, 1024_MiB);
  CHECK(admit() == keys{2});
  pass(60'000);
  enqueue(3, 1024_MiB);
  CHECK(admit() == keys{3});
}

TEST_CASE_METHOD(fixture, "a run that never fits is refused, others go on") {
  enqueue(1, 16384_MiB);
  enqueue(2, 1024_MiB);
  auto refused = subject.next_hopeless();
  REQUIRE(refused);
  CHECK(refused->key == run_key{1});
  CHECK(refused->why == ec::memory_exceeds_account);
  CHECK(refused->message
        == "the run needs 16384 MiB, account main has 8192 MiB in all");
  CHECK(!subject.next_hopeless());
  CHECK(admit() == keys{2});
}

TEST_CASE_METHOD(fixture, "limits that shrink refuse what waits already") {
  enqueue(1, 8192_MiB);
  CHECK(!subject.next_hopeless());
  know_limits(4096_MiB);
  CHECK(subject.next_hopeless());
}

TEST_CASE_METHOD(fixture,
                 "a run without memory waits for its target's default") {
  enqueue(1, std::nullopt);
  enqueue(2, std::nullopt);
  CHECK(subject.take_questions().size() == 1);
  CHECK(admit().empty());
  subject.target_known({"apify/web-scraper", false},
                       target_defaults{4096_MiB, "id", ""});
  CHECK(admit() == keys{1, 2});
  CHECK(subject.books().memory().held() == 8192);
  CHECK(subject.take_questions().empty());
}

TEST_CASE_METHOD(fixture, "an unknown default is assumed, then learned") {
  enqueue(1, std::nullopt);
  subject.target_known({"apify/web-scraper", false}, std::nullopt);
  admit();
  CHECK(subject.books().memory().held() == 1024);
  start(1, 2048_MiB);
  enqueue(2, std::nullopt);
  admit();
  CHECK(subject.books().memory().held() == 4096);
}

TEST_CASE_METHOD(fixture, "not too many starts of one target are under way") {
  know_limits(1'000'000_MiB);
  account_limits many{1'000'000_MiB, {}, 1000, 0, {}, {}};
  subject.limits_known(many);
  enqueue_many(1, 100, 128_MiB);
  CHECK(admit().size() == 64);
  start(1, 128_MiB);
  CHECK(admit() == keys{65});
}

TEST_CASE_METHOD(fixture, "a refused run waits first in line for a moment") {
  enqueue_many(1, 3, 1024_MiB);
  admit();
  enqueue(4, 1024_MiB);
  give_back(2, 1024_MiB, ec::memory_refused);
  CHECK(admit().empty());
  CHECK(subject.retry_at() == now + std::chrono::milliseconds{250});
  pass(250);
  CHECK(admit() == keys{2, 4});
}

TEST_CASE_METHOD(fixture, "a rate limit of one target stops no other") {
  enqueue_many(1, 2, 1024_MiB);
  admit();
  give_back(1, 1024_MiB, ec::rate_limited);
  auto other = queued(3, 1024_MiB);
  other.target.id = "apify/hello-world";
  subject.enqueue(other);
  CHECK(admit() == keys{3});
  REQUIRE(subject.retry_at());
  now = *subject.retry_at();
  CHECK(admit() == keys{1});
}

TEST_CASE_METHOD(fixture, "nothing starts while the platform is out of reach") {
  enqueue_many(1, 2, 1024_MiB);
  admit();
  give_back(1, 1024_MiB, ec::not_sent);
  give_back(2, 1024_MiB, ec::not_sent);
  CHECK(admit().empty());
  CHECK(subject.retry_at() == now + std::chrono::milliseconds{250});
  pass(250);
  CHECK(admit() == keys{1, 2});
}

TEST_CASE_METHOD(fixture, "the next attempt of a run waits for its time") {
  enqueue(1, 8192_MiB);
  admit();
  start(1, 8192_MiB);
  auto again = queued(1, 8192_MiB);
  again.not_before = now + std::chrono::milliseconds{2000};
  subject.returned({again, ec::none}, now);
  CHECK(subject.books().memory().held() == 0);
  CHECK(admit().empty());
  CHECK(subject.retry_at() == again.not_before);
  pass(2000);
  CHECK(admit() == keys{1});
}

TEST_CASE_METHOD(fixture, "runs that live already hold what they have") {
  run_record record;
  record.key = {1};
  record.view.state = run_state::running;
  record.view.memory = 4096_MiB;
  subject.resume(record);
  CHECK(subject.books().memory().held() == 4096);
  CHECK(subject.books().starting() == 0);
}

TEST_CASE_METHOD(fixture, "a cancelled run does not start") {
  enqueue_many(1, 2, 1024_MiB);
  CHECK(subject.cancel({1}));
  CHECK(!subject.cancel({1}));
  CHECK(admit() == keys{2});
}
