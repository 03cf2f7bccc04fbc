#include "emulator/process/log_stamper.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;
using namespace std::chrono_literals;

namespace {

const moment noon{43'200'000ms};
const std::string stamp = "1970-01-01T12:00:00.000Z ";

} // namespace

TEST_CASE("every line of a log starts with its time") {
  log_stamper log{1000};
  CHECK(log.add("one\ntwo\n", noon) == stamp + "one\n" + stamp + "two\n");
}

TEST_CASE("a line that comes in pieces has the time of its beginning") {
  log_stamper log{1000};
  CHECK(log.add("hel", noon).empty());
  CHECK(log.add("lo\n", noon + 1h) == stamp + "hello\n");
}

TEST_CASE("a last line without an end is kept") {
  log_stamper log{1000};
  log.add("bye", noon);
  CHECK(log.finish() == stamp + "bye\n");
  CHECK(log.finish().empty());
}

TEST_CASE("line ends of Windows and empty lines are lines") {
  log_stamper log{1000};
  CHECK(log.add("a\r\n\n", noon) == stamp + "a\n" + stamp + "\n");
}

TEST_CASE("a log ends at its cap") {
  log_stamper log{stamp.size() + 3};
  auto kept = log.add("hello\nworld\n", noon) + log.finish();
  CHECK(kept == stamp + "hel");
  CHECK(log.add("more\n", noon).empty());
}
