#include "tests/persistence/sqlite_fixture.hpp"

#include <sys/wait.h>

#include <csignal>
#include <unistd.h>

using namespace orc;
using test::make_record;

namespace {

/// A process that stores runs for ever and tells of each one that is durable.
class writer_process {
public:
  explicit writer_process(const std::filesystem::path& directory) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    pid_ = ::fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0)
      write_for_ever(directory, ends[1]);
    ::close(ends[1]);
    from_ = ends[0];
  }

  writer_process(const writer_process&) = delete;

  writer_process& operator=(const writer_process&) = delete;

  ~writer_process() {
    ::close(from_);
  }

  /// @returns the key of the next run that is durable; none after the end.
  run_key next() {
    run_key result;
    if (::read(from_, &result, sizeof(result)) != sizeof(result))
      return {};
    return result;
  }

  void kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

private:
  [[noreturn]] static void
  write_for_ever(const std::filesystem::path& directory, int to) {
    test::quiet_system system;
    auto store = open_sqlite_store(system.get(), {directory, {}});
    if (!store)
      ::_exit(1);
    test::store_client client{system.get(), *store};
    for (int i = 0;; ++i) {
      auto name = std::to_string(::getpid()) + "/" + std::to_string(i);
      auto answer = client.try_insert({{make_record(name), json_text{"[7]"}}});
      if (!answer
          || ::write(to, &answer->runs[0].record.key, sizeof(run_key)) < 0)
        ::_exit(1);
    }
  }

  ::pid_t pid_ = -1;
  int from_ = -1;
};

} // namespace

TEST_CASE("what was answered survives kill -9, and the lock does not") {
  test::data_directory data;
  std::vector<run_key> durable;
  for (int kills = 0; kills < 5; ++kills) {
    writer_process writer{data.path()};
    for (int i = 0; i < 20 + kills; ++i)
      durable.push_back(writer.next());
    writer.kill();
    for (auto key = writer.next(); key.value != 0; key = writer.next())
      durable.push_back(key);
  }

  test::quiet_system system;
  auto store = open_sqlite_store(system.get(), {data.path(), {}});
  REQUIRE(store);
  test::store_client client{system.get(), *store};
  for (auto key : durable)
    CHECK(client.try_load(key)->input.view() == "[7]");
  CHECK(client.totals().states["queued"] >= durable.size());
}
