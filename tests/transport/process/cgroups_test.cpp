// Limits by cgroups: on folders made to look like a hierarchy of version 2, and
// on the kernel's own where there is one.

#include "tests/support/temp_folder.hpp"
#include "transport/process/cgroups.hpp"
#include "transport/process/worker_group.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <unistd.h>

using namespace orc;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A folder that looks like a hierarchy in which we are in `/svc`.
class fake_cgroups {
public:
  fake_cgroups() {
    where.root = folder_.path() / "root";
    where.membership = folder_.write("membership", "0::/svc\n");
    add("", {{"cgroup.controllers", "cpuset cpu memory pids"}});
    add("svc", {{"cgroup.type", "domain"},
                {"cgroup.controllers", "cpu memory"},
                {"cgroup.subtree_control", ""},
                {"cgroup.procs", std::to_string(::getpid()) + "\n"}});
    add("svc/" + self, {{"cgroup.procs", ""}});
    add("svc/w", {{"memory.max", "max"},
                  {"cpu.max", "max 100000"},
                  {"cgroup.procs", ""}});
  }

  void add(const std::string& group,
           std::initializer_list<std::pair<const char*, std::string>> files) {
    std::filesystem::create_directories(where.root / group);
    for (const auto& [name, text] : files)
      std::ofstream{where.root / group / name} << text;
  }

  std::string in(const std::string& file) const {
    return text_of(where.root / "svc" / file);
  }

  worker_group
  limit(std::optional<mebibytes> memory, std::optional<double> cpu) const {
    return {worker_limits{memory, cpu}, "w", where};
  }

  cgroup_world where;
  std::string self = cgroup_name(::getpid(), "self");

private:
  test::temp_folder folder_;
};

/// A hierarchy of version 2 of the kernel's, and a controller in it: one of
/// those that cannot share out what threads use, to which the rule applies.
struct kernel_cgroups {
  kernel_cgroups() {
    for (const auto* root : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
      auto all = text_of(std::filesystem::path{root} / "cgroup.controllers");
      for (const auto* x : {"memory", "hugetlb"})
        if (controller.empty() && all.find(x) != std::string::npos) {
          where.root = root;
          controller = x;
        }
    }
    group = where.root / ("test-" + std::to_string(::getpid()));
    std::error_code problem;
    can
      = !controller.empty()
        && write_cgroup(where.root / "cgroup.subtree_control", "+" + controller)
        && std::filesystem::create_directory(group, problem)
        && write_cgroup(group / "cgroup.procs", "0");
  }

  ~kernel_cgroups() {
    write_cgroup(where.root / "cgroup.procs", "0");
    ::rmdir((group / cgroup_name(::getpid(), "self")).c_str());
    ::rmdir((group / cgroup_name(::getpid(), "1")).c_str());
    ::rmdir(group.c_str());
  }

  cgroup_world where;
  std::string controller;
  std::filesystem::path group;
  /// Not where we have no right to make groups.
  bool can = false;
};

} // namespace

TEST_CASE("a worker has one group of version 2 with all its limits") {
  fake_cgroups x;
  auto group = x.limit(mebibytes{200}, 0.5);
  CHECK(group.limits_memory());
  CHECK(group.limits_cpu());
  CHECK(x.in("w/memory.max") == "209715200");
  CHECK(x.in("w/cpu.max") == "50000 100000");
  REQUIRE(group.files().size() == 1);
  CHECK(group.files()[0] == (x.where.root / "svc/w/cgroup.procs").string());
  CHECK(x.in("cgroup.subtree_control") == "+cpu");
}

TEST_CASE("we leave our group before it gives controllers to others") {
  fake_cgroups x;
  x.limit(mebibytes{200}, {});
  CHECK(x.in(x.self + "/cgroup.procs") == std::to_string(::getpid()));
  CHECK(x.in("cgroup.subtree_control") == "+memory");
}

TEST_CASE("nobody moves where the root of all, or our group already, gives "
          "controllers") {
  fake_cgroups x;
  SECTION("the root may have processes") {
    std::filesystem::remove(x.where.root / "svc/cgroup.type");
  }
  SECTION("it gives them already") {
    x.add("svc", {{"cgroup.subtree_control", "cpu memory"}});
  }
  SECTION("it has nobody in it") {
    x.add("svc", {{"cgroup.procs", ""}});
  }
  CHECK(x.limit(mebibytes{200}, {}).limits_memory());
  CHECK(x.in(x.self + "/cgroup.procs").empty());
}

TEST_CASE("after we have moved groups are made beside ours, not below") {
  fake_cgroups x;
  std::ofstream{x.where.membership} << "0::/svc/" << x.self << "\n";
  x.add("svc", {{"cgroup.subtree_control", "memory"}});
  auto group = x.limit(mebibytes{200}, {});
  REQUIRE(group.limits_memory());
  CHECK(group.files()[0] == (x.where.root / "svc/w/cgroup.procs").string());
}

