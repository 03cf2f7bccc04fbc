#include "transport/hooks/signature.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using webhook::signer;

// The example that the libraries of Standard Webhooks test themselves with.
TEST_CASE("a signature is that of the Standard Webhooks specification") {
  auto key = signer::make(secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"});
  REQUIRE(key);
  CHECK(key->sign("msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp{1'614'265'330'999},
                  R"({"test": 2432232314})")
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  CHECK(webhook::signed_time({1'614'265'330'999}) == "1614265330");
}

TEST_CASE("a key is whsec_ and 24 to 64 bytes in base64") {
  auto is_key = [](std::string x) { return bool{signer::make(secret{x})}; };
  CHECK(is_key("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"));
  CHECK(is_key("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA=="));
  CHECK_FALSE(is_key("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"));
  CHECK_FALSE(is_key("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="));
  CHECK_FALSE(is_key("whsec_no base64 at all, but long enough!"));
  CHECK_FALSE(is_key("whsec_"));
  CHECK_FALSE(is_key("whsec_" + std::string(88, 'A')));
}
