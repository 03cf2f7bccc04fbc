#include "emulator/process/actor_command.hpp"
#include "emulator/process/actor_folder.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;
using orc::test::temp_folder;
using command = std::vector<std::string>;

namespace {

const std::string minimal = R"({"actorSpecification":1,"name":"demo"})";

} // namespace

TEST_CASE("a folder is read as an Apify actor") {
  temp_folder folder;
  folder.write(".actor/actor.json", R"({"actorSpecification":1,"name":"demo",
    "title":"Demo","version":"1.2","buildTag":"beta","input":"./in.json",
    "defaultMemoryMbytes":512,"environmentVariables":{"A":"b","S":"@secret"},
    "orchestrator":{"command":["node","x.js"]}})");
  folder.write(".actor/in.json", R"({"title":"In","type":"object"})");

  auto actor = std::get<actor_folder>(read_actor_folder(folder.path()));

  CHECK(actor.name == "demo");
  CHECK(actor.version == "1.2");
  CHECK(actor.build_tag == "beta");
  CHECK(actor.command == command{"node", "x.js"});
  CHECK(actor.default_memory_mbytes == 512U);
  CHECK(actor.environment == std::map<std::string, std::string>{{"A", "b"}});
  CHECK(actor.input_schema == R"({"title":"In","type":"object"})");
  CHECK(actor.definition.find(R"("input":{"title":"In")") != std::string::npos);
}

TEST_CASE("the start script of npm is run without npm and shell") {
  temp_folder folder;
  folder.write(".actor/actor.json", minimal);
  folder.write("package.json", R"({"scripts":{"start":"node src/main.js"}})");
  folder.write("main.py", "");

  auto actor = std::get<actor_folder>(read_actor_folder(folder.path()));

  CHECK(actor.command == command{"node", "src/main.js"});
}

TEST_CASE("a Python program and a Dockerfile name a command") {
  temp_folder folder;
  folder.write("Dockerfile", "FROM x\nCMD [\"ruby\", \"main.rb\"]\n");
  CHECK(guess_command(folder.path()) == command{"ruby", "main.rb"});
  folder.write(".actor/Dockerfile", "CMD [\"perl\", \"main.pl\"]\n");
  CHECK(guess_command(folder.path()) == command{"perl", "main.pl"});
  folder.write("images/one", "CMD [\"lua\", \"main.lua\"]\n");
  folder.write(".actor/actor.json", R"({"dockerfile":"../images/one"})");
  CHECK(guess_command(folder.path()) == command{"lua", "main.lua"});
  folder.write("main.py", "");
  CHECK(guess_command(folder.path()) == command{"python3", "-u", "main.py"});
}

TEST_CASE("a line that needs a shell gets one") {
  CHECK(shell_command("node a.js && echo $X")
        == command{"/bin/sh", "-c", "node a.js && echo $X"});
  CHECK(dockerfile_command("CMD npm start\n") == command{"npm", "start"});
  CHECK(shell_command("").empty());
}

TEST_CASE("a folder that is no Apify actor is refused by file and reason") {
  temp_folder folder;
  auto complaint = [&folder] {
    return std::get<folder_error>(read_actor_folder(folder.path())).message;
  };
  CHECK_THAT(complaint(), Catch::Contains("actor.json"));
  folder.write(".actor/actor.json", "{");
  CHECK_THAT(complaint(), Catch::Contains("actor.json"));
  folder.write(".actor/actor.json", minimal);
  CHECK_THAT(complaint(), Catch::Contains("no command"));
}

TEST_CASE("packages that are not installed are told") {
  temp_folder folder;
  actor_folder actor;
  actor.path = folder.path();
  CHECK(missing_packages(actor).empty());
  folder.write("package-lock.json", "{}");
  CHECK_THAT(missing_packages(actor), Catch::Contains("npm ci"));
  folder.write("node_modules/x", "");
  CHECK(missing_packages(actor).empty());
}

TEST_CASE("the folders of Apify actors are found below a root") {
  temp_folder folder;
  folder.write("b/.actor/actor.json", minimal);
  folder.write("a/.actor/actor.json", minimal);
  folder.write("c/other", "");

  auto found = find_actor_folders(folder.path());

  REQUIRE(found.size() == 2);
  CHECK(found[0].filename() == "a");
  CHECK(found[1].filename() == "b");
  CHECK(find_actor_folders(folder.path() / "a").size() == 1);
  CHECK(find_actor_folders(folder.path() / "missing").empty());
}
