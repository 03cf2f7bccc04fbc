#include "transport/http/public_address.hpp"

#include <catch2/catch.hpp>

using namespace orc::http;

TEST_CASE("addresses of the Internet are public") {
  for (auto x : {"8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1",
                 "100.63.0.1", "100.128.0.1", "2606:4700::1111",
                 "2a00:1450:4001::1", "223.255.255.255"}) {
    INFO(x);
    CHECK(is_public_address(x));
  }
}

TEST_CASE("addresses of this machine, of private networks and of links are "
          "not public") {
  for (auto x : {"127.0.0.1",
                 "127.1.2.3",
                 "0.0.0.0",
                 "10.0.0.1",
                 "172.16.0.1",
                 "172.31.255.255",
                 "192.168.1.1",
                 "169.254.169.254",
                 "100.64.0.1",
                 "198.18.0.1",
                 "224.0.0.1",
                 "255.255.255.255",
                 "::1",
                 "::",
                 "fe80::1",
                 "fc00::1",
                 "fd12::1",
                 "ff02::1",
                 "::ffff:127.0.0.1",
                 "::ffff:10.0.0.1",
                 "64:ff9b::7f00:1",
                 "2002:7f00:1::",
                 "2001::1",
                 "2001:db8::1"}) {
    INFO(x);
    CHECK_FALSE(is_public_address(x));
  }
}

TEST_CASE("what is no address is not public") {
  for (auto x : {"", "localhost", "127.1", "1.2.3", "[::1]", "0x7f000001"}) {
    INFO(x);
    CHECK_FALSE(is_public_address(x));
    CHECK_FALSE(is_address(x));
  }
}
