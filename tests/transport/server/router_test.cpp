#include "transport/server/router.hpp"

#include <catch2/catch.hpp>

using namespace orc::server;

namespace {

match find(std::string_view method, std::string_view path) {
  return find_route(all_routes(), method, path);
}

} // namespace

TEST_CASE("a name in a path may hold an escaped slash") {
  auto where = find("GET", "/api/v1/runs/job-1%2F3");
  REQUIRE(where.found);
  CHECK(where.found->id == "getRun");
  CHECK(where.values["name"] == "job-1/3");
}

TEST_CASE("literal segments and names do not get mixed up") {
  CHECK(find("POST", "/api/v1/runs/abort").found->id == "abortRuns");
  CHECK(find("GET", "/api/v1/runs/abort").found->id == "getRun");
  CHECK(find("POST", "/api/v1/runs/abort/abort").found->id == "abortRun");
  CHECK(find("GET", "/api/v1/runs").found->id == "listRuns");
}

TEST_CASE("HEAD is answered wherever GET is") {
  CHECK(find("HEAD", "/healthz").found->id == "getHealth");
}

TEST_CASE("a wrong method tells which are right") {
  auto where = find("DELETE", "/api/v1/runs");
  CHECK(!where.found);
  CHECK(where.allowed == "POST, GET, HEAD");
}

TEST_CASE("only Crew's routes may have a slash at the end") {
  auto where = find("GET", "/api/v1/task/0123456789abcdef01234567/");
  REQUIRE(where.found);
  CHECK(where.found->id == "getTask");
  CHECK(where.values["id"] == "0123456789abcdef01234567");
  CHECK(find("POST", "/api/v1/task_groups/").found->id == "createTaskGroup");
  CHECK(find("PATCH", "/api/v1/task_groups/").allowed == "GET, HEAD, POST");
  CHECK(!find("GET", "/api/v1/task/").found);
  CHECK(!find("GET", "/api/v1/task_groups//").found);
}

TEST_CASE("an unknown path has no methods") {
  for (auto path : {"//", "", "/api/v1", "/api/v1/runs/", "/api/v1/runs//items",
                    "/api/v1/runs/a/items/b"}) {
    auto where = find("GET", path);
    CHECK(!where.found);
    CHECK(where.allowed.empty());
  }
}
