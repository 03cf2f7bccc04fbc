#include "app/config/changes.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orc;
using namespace orc::app;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

account_entry account(std::string name, std::string token) {
  account_entry x;
  x.name = std::move(name);
  x.token = secret{std::move(token)};
  return x;
}

} // namespace

TEST_CASE("what did not change is not named") {
  CHECK(changed_options(config{}, config{}).empty());
}

TEST_CASE("options are named with their tables") {
  config x;
  x.token = secret{"a"};
  x.log.level = app::log_level::debug;
  x.max_runs = 3;
  x.timing.lost_after = 1s;
  CHECK(
    changed_options(config{}, x)
    == names{"token", "max_concurrent_runs", "log.level", "timing.lost_after"});
}

TEST_CASE("where a secret comes from does not count") {
  config x;
  x.token_file = "/elsewhere";
  x.token_env = "NAME";
  CHECK(changed_options(config{}, x).empty());
}

TEST_CASE("entries of lists are told apart by their names") {
  config before;
  before.accounts = {account("a", "1"), account("b", "2")};
  config after;
  after.accounts = {account("b", "3"), account("c", "4")};
  CHECK(changed_options(before, after)
        == names{"accounts.a", "accounts.b.token", "accounts.c"});
}

TEST_CASE("what can change while it works, and what not") {
  for (const auto* x : {"token", "log.level", "accounts.a", "accounts.a.token",
                        "budgets.b.cap_usd", "api_token", "nats.url"})
    CHECK(is_reloadable(x));
  for (const auto* x :
       {"listen", "data", "timing.lost_after", "webhooks.w",
        "accounts.a.base_url", "token_env_of_nobody", "nats.instance"})
    CHECK_FALSE(is_reloadable(x));
}
