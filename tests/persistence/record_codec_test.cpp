#include "persistence/sqlite/record_codec.hpp"
#include "tests/persistence/noted.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <type_traits>

// Where their `inspect` is looked for.
namespace orc {

struct noted_otherwise {
  std::string words;

  static constexpr auto fields = describe(
    "noted", "A word.", field("words", &noted_otherwise::words, "."));
};

} // namespace orc

using namespace orc;
using namespace orc::sqlite;

TEST_CASE("another way to write records has another layout") {
  CHECK(record_codec<noted>::layout() == record_codec<noted>::layout());
  CHECK(record_codec<noted>::layout()
        != record_codec<noted_otherwise>::layout());
  CHECK(record_codec<noted>::layout() != record_codec<noted, noted>::layout());
}

TEST_CASE("a record is read as what it was written") {
  record_codec<noted_otherwise, noted> codec;
  std::string found;
  auto read = [&](const auto& x) {
    if constexpr (std::is_same_v<std::decay_t<decltype(x)>, noted>)
      found = x.text;
  };
  record_codec<noted_otherwise, noted>::read(codec.write(noted{"word"}), read);
  CHECK(found == "word");
  CHECK_THROWS_AS((record_codec<noted_otherwise, noted>::read("\7", read)),
                  failure);
  CHECK_THROWS_AS((record_codec<noted_otherwise, noted>::read("", read)),
                  failure);
}
