// Pid files and the lock of a data directory.

#include "tests/support/temp_folder.hpp"
#include "transport/process/orchestrator_lock.hpp"
#include "transport/process/process_table.hpp"
#include "transport/process/worker_sweep.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace orc;
using namespace std::chrono_literals;

namespace {

/// A data directory with a folder for the pid files of workers.
class folder : public test::temp_folder {
public:
  folder() {
    std::filesystem::create_directories(worker_folder(path()));
  }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream{worker_folder(path()) / name} << text;
  }
};

std::filesystem::path in(const folder& x) {
  return worker_folder(x.path());
}

} // namespace

TEST_CASE("AB-10 a pid file has pid, type, filter and start, a line each") {
  folder at;
  auto file = in(at) / "crawl_worker_3.pid";
  auto began = *parse_timestamp("2026-11-28T20:00:00.250Z");
  REQUIRE(!write_pid_file(file, {77, "crawl", "images", began}));
  std::ifstream text{file};
  std::string all{std::istreambuf_iterator<char>{text}, {}};
  CHECK(all == "77\ncrawl\nimages\n2026-11-28T20:00:00.250Z\n");
  auto read = read_pid_file(file);
  REQUIRE(read);
  CHECK(read->pid == 77);
  CHECK(read->type == "crawl");
  CHECK(read->filter == "images");
  CHECK(read->began == began);
}

TEST_CASE("AB-10 a file that is short or cannot be understood is none") {
  folder at;
  for (const auto* text :
       {"", "77", "77\ncrawl\n\n", "x\ncrawl\n\n2026-11-28T20:00:00Z\n",
        "-1\ncrawl\n\n2026-11-28T20:00:00Z\n", "77\ncrawl\n\nyesterday\n"}) {
    at.write("a", text);
    CHECK(!read_pid_file(in(at) / "a"));
  }
  CHECK(!read_pid_file(in(at) / "nowhere"));
}

TEST_CASE("a worker gets the lowest number that no file of its type has") {
  folder at;
  CHECK(free_worker_number(in(at), "crawl") == 0);
  for (const auto* name : {"crawl_worker_0.pid", "crawl_worker_2.pid",
                           "other_worker_1.pid", "crawl_worker_x.pid"})
    at.write(name, "");
  CHECK(free_worker_number(in(at), "crawl") == 1);
  CHECK(free_worker_number(in(at), "other") == 0);
}

TEST_CASE("D4 a live worker is a process that began when its file says") {
  folder at;
  auto self = find_process(::getpid());
  REQUIRE(self);
  auto mine = self->began;
  REQUIRE(
    !write_pid_file(in(at) / "a_worker_0.pid", {::getpid(), "a", "", mine}));
  // Its number has been given to another one.
  REQUIRE(!write_pid_file(in(at) / "a_worker_1.pid",
                          {::getpid(), "a", "", mine - 1h}));
  REQUIRE(
    !write_pid_file(in(at) / "b_worker_0.pid", {::getpid(), "b", "", mine}));
  // Somebody else's is there, too: whose it is does not matter.
  CHECK(find_process(1));
  CHECK(live_workers(in(at)).size() == 2);
  CHECK(live_workers(in(at), "b").size() == 1);
}

TEST_CASE("AB-11 D5 one process has a directory's lock") {
  folder at;
  CHECK(!orchestrator_lock::holder(at.path()));
  {
    auto first = orchestrator_lock::acquire(at.path(), "serve");
    REQUIRE(first);
    REQUIRE(*first);
    auto second = orchestrator_lock::acquire(at.path(), "");
    REQUIRE(second);
    CHECK(!*second);
    auto holder = orchestrator_lock::holder(at.path());
    REQUIRE(holder);
    CHECK(holder->pid == ::getpid());
    CHECK(holder->type == "orchestrator");
    CHECK(holder->filter == "serve");
  }
  CHECK(!orchestrator_lock::holder(at.path()));
  CHECK(!std::filesystem::exists(in(at) / "orchestrator.pid"));
}

TEST_CASE("the id of a worker can be told from its file") {
  folder at;
  folder elsewhere;
  auto id = worker_id(at.path(), "crawl", 3, timestamp{1'234});
  CHECK(id.starts_with("crawl_worker_3@"));
  CHECK(id.ends_with("-1234"));
  CHECK(id == worker_id(at.path(), "crawl", 3, timestamp{1'234}));
  CHECK(id != worker_id(elsewhere.path(), "crawl", 3, timestamp{1'234}));
}
