#include "emulator/api/context.hpp"
#include "emulator/storage/key_value_store.hpp"
#include "emulator/storage/zip_writer.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;

namespace {

key_value_store store_with(std::initializer_list<const char*> keys) {
  auto result = key_value_store{storage_info{}};
  for (const auto* key : keys)
    result.put(key, {"text/plain", key});
  return result;
}

std::string joined(const key_page& page) {
  auto result = std::string{};
  for (const auto& [key, size] : page.keys_and_sizes)
    result += key + ' ';
  return result;
}

} // namespace

TEST_CASE("a record is had as it was put, until it is removed") {
  auto store = store_with({});

  store.put("a", {"image/png", std::string("\0\1", 2)});
  store.put("a", {"text/plain", "new"});

  REQUIRE(store.find("a") != nullptr);
  CHECK(store.find("a")->body == "new");
  CHECK(store.find("a")->content_type == "text/plain");
  CHECK(store.remove("a"));
  CHECK_FALSE(store.remove("a"));
  CHECK(store.find("a") == nullptr);
}

TEST_CASE("keys come sorted, after a key, by prefix, so many at a time") {
  auto store = store_with({"b1", "a", "b3", "b2", "c"});

  CHECK(joined(store.keys({1000, "", ""})) == "a b1 b2 b3 c ");
  CHECK(joined(store.keys({1000, "b1", ""})) == "b2 b3 c ");
  CHECK(joined(store.keys({1000, "", "b"})) == "b1 b2 b3 ");
  CHECK(joined(store.keys({1000, "b1", "b"})) == "b2 b3 ");
  CHECK(joined(store.keys({1000, "c", "b"})).empty());
  CHECK(joined(store.keys({1000, "", "x"})).empty());
}

TEST_CASE("a list of keys says whether there are more") {
  auto store = store_with({"a", "b", "c"});

  CHECK(store.keys({2, "", ""}).is_truncated);
  CHECK_FALSE(store.keys({2, "a", ""}).is_truncated);
  CHECK_FALSE(store.keys({3, "", ""}).is_truncated);
  CHECK_FALSE(store.keys({1, "", "b"}).is_truncated);
}

TEST_CASE("record keys are of the platform's characters") {
  CHECK_NOTHROW(check_record_key("aZ09!-_.'()"));
  CHECK_NOTHROW(check_record_key(std::string(256, 'x')));
  CHECK_THROWS_AS(check_record_key(std::string(257, 'x')), api_error);
  CHECK_THROWS_AS(check_record_key(""), api_error);
  CHECK_THROWS_AS(check_record_key("a/b"), api_error);
  CHECK_THROWS_AS(check_record_key("a b"), api_error);
}

TEST_CASE("an archive of records ends with its directory") {
  auto zip = zip_writer{};
  zip.add("a.txt", "hello");

  const auto bytes = zip.take();

  CHECK(bytes.substr(0, 4) == "PK\3\4");
  CHECK(bytes.find("a.txthello") != std::string::npos);
  CHECK(bytes.substr(bytes.size() - 22, 4) == "PK\5\6");
}
