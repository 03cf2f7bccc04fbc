#include "emulator/storage/catalog.hpp"
#include "emulator/storage/dataset.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;

namespace {

struct fixture {
  catalog<dataset>::pointer make(std::string_view name) {
    return all.create(new_storage(me, name));
  }

  user me{"u1", "jane", "t"};
  archive nowhere{disk{{}}};
  catalog<dataset> all{"datasets", nowhere};
};

} // namespace

TEST_CASE("a storage is found by id, and by name without case") {
  auto f = fixture{};
  const auto made = f.make("My-Data");
  const auto id = made->info().id;
  const auto other = user{"u2", "joe", "t2"};

  CHECK(id.size() == 17);
  CHECK(f.all.resolve(id, nullptr) == made);
  CHECK(f.all.resolve("~my-data", &f.me) == made);
  CHECK(f.all.resolve("jane~MY-DATA", &other) == made);
  CHECK(f.all.resolve("u1~my-data", nullptr) == made);
  CHECK(f.all.resolve("~my-data", &other) == nullptr);
  CHECK(f.all.resolve("My-Data", &f.me) == nullptr);
}

TEST_CASE("a list has the named storages of one user, oldest first") {
  auto f = fixture{};
  f.make("a");
  f.make("");
  f.make("b");
  f.all.create(new_storage({"u2", "joe", "t2"}, "c"));

  const auto named = f.all.list("u1", {});
  const auto all = f.all.list("u1", {1, 5, true, true});

  CHECK(named.total == 2);
  CHECK(named.items.front()->info().name == "a");
  CHECK(all.total == 3);
  CHECK(all.items.size() == 2);
  CHECK(all.items.back()->info().name == "a");
}

TEST_CASE("a name belongs to one storage of a user") {
  auto f = fixture{};
  const auto a = f.make("a");
  const auto b = f.make("b");

  CHECK_THROWS_AS(f.all.rename(*b, "A"), api_error);
  f.all.rename(*a, "A");
  f.all.rename(*a, "");
  f.all.rename(*b, "a");

  CHECK(f.all.find_named("u1", "a") == b);
  CHECK(f.all.find_named("u1", "b") == nullptr);
}

TEST_CASE("a storage that is removed frees its name") {
  auto f = fixture{};
  f.all.remove(f.make("a")->info().id);

  CHECK(f.all.find_named("u1", "a") == nullptr);
  CHECK(f.all.list("u1", {}).total == 0);
}

TEST_CASE("names of storages are of the platform's characters") {
  CHECK_NOTHROW(check_storage_name("a-B-9"));
  CHECK_THROWS_AS(check_storage_name("-a"), api_error);
  CHECK_THROWS_AS(check_storage_name("a-"), api_error);
  CHECK_THROWS_AS(check_storage_name("a_b"), api_error);
  CHECK_THROWS_AS(check_storage_name(std::string(64, 'a')), api_error);
}
