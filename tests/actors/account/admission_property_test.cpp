#include "actors/account/admission.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <map>
#include <random>

using namespace orc;
using namespace orc::literals;

namespace {

/// A platform that starts what fits, refuses what does not, and ends runs by
/// chance, with others on the same account who come and go.
class simulation {
public:
  explicit simulation(std::uint32_t seed) : random_{seed} {
    tell_limits();
  }

  void step() {
    now_ = now_ + std::chrono::milliseconds{chance(200)};
    switch (chance(6)) {
      case 0:
        submit();
        break;
      case 1:
      case 2:
        answer_one();
        break;
      case 3:
      case 4:
        end_one();
        break;
      default:
        if (chance(10) == 0)
          tell_limits();
    }
    admit();
    check();
  }

  /// Lets all that waits run; fails if something waits for ever.
  void drain() {
    for (auto i = 0; i < 100'000 && done_ < submitted_; ++i) {
      now_ = now_ + std::chrono::milliseconds{100};
      answer_one();
      end_one();
      if (i % 50 == 0)
        tell_limits();
      admit();
      check();
    }
    CHECK(done_ == submitted_);
    CHECK(subject_.queued() == 0);
    CHECK(subject_.books().memory().held() == 0);
    CHECK(subject_.books().slots().held() == 0);
  }

private:
  static constexpr std::uint64_t max_memory = 8192;
  static constexpr std::uint64_t max_runs = 10;

  int chance(int below) {
    return static_cast<int>(random_() % static_cast<unsigned>(below));
  }

  void submit() {
    queued_run x;
    x.key = {++submitted_};
    x.space = chance(2) == 0 ? "a" : "b";
    x.target = {chance(2) == 0 ? "one" : "two", false};
    x.memory = mebibytes{128ull << chance(7)};
    x.priority = chance(2);
    waiting_[x.key] = x;
    subject_.enqueue(x);
  }

  void admit() {
    while (auto key = subject_.next(now_)) {
      auto node = waiting_.extract(*key);
      REQUIRE(!node.empty());
      starting_.insert(std::move(node));
    }
  }

  void answer_one() {
    if (starting_.empty())
      return;
    auto node = starting_.extract(starting_.begin());
    const auto& x = node.mapped();
    auto fate = chance(20);
    if (fate < 3) {
      static constexpr ec whys[]{ec::memory_refused, ec::rate_limited,
                                 ec::not_sent};
      subject_.returned({x, whys[fate]}, now_);
      waiting_.insert(std::move(node));
    } else {
      subject_.started({x.key, *x.memory}, now_);
      running_.insert(std::move(node));
    }
  }

  void end_one() {
    if (running_.empty())
      return;
    auto i = running_.begin();
    std::advance(i, chance(static_cast<int>(running_.size())));
    subject_.ended(i->first, now_);
    running_.erase(i);
    ++done_;
  }

  void tell_limits() {
    account_limits x;
    x.max_memory = {max_memory};
    x.max_runs = max_runs;
    x.used_memory = memory_of(running_);
    x.active_runs = running_.size();
    subject_.limits_asked(now_);
    subject_.limits_known(x);
  }

  using runs = std::map<run_key, queued_run>;

  static mebibytes memory_of(const runs& xs) {
    mebibytes result;
    for (const auto& [key, x] : xs)
      result = result + *x.memory;
    return result;
  }

  void check() {
    auto held = memory_of(running_) + memory_of(starting_);
    REQUIRE(held.count <= max_memory);
    REQUIRE(running_.size() + starting_.size() <= max_runs);
    REQUIRE(subject_.books().memory().held() == held.count);
    REQUIRE(subject_.queued() == waiting_.size());
  }

  std::mt19937 random_;
  timestamp now_{1'000'000};
  admission subject_{admission_rules{.account = "main"}, 1};
  std::uint64_t submitted_ = 0;
  std::uint64_t done_ = 0;
  runs waiting_;
  runs starting_;
  runs running_;
};

} // namespace

TEST_CASE("whatever happens, limits hold, books balance, nothing starves") {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    simulation x{seed};
    for (auto i = 0; i < 2'000; ++i)
      x.step();
    x.drain();
  }
}

TEST_CASE("a large run starts although small ones never cease to come") {
  auto subject = admission{admission_rules{.account = "main"}, 1};
  subject.limits_known(
    account_limits{8192_MiB, 0_MiB, 100, 0, std::nullopt, std::nullopt});
  auto now = timestamp{1'000'000};
  std::uint64_t key = 0;
  auto enqueue = [&](mebibytes memory) {
    queued_run x;
    x.key = {++key};
    x.target.id = "one";
    x.memory = memory;
    subject.enqueue(x);
  };
  for (auto i = 0; i < 9; ++i)
    enqueue(1024_MiB);
  std::map<run_key, timestamp> live;
  enqueue(8192_MiB);
  auto large = run_key{key};

  auto large_started = false;
  for (auto second = 0; second < 60 && !large_started; ++second) {
    now = now + std::chrono::milliseconds{1'000};
    enqueue(1024_MiB);
    while (auto next = subject.next(now)) {
      live[*next] = now;
      large_started = large_started || *next == large;
    }
    if (!live.empty()) {
      subject.ended(live.begin()->first, now);
      live.erase(live.begin());
    }
  }

  CHECK(large_started);
}

TEST_CASE("a million runs queue and start quickly", "[.bench]") {
  using clock = std::chrono::steady_clock;
  constexpr std::uint64_t count = 1'000'000;
  auto subject = admission{admission_rules{.account = "main"}, 1};
  subject.limits_known(
    account_limits{262'144_MiB, 0_MiB, 256, 0, std::nullopt, std::nullopt});
  auto now = timestamp{1'000'000};
  auto begin = clock::now();
  queued_run x;
  for (std::uint64_t key = 1; key <= count; ++key) {
    x.key = {key};
    x.space = key % 3 == 0 ? "a" : "b";
    x.target.id = key % 5 == 0 ? "one" : "two";
    x.memory = mebibytes{128ull << (key % 7)};
    subject.enqueue(x);
  }
  auto enqueued = clock::now();
  std::uint64_t started = 0;
  while (subject.queued() > 0)
    while (auto key = subject.next(now)) {
      subject.started({*key, 128_MiB}, now);
      subject.ended(*key, now);
      ++started;
    }
  auto seconds
    = [](auto d) { return std::chrono::duration<double>(d).count(); };
  WARN("enqueued in " << seconds(enqueued - begin) << " s, started in "
                      << seconds(clock::now() - enqueued) << " s");
  CHECK(started == count);
}
