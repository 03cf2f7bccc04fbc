#include "actors/account/capacity.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::literals;

namespace {

constexpr timestamp at(std::int64_t millis) {
  return {1'000'000 + millis};
}

account_limits limits(mebibytes max, mebibytes used, std::uint64_t runs = 0) {
  account_limits x;
  x.max_memory = max;
  x.used_memory = used;
  x.max_runs = 25;
  x.active_runs = runs;
  return x;
}

/// Of an account with 8 GiB whose limits can be read.
capacity readable() {
  auto x = capacity{std::nullopt, std::nullopt};
  x.limits_asked(at(0));
  x.limits_known(limits(8192_MiB, 0_MiB));
  return x;
}

/// Of an account whose limits nobody tells.
capacity guessed() {
  auto x = capacity{std::nullopt, std::nullopt};
  x.limits_unknown();
  return x;
}

void run_some(capacity& x, std::uint64_t count, mebibytes each) {
  for (std::uint64_t key = 1; key <= count; ++key) {
    x.reserve({key}, each);
    x.confirm({key}, each, at(1));
  }
}

} // namespace

TEST_CASE("nothing fits before the limits are known") {
  auto x = capacity{std::nullopt, std::nullopt};
  CHECK(!x.fits(128_MiB, at(0)));
}

TEST_CASE("runs fit until the memory is used up") {
  auto x = readable();
  run_some(x, 7, 1024_MiB);
  CHECK(x.fits(1024_MiB, at(2)));
  CHECK(!x.fits(2048_MiB, at(2)));
  x.release({1}, at(3));
  CHECK(x.fits(2048_MiB, at(3)));
}

TEST_CASE("runs fit until the run slots are used up") {
  auto x = readable();
  run_some(x, 25, 128_MiB);
  CHECK(!x.fits(128_MiB, at(2)));
}

TEST_CASE("our own caps hold besides the limits") {
  auto x = capacity{2048_MiB, 2};
  x.limits_known(limits(8192_MiB, 4096_MiB));
  CHECK(x.memory().free() == 2048);
  run_some(x, 1, 1024_MiB);
  CHECK(!x.fits(2048_MiB, at(2)));
  CHECK(x.fits(1024_MiB, at(2)));
  x.reserve({2}, 128_MiB);
  CHECK(!x.fits(128_MiB, at(2)));
}

TEST_CASE("caps that change hold for what comes, not for what runs") {
  auto x = capacity{8192_MiB, 4};
  x.limits_known(limits(8192_MiB, 0_MiB));
  run_some(x, 3, 1024_MiB);
  CHECK(x.fits(1024_MiB, at(2)));
  x.change_caps(8192_MiB, 2);
  CHECK(!x.fits(1024_MiB, at(2)));
  CHECK(x.slots().held() == 3);
  x.release({1}, at(3));
  x.release({2}, at(3));
  CHECK(x.fits(1024_MiB, at(4)));
  x.change_caps(1536_MiB, std::nullopt);
  CHECK(!x.fits(1024_MiB, at(4)));
  x.change_caps(std::nullopt, std::nullopt);
  CHECK(x.fits(4096_MiB, at(4)));
}

TEST_CASE("what others use does not fit us") {
  auto x = capacity{std::nullopt, std::nullopt};
  x.limits_known(limits(8192_MiB, 6144_MiB, 3));
  CHECK(x.fits(2048_MiB, at(0)));
  CHECK(!x.fits(4096_MiB, at(0)));
  CHECK(x.slots().others() == 3);
}

TEST_CASE("a run that asks for less than it gets holds what it gets") {
  auto x = readable();
  x.reserve({1}, 1024_MiB);
  CHECK(x.confirm({1}, 4096_MiB, at(1)));
  CHECK(x.memory().held() == 4096);
  CHECK(!x.confirm({1}, 2048_MiB, at(2)));
  CHECK(x.memory().held() == 2048);
}

TEST_CASE("our own runs are not others'") {
  auto x = readable();
  run_some(x, 4, 1024_MiB);
  x.limits_asked(at(100));
  x.limits_known(limits(8192_MiB, 4096_MiB, 4));
  CHECK(x.memory().others() == 0);
  CHECK(x.slots().others() == 0);
}

TEST_CASE("a start under way counts once, whether the platform saw it or not") {
  auto counted = GENERATE(4096, 5120);
  auto x = readable();
  run_some(x, 4, 1024_MiB);
  x.limits_asked(at(100));
  x.reserve({9}, 1024_MiB);
  x.limits_known(limits(8192_MiB, {static_cast<std::uint64_t>(counted)}, 4));
  CHECK(x.memory().others() == 0);
  CHECK(x.memory().free() == 3072);
}

TEST_CASE("a run that just ended is not others', though still counted") {
  auto x = readable();
  run_some(x, 4, 1024_MiB);
  x.release({1}, at(90));
  x.limits_asked(at(100));
  x.limits_known(limits(8192_MiB, 4096_MiB, 4));
  CHECK(x.memory().others() == 0);
}

