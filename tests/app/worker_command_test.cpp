// What a pool starts, and what its workers are told.

#include "app/pool/worker_command.hpp"

#include <catch2/catch.hpp>

using namespace orc;
using namespace orc::app;

namespace {

std::string variable(const pool_world& world, std::string_view name) {
  worker_type type;
  type.channel = "c";
  complete_type(type, worker_entry{}, world, "/bin/orchestrator");
  for (const auto& [key, value] : type.variables)
    if (key == name)
      return value.reveal();
  return "none";
}

pool_world with_token(std::string token) {
  return {{}, {}, "http://127.0.0.1:8484", secret{std::move(token)}};
}

} // namespace

TEST_CASE("Crew's workers find the token in their URL, whatever it is") {
  auto url = [](const char* token) {
    return variable(with_token(token), "CREW_API_BASE_URL");
  };
  CHECK(url("s3cret") == "http://crew:s3cret@127.0.0.1:8484/");
  CHECK(url("ab/cd+e=") == "http://crew:ab%2Fcd%2Be%3D@127.0.0.1:8484/");
  CHECK(url("") == "http://127.0.0.1:8484/");
}

TEST_CASE("the URL for Crew's workers is plain where no token is wanted") {
  auto world = with_token("s3cret");
  world.wants_token = false;
  CHECK(variable(world, "CREW_API_BASE_URL") == "http://127.0.0.1:8484/");
  CHECK(variable(world, "ORCHESTRATOR_TOKEN") == "s3cret");
}

TEST_CASE("other workers get the token as it is") {
  CHECK(variable(with_token("ab/cd+e="), "ORCHESTRATOR_TOKEN") == "ab/cd+e=");
}
