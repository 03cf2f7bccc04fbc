#include "app/config/config_file.hpp"
#include "app/config/listen_address.hpp"
#include "app/config/load.hpp"
#include "app/config/print.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace orc;
using namespace orc::app;
using namespace std::chrono_literals;

namespace {

environment fake(std::map<std::string, std::string> variables) {
  return [=](const std::string& name) -> std::optional<std::string> {
    auto i = variables.find(name);
    return i == variables.end() ? std::nullopt : std::optional{i->second};
  };
}

account_entry account(std::string name, std::string token) {
  account_entry x;
  x.name = std::move(name);
  x.token = secret{std::move(token)};
  return x;
}

std::string problem_of(std::string_view text) {
  config x;
  auto err = read_config_text(text, "orc.toml", x);
  return err ? message_of(err) : "";
}

} // namespace

TEST_CASE("a configuration file sets what it names") {
  config x;
  REQUIRE(!read_config_text("data = \"/var\"\nmax_memory_mbytes = 4096\n"
                            "report_interval = 0.5\n[log]\nlevel = \"warn\"\n"
                            "[[accounts]]\nname = \"b\"\ntoken = \"t\"\n",
                            "f", x));
  CHECK(x.data == "/var");
  CHECK(x.max_memory == mebibytes{4096});
  CHECK(x.report_interval == 500ms);
  CHECK(x.log.level == app::log_level::warn);
  CHECK(x.accounts.at(0).name == "b");
  CHECK(x.listen == config{}.listen);
}

TEST_CASE("an unknown option is told with file, line and a hint") {
  CHECK(problem_of("\n\nreport_intervall = 3")
        == "orc.toml:3: report_intervall: is no known option; did you mean "
           "`report_interval`?");
  CHECK(problem_of("[log]\nlvel = \"info\"")
        == "orc.toml:2: log.lvel: is no known option; did you mean `level`?");
}

TEST_CASE("a wrong value is told with file, line and option") {
  CHECK(problem_of("data = 3") == "orc.toml:1: data: must be a text in quotes");
  CHECK(problem_of("abort_on_exit = \"yes\"")
        == "orc.toml:1: abort_on_exit: must be true or false");
  CHECK(problem_of("[log]\nlevel = \"loud\"")
        == "orc.toml:2: log.level: must be one of debug, info, warn, error, "
           "off, not loud");
  CHECK(problem_of("max_concurrent_runs = -1")
        == "orc.toml:1: max_concurrent_runs: must be a whole number, 0 or "
           "more, not -1");
  CHECK(problem_of("[[accounts]]\ntoken = \"t\"")
        == "orc.toml:1: accounts[0].name: is missing: what runs call it in "
           "`account`");
}

TEST_CASE("what is no TOML is told with its line") {
  CHECK(problem_of("data = \"x\"\nlisten = = 3").starts_with("orc.toml:2: "));
}

TEST_CASE("the command line comes before the environment") {
  overrides cli;
  cli.entries.push_back({"token", "from-cli", "--token"});
  auto x = load_config(cli, fake({{"APIFY_TOKEN", "from-environment"},
                                  {"ORCHESTRATOR_DATA", "dir"}}));
  REQUIRE(x);
  CHECK(x->token.reveal() == "from-cli");
  CHECK(x->data == "dir");
}

TEST_CASE("a bad option of the command line is named as the user wrote it") {
  overrides cli;
  cli.entries.push_back({"max_memory_mbytes", "lots", "--max-memory"});
  auto x = load_config(cli, fake({}));
  REQUIRE(!x);
  CHECK(message_of(x.error())
        == "--max-memory: must be a whole number, 0 or more, not lots");
}

TEST_CASE("the default account is the first") {
  config x;
  x.token = secret{"d"};
  x.base_url = "https://api.apify.com/v2/";
  x.accounts.push_back(account("other", "o"));
  auto accounts = accounts_of(x);
  REQUIRE(accounts.size() == 2);
  CHECK(accounts[0].name == "default");
  CHECK(accounts[0].base_url == "https://api.apify.com");
  CHECK(accounts[1].base_url == "https://api.apify.com");
}

TEST_CASE("a token from outside replaces the one of a configured default") {
  config x;
  x.token = secret{"new"};
  x.accounts.push_back(account("other", "o"));
  x.accounts.push_back(account("default", "old"));
  auto accounts = accounts_of(x);
  REQUIRE(accounts.size() == 2);
  CHECK(accounts[0].name == "default");
  CHECK(accounts[0].token.reveal() == "new");
}

TEST_CASE("the example names every option and is valid") {
  auto example = config_example();
  config x;
  REQUIRE(!read_config_text(example, "example", x));
  CHECK(print_config(x) == print_config(config{}));
  for_each_field<config>([&](const auto& info) {
    CAPTURE(info.name);
    CHECK(example.find(std::string{info.name}) != std::string::npos);
  });
  CHECK(example.find("Environment: APIFY_TOKEN.") != std::string::npos);
}

TEST_CASE("secrets are never printed") {
  config x;
  x.token = secret{"apify_api_123"};
  x.accounts.push_back(account("b", "apify_api_456"));
  auto text = print_config(x);
  CHECK(text.find("apify_api") == std::string::npos);
  CHECK(text.find("token = \"***\"") != std::string::npos);
}

TEST_CASE("an address to listen on is an address and a port") {
  CHECK(parse_listen_address("127.0.0.1:0")->url() == "http://127.0.0.1:0");
  CHECK(parse_listen_address("[::1]:84")->url() == "http://[::1]:84");
  CHECK(parse_listen_address("localhost:84")->host == "127.0.0.1");
  CHECK(parse_listen_address(":84")->host == "0.0.0.0");
  CHECK(!parse_listen_address("127.0.0.1"));
  CHECK(!parse_listen_address("127.0.0.1:99999"));
}