TEST_CASE("others are found between our own runs") {
  auto x = readable();
  run_some(x, 2, 1024_MiB);
  x.limits_asked(at(100));
  x.limits_known(limits(8192_MiB, 6144_MiB, 3));
  CHECK(x.memory().others() == 4096);
}

TEST_CASE("others are believed to be gone when two answers say so") {
  auto x = readable();
  run_some(x, 2, 1024_MiB);
  x.limits_asked(at(100));
  x.limits_known(limits(8192_MiB, 6144_MiB, 3));
  x.limits_asked(at(5100));
  x.limits_known(limits(8192_MiB, 2048_MiB, 2));
  CHECK(x.memory().others() == 4096);
  x.limits_asked(at(10100));
  x.limits_known(limits(8192_MiB, 2048_MiB, 2));
  CHECK(x.memory().others() == 0);
}

TEST_CASE("an unforeseen refusal holds back as large runs for a moment") {
  auto x = readable();
  x.refused_memory(2048_MiB, at(0));
  CHECK(!x.fits(2048_MiB, at(249)));
  CHECK(x.fits(1024_MiB, at(249)));
  CHECK(x.fits(2048_MiB, at(250)));
}

TEST_CASE("the end of a run ends the wait after a refusal") {
  auto x = readable();
  run_some(x, 1, 1024_MiB);
  x.refused_slot(at(10));
  CHECK(!x.fits(128_MiB, at(20)));
  x.release({1}, at(30));
  CHECK(x.fits(128_MiB, at(30)));
}

TEST_CASE("without limits everything is tried, few at first") {
  auto x = guessed();
  CHECK(x.fits(32768_MiB, at(0)));
  for (std::uint64_t key = 1; key <= 4; ++key) {
    CHECK(x.may_try_more());
    x.reserve({key}, 1024_MiB);
  }
  CHECK(!x.may_try_more());
  for (std::uint64_t key = 1; key <= 4; ++key)
    x.confirm({key}, 1024_MiB, at(1));
  CHECK(x.may_try_more());
}

TEST_CASE("a refusal teaches the limit") {
  auto x = guessed();
  run_some(x, 3, 1024_MiB);
  x.refused_memory(1024_MiB, at(2));
  CHECK(x.memory().limit() == 3072);
  CHECK(!x.fits(1024_MiB, at(3)));
  x.release({1}, at(4));
  CHECK(x.fits(1024_MiB, at(4)));
}

TEST_CASE("a learned limit is probed every ten seconds, by one run") {
  auto x = guessed();
  run_some(x, 3, 1024_MiB);
  x.refused_memory(1024_MiB, at(2));
  CHECK(!x.fits(512_MiB, at(10'001)));
  CHECK(x.fits(512_MiB, at(10'002)));
  x.reserve({9}, 512_MiB);
  CHECK(!x.fits(512_MiB, at(10'003)));
  x.confirm({9}, 512_MiB, at(10'004));
  CHECK(x.memory().limit() == 3584);
}

TEST_CASE("a refusal with nothing running holds back as large runs for a "
          "moment, and teaches nothing") {
  auto x = guessed();
  x.reserve({1}, 1024_MiB);
  x.refused_memory(8192_MiB, at(0));
  CHECK(!x.memory().limit());
  CHECK(!x.fits(8192_MiB, at(249)));
  CHECK(x.memory().retry_at(at(249)) == at(250));
  CHECK(x.fits(4096_MiB, at(1)));
  CHECK(x.fits(8192_MiB, at(250)));
  x.refused_memory(8192_MiB, at(250));
  CHECK(!x.fits(8192_MiB, at(749)));
  CHECK(x.fits(8192_MiB, at(750)));
}

TEST_CASE("a refusal with nothing held keeps the learned limit") {
  auto x = guessed();
  run_some(x, 4, 1024_MiB);
  x.refused_memory(1024_MiB, at(2));
  for (std::uint64_t key = 1; key <= 4; ++key)
    x.release({key}, at(10'000));
  x.refused_memory(1024_MiB, at(20'000));
  CHECK(x.memory().limit() == 4096);
  CHECK(!x.fits(1024_MiB, at(20'249)));
  CHECK(x.fits(1024_MiB, at(20'250)));
}

TEST_CASE("a refusal right after an end tells of the platform's lag") {
  auto x = guessed();
  run_some(x, 4, 1024_MiB);
  x.refused_memory(1024_MiB, at(2));
  for (std::uint64_t key = 2; key <= 4; ++key)
    x.release({key}, at(10'000));
  x.refused_memory(1024_MiB, at(10'100));
  CHECK(x.memory().limit() == 4096);
  CHECK(!x.fits(1024_MiB, at(10'349)));
  CHECK(x.fits(1024_MiB, at(10'350)));
  x.refused_memory(1024_MiB, at(14'000));
  CHECK(x.memory().limit() == 1024);
}
