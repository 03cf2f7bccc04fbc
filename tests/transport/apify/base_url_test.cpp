#include "messages/base/error.hpp"
#include "transport/apify/base_url.hpp"

#include <catch2/catch.hpp>

using namespace orc;

TEST_CASE("an encrypted API is fine wherever it is") {
  CHECK(!check_base_url("https://api.apify.com"));
  CHECK(!check_base_url("https://10.0.0.7:8443/proxy/v2"));
}

TEST_CASE("an API on this machine need not be encrypted") {
  CHECK(!check_base_url("http://127.0.0.1:8484"));
  CHECK(!check_base_url("http://localhost:8484"));
  CHECK(!check_base_url("http://[::1]:8484"));
}

TEST_CASE("a token does not travel to other machines in the clear") {
  auto err = check_base_url("http://api.apify.com");
  CHECK(code_of(err) == ec::bad_config);
  CHECK_THAT(message_of(err), Catch::Contains("in the clear")
                                && Catch::Contains("APIFY_API_BASE_URL"));
  CHECK(check_base_url("http://127.0.0.1.evil.example"));
}

TEST_CASE("a token may travel in the clear where that is wanted") {
  CHECK(!check_base_url("http://10.0.0.7", true));
}

TEST_CASE("what is no URL is refused with an example of one") {
  auto err = check_base_url("api.apify.com");
  CHECK(code_of(err) == ec::bad_config);
  CHECK_THAT(message_of(err), Catch::Contains("https://api.apify.com"));
}
