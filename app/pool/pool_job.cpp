#include "app/pool/pool_job.hpp"

#include "app/cli/exit_code.hpp"
#include "app/config/pools.hpp"
#include "app/pool/pool_engine.hpp"
#include "app/pool/pool_status.hpp"
#include "app/pool/task_house.hpp"
#include "app/pool/task_visit.hpp"
#include "app/service/interrupts.hpp"
#include "app/service/kept_schedules.hpp"
#include "app/service/logging.hpp"
#include "messages/json/json.hpp"
#include "transport/process/orchestrator_lock.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace orc::app {

namespace {

int fail(const caf::error& problem, int code) {
  fmt::print(stderr, "apify-orchestrator: {}\n", message_of(problem));
  return code;
}

/// Prints what happens, for people or for programs.
class teller {
public:
  teller(bool json, bool many) : json_{json}, many_{many} {
    // nop
  }

  void listening(const std::string& url) const {
    print(json_ ? fmt::format(R"({{"event":"listening","url":{}}})",
                              json_quote(url))
                : "listening on " + url);
  }

  void line(const std::string& pool, const std::string& text) const {
    if (json_)
      print(fmt::format(R"({{"event":"pool","pool":{},"line":{}}})",
                        json_quote(pool), json_quote(text)));
    else
      print(many_ ? fmt::format("{}: {}", pool, text) : text);
  }

  void ended(const std::vector<pool_ended>& xs) const {
    if (!json_)
      return;
    pool_ended all;
    all.complete = true;
    for (const auto& x : xs) {
      all.started += x.started;
      all.ticks += x.ticks;
      all.complete = all.complete && x.complete;
    }
    print(fmt::format(
      R"({{"event":"pool-ended","complete":{},"started":{},"ticks":{}}})",
      all.complete, all.started, all.ticks));
  }

private:
  static void print(const std::string& line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  }

  bool json_;
  bool many_;
};

/// What stays the same whosever the tasks are.
struct pool_job {
  const config& options;
  const pool_job_options& how;
  const teller& out;
  interrupts& stop;
  const orchestrator_lock& lock;
};

int run_until_done(caf::actor_system& system, const pool_world& world,
                   const pool_job& x) {
  pool_choices choices;
  choices.exits = !x.how.daemon;
  choices.say = [&x](const std::string& pool, const std::string& line) {
    x.out.line(pool, line);
  };
  auto engine = pool_engine::start(system, x.options, world, choices);
  if (!engine)
    return fail(engine.error(), some_failed);
  if (auto err = x.lock.say_ready())
    return fail(err, some_failed);
  (*engine)->on_end([&x] { x.stop.request(); });
  x.stop.wait();
  (*engine)->on_end(nullptr);
  auto ended = (*engine)->stop();
  if (!ended)
    return fail(ended.error(), some_failed);
  x.out.ended(*ended);
  return all_succeeded;
}

int run_alone(const pool_job& x) {
  auto house = task_house::open(x.options, x.how.daemon);
  if (!house)
    return fail(house.error(), some_failed);
  auto& home = **house;
  if (x.how.daemon)
    if (auto err
        = keep_file_schedules(home.system(), home.schedules(), x.options))
      return fail(err, some_failed);
  x.out.listening(home.url());
  pool_world world{caf::actor_cast<work_queue_actor>(home.tasks()),
                   home.schedules(), home.url(), x.options.api_token};
  return run_until_done(home.system(), world, x);
}

/// The tasks of a service: it serves the workers, too.
int run_for(const pool_job& x) {
  auto visit = task_visit::open(x.how.api, secret{x.how.token});
  if (!visit)
    return fail(visit.error(), some_failed);
  auto& there = **visit;
  pool_world world{there.queue(), {}, there.url(), secret{x.how.token}};
  return run_until_done(there.system(), world, x);
}

} // namespace

int run_pools(config options, const pool_job_options& job) {
  auto count = pool_entries_of(options).size();
  if (count == 0)
    return fail(make_error(ec::bad_config,
                           "there is no pool: give --config FILE with "
                           "[[pool.workers]], a channel and a command, such as "
                           "channel = \"resize\" and command = "
                           "[\"./resize.sh\"]"),
                bad_usage);
  // Two of them on one machine are no reason to quarrel.
  if (options.listen == config{}.listen)
    options.listen = "127.0.0.1:0";
  interrupts stop;
  auto lock
    = orchestrator_lock::acquire(options.data, orchestrator_lock::starting);
  if (!lock)
    return fail(lock.error(), some_failed);
  if (!*lock)
    return print_if_running(options, job.json).value_or(all_succeeded);
  start_logging(options.log);
  teller out{job.json, count > 1};
  pool_job x{options, job, out, stop, **lock};
  return job.api.empty() ? run_alone(x) : run_for(x);
}

} // namespace orc::app
