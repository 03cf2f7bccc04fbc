#include "persistence/sealing/sealer.hpp"
#include "tests/persistence/sqlite_fixture.hpp"

#include <sys/stat.h>

using namespace orc;

namespace {

constexpr auto token = "apify_api_Lz3qTHISisSECRET";

// 32 bytes in base64.
constexpr auto other_key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

struct fixture : test::sqlite_fixture {
  void seal(std::string key = {}) {
    REQUIRE(open(key).try_save_account({"token-1", secret{token}}));
    close();
  }

  std::string unseal(std::string key = {}) {
    auto accounts = open(key).try_accounts();
    REQUIRE(accounts);
    close();
    return accounts->accounts.at(0).token.reveal();
  }
};

} // namespace

TEST_CASE("a sealed value opens with its key, in its place, unchanged only") {
  sealer mine{sealing_key{std::string(sealing_key::size, 'a')}};
  sealer other{sealing_key{std::string(sealing_key::size, 'b')}};
  auto sealed = mine.seal("value", "place");
  CHECK(mine.open(sealed, "place") == "value");
  CHECK(!mine.open(sealed, "elsewhere"));
  CHECK(!other.open(sealed, "place"));
  CHECK(!mine.open(sealed.substr(0, 20), "place"));
  CHECK(mine.seal("value", "place") != sealed);
  sealed.back() ^= 1;
  CHECK(!mine.open(sealed, "place"));
}

TEST_CASE_METHOD(fixture, "a token never stands on the disk in plain text") {
  auto& store = open();
  REQUIRE(store.try_save_account({"token-1", secret{token}}));
  CHECK(data.holds("token-1"));
  CHECK(!data.holds(token));
  close();
  CHECK(!data.holds(token));
  CHECK(unseal() == token);
}

TEST_CASE_METHOD(fixture, "the key file is made on first use, for its owner") {
  auto file = data.path() / "seal.key";
  open().try_check();
  CHECK(!std::filesystem::exists(file));
  seal();
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(info.st_size == 32);
}

TEST_CASE_METHOD(fixture, "a key may be given as base64 or as a passphrase") {
  auto key = GENERATE(as<std::string>{}, other_key, "correct horse");
  seal(key);
  CHECK(unseal(key) == token);
  CHECK(!std::filesystem::exists(data.path() / "seal.key"));
}

TEST_CASE_METHOD(fixture, "a wrong key is refused and nothing is changed") {
  auto [right, wrong] = GENERATE(table<std::string, std::string>({
    {"correct horse", "wrong horse"},
    {"correct horse", other_key},
    {"", "wrong horse"},
    {other_key, ""},
  }));
  seal(right);
  auto problem = refused(wrong);
  CHECK(code_of(problem) == ec::wrong_key);
  CHECK(message_of(problem).find("key") != std::string::npos);
  CHECK(message_of(problem).find("horse") == std::string::npos);
  CHECK(unseal(right) == token);
}

TEST_CASE_METHOD(fixture, "a key file that is lost or cut is a wrong key") {
  seal();
  auto file = data.path() / "seal.key";
  auto key = test::read_file(file);
  test::write_file(file, key.substr(0, 7));
  CHECK(code_of(refused()) == ec::wrong_key);
  std::filesystem::remove(file);
  CHECK(code_of(refused()) == ec::wrong_key);
  test::write_file(file, key);
  CHECK(unseal() == token);
}

TEST_CASE_METHOD(fixture, "a store without sealed values needs no key") {
  open("one").insert(test::make_record("run"));
  open("another").insert(test::make_record("run"));
  test::write_file(data.path() / "seal.key", "garbage");
  CHECK(open().try_accounts()->accounts.empty());
}

TEST_CASE_METHOD(fixture, "a sealed token in the place of another is noticed") {
  seal();
  data.execute("UPDATE accounts SET name='token-2'");
  auto accounts = open().try_accounts();
  REQUIRE(!accounts);
  CHECK(code_of(accounts.error()) == ec::wrong_key);
}
