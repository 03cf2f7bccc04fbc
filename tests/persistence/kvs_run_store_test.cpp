#include "tests/persistence/kvs_fixture.hpp"
#include "tests/persistence/run_store_conformance.hpp"

using namespace orc;

TEST_CASE("the store in a key-value store is a PERSISTENCE") {
  test::kvs_fixture x;
  x.options.encryption_key = secret{"a passphrase"};
  test::check_run_store(x.system.get(), [&] { return x.open(); });
}