TEST_CASE("where others are in our group, or a controller is not ours to give, "
          "nothing is touched") {
  fake_cgroups x;
  SECTION("the first process of the machine") {
    x.add("svc", {{"cgroup.procs", "1\n" + std::to_string(::getpid())}});
  }
  SECTION("somebody whom we cannot see") {
    x.add("svc", {{"cgroup.procs", "0\n" + std::to_string(::getpid())}});
  }
  SECTION("there is no such controller") {
    x.add("svc", {{"cgroup.controllers", "cpu pids"}});
  }
  SECTION("groups in it may have no processes") {
    // As where processor time alone is shared out, which threads can use.
    std::filesystem::remove(x.where.root / "svc/cgroup.type");
    x.add("svc/w", {{"cgroup.type", "domain invalid"}});
    CHECK_FALSE(x.limit(mebibytes{200}, {}).limits_memory());
    CHECK(x.in("w/memory.max") == "max");
    return;
  }
  SECTION("our group is outside of what we can see") {
    std::ofstream{x.where.membership} << "0::/../svc\n";
  }
  auto group = x.limit(mebibytes{200}, {});
  CHECK_FALSE(group.limits_memory());
  CHECK(group.files().empty());
  CHECK(x.in("cgroup.subtree_control").empty());
  CHECK(x.in(x.self + "/cgroup.procs").empty());
}

TEST_CASE("processes that the kernel killed for want of memory are counted") {
  fake_cgroups x;
  auto group = x.limit(mebibytes{200}, {});
  CHECK(group.memory_kills() == 0);
  SECTION("version 2") {
    x.add("svc/w", {{"memory.events", "low 0\nhigh 0\nmax 7\noom 3\n"
                                      "oom_kill 2\noom_group_kill 0\n"}});
  }
  SECTION("version 1") {
    x.add("svc/w", {{"memory.oom_control",
                     "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"}});
  }
  CHECK(group.memory_kills() == 2);
  CHECK(worker_group{}.memory_kills() == 0);
}

TEST_CASE("a limit that cannot be had leaves the other one") {
  fake_cgroups x;
  std::filesystem::remove(x.where.root / "svc/w/cpu.max");
  auto group = x.limit(mebibytes{200}, 0.5);
  CHECK(group.limits_memory());
  CHECK_FALSE(group.limits_cpu());
  CHECK(std::filesystem::exists(x.where.root / "svc/w"));
  CHECK(group.files().size() == 1);
}

TEST_CASE("version 1 is taken where version 2 has nothing to give") {
  fake_cgroups x;
  std::ofstream{x.where.membership} << "4:memory:/a\n3:cpu,cpuacct:/b\n0::/\n";
  std::filesystem::remove(x.where.root / "cgroup.controllers");
  x.add("memory/a/w", {{"memory.limit_in_bytes", ""}});
  x.add("cpu/b/w", {{"cpu.cfs_quota_us", ""}});
  auto group = x.limit(mebibytes{1}, 2);
  CHECK(text_of(x.where.root / "memory/a/w/memory.limit_in_bytes")
        == "1048576");
  CHECK(text_of(x.where.root / "cpu/b/w/cpu.cfs_quota_us") == "200000");
  CHECK(group.files().size() == 2);
}

TEST_CASE("groups of processes that have died are removed") {
  fake_cgroups x;
  // Beyond the largest that the kernel gives.
  auto dead = cgroup_name(1 << 23, "1");
  x.add("svc/" + dead, {});
  x.add("svc/" + cgroup_name(::getpid(), "1"), {});
  x.add("svc/orchestrator-x", {});
  remove_dead_cgroups(x.where);
  CHECK_FALSE(std::filesystem::exists(x.where.root / "svc" / dead));
  for (const auto& kept : {cgroup_name(::getpid(), "1"),
                           std::string{"orchestrator-x"}, std::string{"w"}})
    CHECK(std::filesystem::exists(x.where.root / "svc" / kept));
}

TEST_CASE("the kernel lets us give a controller to groups below ours") {
  kernel_cgroups x;
  if (!x.can) {
    WARN("no cgroup of version 2 may be made here");
    return;
  }
  // As it stands it does not.
  CHECK_FALSE(
    write_cgroup(x.group / "cgroup.subtree_control", "+" + x.controller));
  CHECK(cgroup2_with(x.where, x.controller) == x.group);
  CHECK(cgroup2_with(x.where, x.controller) == x.group);
  auto below = x.group / cgroup_name(::getpid(), "1");
  REQUIRE(std::filesystem::create_directory(below));
  CHECK(text_of(below / "cgroup.controllers").starts_with(x.controller));
  CHECK(write_cgroup(below / "cgroup.procs", "0"));
}
