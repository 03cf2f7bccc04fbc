// Workers as processes: what becomes of those that cannot be started.

#include "tests/support/temp_folder.hpp"
#include "transport/process/cgroups.hpp"
#include "transport/process/worker_group.hpp"
#include "transport/process/worker_keeper.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <future>
#include <unistd.h>

using namespace orc;

namespace {

/// @returns where the first worker's group would be, "" if there can be none.
std::filesystem::path group_of_first(const worker_limits& limits) {
  worker_group group{limits, cgroup_name(::getpid(), "1")};
  auto files = group.files();
  group.remove();
  return files.empty() ? std::filesystem::path{}
                       : std::filesystem::path{files[0]}.parent_path();
}

bool can_start(worker_keeper& keeper, const start_worker& x) {
  std::promise<bool> answer;
  auto tell = [&](const caf::expected<worker_started>& started) {
    answer.set_value(static_cast<bool>(started));
  };
  keeper.start(x, tell, nullptr);
  return answer.get_future().get();
}

} // namespace

TEST_CASE("a worker that cannot be started leaves no group") {
  start_worker x;
  x.type = "t";
  x.command = {"/no/such"};
  x.limits.memory = mebibytes{200};
  auto group = group_of_first(x.limits);
  if (group.empty()) {
    WARN("no cgroup may be made here");
    return;
  }
  test::temp_folder folder;
  worker_keeper keeper{folder.path()};
  CHECK(!can_start(keeper, x));
  CHECK(!std::filesystem::exists(group));
}
