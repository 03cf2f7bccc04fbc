"""What pools do with workers and tasks: deaths, leases, keys, limits, and
workers that speak the API themselves."""

import json
import os
import signal
import sys
import time
import unittest

from harness import Service, environment, http, wait_until
from pools import Pools, alive, children_of

# A worker without any kit: takes tasks until there are none.
OWN_WORKER = """
import json, os, sys, time, urllib.request
url = os.environ["ORCHESTRATOR_URL"] + "/api/v1/"
who = os.environ["ORCHESTRATOR_WORKER_ID"]
def post(path, **body):
    request = urllib.request.Request(
        url + path, json.dumps(dict(body, workerId=who)).encode(),
        {"Content-Type": "application/json",
         "Authorization": "Bearer " + os.environ["ORCHESTRATOR_TOKEN"]})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
while True:
    task = post("channel/" + os.environ["ORCHESTRATOR_CHANNEL"] + "/acquire",
                waitSecs=5, leaseSecs=60)["task"]
    if task is None:
        continue
    if task["input"] == "die":
        os.kill(os.getpid(), 9)
    if task["input"] == "raise":
        raise ValueError("poison")
    time.sleep(task["input"] or 0)
    post("task/" + task["_id"] + "/release", output=who)
"""


class Deaths(Pools):
    def own_worker(self, channel="c", **more):
        return dict({"channel": channel, "protocol": "worker",
                     "command": [sys.executable,
                                 self.write("own.py", OWN_WORKER)]}, **more)

    def test_ab17_d3_a_killed_worker_is_reaped_and_its_task_counts(self):
        task = self.create(self.group(), input="die", remainingAttempts=2,
                           errorDelayInSeconds=0)
        after = self.create(self.group(), input=0)
        self.leave()
        pool = self.pool(self.config_file(
            self.own_worker(), failures=10), "--daemon").listens()
        self.served.url = pool.url
        wait_until(lambda: len(self.task(task)["errors"]) == 2, 60,
                   "two attempts")
        self.assertEqual(set(self.task(task)["errors"]),
                         {"worker killed by signal 9"})
        wait_until(lambda: self.task(after)["isComplete"], what="the next one")
        # D10: it is given up, not tried for ever.
        self.assertEqual([x["_id"] for x in self.get("dead_tasks?channel=c")],
                         [task["_id"]])
        zombies = [x for x in children_of(pool.process.pid) if not alive(x)]
        self.assertEqual(zombies, [])

    def test_d10_a_task_on_which_a_worker_breaks_down_is_given_up(self):
        task = self.create(self.group(), input="raise", remainingAttempts=2,
                           errorDelayInSeconds=0)
        after = self.create(self.group(), input=0)
        self.leave()
        pool = self.pool(self.config_file(
            self.own_worker(), failures=10), "--daemon").listens()
        self.served.url = pool.url
        wait_until(lambda: self.task(after)["isComplete"], 60, "the next one")
        errors = wait_until(
            lambda: len(x := self.task(task)["errors"]) == 2 and x, 20,
            "two attempts")
        self.assertEqual(set(errors), {"worker ended with exit code 1"})
        self.assertEqual([x["_id"] for x in self.get("dead_tasks?channel=c")],
                         [task["_id"]])

    def test_ab17_a_worker_of_the_kit_that_is_killed(self):
        task = self.create(self.group(), errorDelayInSeconds=0)
        self.leave()
        pool = self.pool(self.config_file(
            {"channel": "c", "command": ["sh", "-c", "test $TASK_ATTEMPTS_LEFT "
             "= 4 && exit 0; sleep 100"], "lease": 600})).listens()
        self.served.url = pool.url
        wait_until(lambda: self.task(task)["assignedTo"], what="a worker")
        os.kill(self.worker_pids()[0], signal.SIGKILL)
        self.assertEqual(pool.finish(20), 0)
        self.serve_again()
        self.assertEqual(self.task(task)["errors"],
                         ["worker killed by signal 9"])
        self.assertTrue(self.task(task)["isComplete"])

    def test_d3_strays_that_end_do_not_stay_zombies(self):
        self.create(self.group())
        self.leave()
        pool = self.pool(self.config_file(
            {"channel": "c", "command": [self.script("sleep 0.2 &\n")]}),
            "--daemon")
        wait_until(lambda: "worker-ended" in "\n".join(pool.err),
                   what="the end of the worker")
        wait_until(lambda: not children_of(pool.process.pid), 20,
                   "no child")

    def test_ab13_a_type_that_cannot_be_started_spoils_no_other(self):
        group = self.group()
        self.create(group, "broken")
        good = self.create(group, "good")
        self.leave()
        pool = self.pool(self.config_file(
            {"channel": "broken", "protocol": "worker",
             "command": ["no-such-program"]},
            {"channel": "good", "command": ["true"]}, failures=3,
            longest_backoff=0.2)).listens()
        self.served.url = pool.url
        wait_until(lambda: self.task(good)["isComplete"], what="the good one")
        wait_until(lambda: "\n".join(pool.err).count("no such program") >= 5,
                   what="five tries")

    def test_ab19_a_command_that_fails_is_tried_again_and_given_up(self):
        task = self.create(self.group(), remainingAttempts=3,
                           errorDelayInSeconds=0)
        self.leave()
        pool = self.run_pool(self.config_file(
            {"channel": "c", "command": ["sh", "-c", "echo bad >&2; exit 3"]}))
        self.assertEqual("\n".join(pool.err).count("worker-started"), 1)
        self.serve_again()
        self.assertEqual(self.task(task)["errors"], ["exit code 3: bad"] * 3)
        self.assertEqual(len(self.get("dead_tasks")), 1)

    def test_ab18_d8_a_task_longer_than_its_lease_is_done_once(self):
        task = self.create(self.group())
        self.leave()
        self.run_pool(self.config_file(
            {"channel": "c", "lease": 1.5, "limit": 3,
             "command": ["sh", "-c", "echo x >> times; sleep 3"]}))
        with open(os.path.join(self.folder, "times"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "x\n")
        self.serve_again()
        self.assertTrue(self.task(task)["isComplete"])

    def test_ab18_a_late_result_is_refused(self):
        task = self.create(self.group())
        self.take(worker="slow", leaseSecs=0.2)
        again = wait_until(lambda: self.acquire(worker="next")["task"],
                           what="the end of the lease")
        self.assertEqual(again["_id"], task["_id"])
        self.release(again, "slow", status=409, output="late")
        self.release(again, "next", output="in time")


class Rules(Pools):
    def test_ab16_one_task_and_many_workers(self):
        task = self.create(self.group())
        self.leave()
        self.run_pool(self.config_file(
            {"channel": "c", "command": ["sh", "-c", "echo x >> times"],
             "limit": 8, "parallel": 8}))
        with open(os.path.join(self.folder, "times"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "x\n")
        self.serve_again()
        self.assertTrue(self.task(task)["isComplete"])

    def test_ab21_one_at_a_time_of_a_key_while_others_go_on(self):
        group = self.group()
        tasks = [self.create(group, key=f"k{i % 2}", input=i + 1)
                 for i in range(8)]
        self.leave()
        # Each notes what of its key runs beside it.
        work = self.script(
            'read n\nk=k$((n % 2))\nmkdir lock-$k || echo "twice $k" >> broken\n'
            'ls -d lock-* >> seen\nsleep 0.15\nrmdir lock-$k\necho $n\n')
        self.run_pool(self.config_file(
            {"channel": "c", "command": [work], "limit": 4, "key": "serial"}))
        self.assertFalse(os.path.exists(os.path.join(self.folder, "broken")))
        self.serve_again()
        self.assertEqual([self.task(x)["output"] for x in tasks],
                         list(range(1, 9)))

    def test_ab21_without_the_rule_tasks_of_a_key_are_one(self):
        group = self.group()
        tasks = [self.create(group, key="k", input=i + 1) for i in range(5)]
        self.leave()
        self.run_pool(self.config_file({"channel": "c", "command": ["cat"]}))
        self.serve_again()
        self.assertEqual({self.task(x)["output"] for x in tasks}, {1})

    def test_ab20_workers_leave_or_stay(self):
        group = self.group()
        self.create(group, "leaves")
        self.create(group, "stays")
        self.leave()
        pool = self.pool(self.config_file(
            {"channel": "leaves", "command": ["true"], "idle_exit": 0.2},
            {"channel": "stays", "command": ["true"], "idle_exit": 0}),
            "--daemon")
        def ends():
            return sum("worker-ended" in x and "leaves" in x for x in pool.err)
        wait_until(lambda: ends() == 1, what="one that leaves")
        self.served.url = pool.listens().url
        self.create(group, "leaves")
        wait_until(lambda: ends() == 2, what="another one that leaves")
        self.assertIn("stays_worker_0.pid", self.pid_files())
        self.assertNotIn("leaves_worker_0.pid", self.pid_files())

    def test_ab20_the_kit_ends_by_itself_when_it_is_idle(self):
        self.create(self.group())
        done = self.binary("worker", "--channel", "c", "--idle-exit", "0.3",
                           "--url", self.served.url, "--", "true")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("tasks done: 1", done.stderr)

    def test_a_worker_that_is_told_to_leave_finishes_its_task(self):
        from harness import Process
        first = self.create(self.group())
        second = self.create(self.group())
        worker = self.keep(Process(
            "worker", "--channel", "c", "--url", self.served.url, "--",
            "sh", "-c", "until [ -e go ]; do sleep 0.3; done",
            cwd=self.folder, env=environment()))
        wait_until(lambda: self.task(first)["assignedTo"], what="a worker")
        worker.send(signal.SIGUSR1)
        self.write("go", "")
        self.assertEqual(worker.finish(), 0)
        self.assertTrue(self.task(first)["isComplete"])
        # What came with the last answer goes back at once.
        wait_until(lambda: not self.task(second)["assignedTo"],
                   what="a task that is given back")
        self.assertFalse(self.task(second)["isComplete"])

    def test_ab6_d11_a_type_that_comes_later_gets_a_place(self):
        group = self.group()
        for _ in range(60):
            self.create(group, "first")
        self.leave()
        pool = self.pool(self.config_file(
            *({"channel": x, "command": ["sleep", "0.1"], "limit": 4}
              for x in ("first", "later")), limit=2), "--daemon").listens()
        self.served.url = pool.url
        self.wait_for_workers(2)
        task = self.create(group, "later")
        done = wait_until(lambda: self.task(task)["isComplete"] and
                          self.tasks(group), 10, "the later one")
        self.assertTrue([x for x in done if not x["isComplete"]])

    def test_memory_is_limited(self):
        task = self.create(self.group(), remainingAttempts=1)
        self.leave()
        eater = self.write("eat.py", "x = bytearray(300 << 20)\n"
                                     "print(len(x))\n")
        self.run_pool(self.config_file(
            {"channel": "c", "command": [sys.executable, eater],
             "memory_mbytes": 200}))
        self.serve_again()
        self.assertFalse(self.task(task)["isComplete"])
        self.assertTrue(self.task(task)["errors"])

    def test_ab24_a_pool_touches_only_its_own_workers(self):
        self.leave()
        self.serve_again()
        group = self.group()
        config = self.config_file({"channel": "c", "command": ["sleep", "100"],
                                   "limit": 1})
        for _ in range(2):
            self.create(group)
        other = os.path.join(self.folder, "other")
        mine = os.path.join(self.folder, "mine")
        first = self.pool(config, "--api", self.served.url, data=mine)
        mine_pid = self.wait_for_workers(1, mine)[0]
        second = self.pool(config, "--api", self.served.url, data=other)
        other_pid = self.wait_for_workers(1, other)[0]
        self.assertEqual(second.stop(), 0)
        self.assertFalse(alive(other_pid))
        self.assertTrue(alive(mine_pid))
        self.assertEqual(first.stop(), 0)
        self.assertFalse(alive(mine_pid))


class Elsewhere(Pools):
    """Pools of a service, and for one."""

    def test_serve_has_pools(self):
        self.leave()
        config = self.config_file(
            {"channel": "a", "command": ["cat"]}, top="""
[[pools]]
name = "second"
interval = 0.02
[[pools.workers]]
channel = "b"
command = ["cat"]
idle_exit = 30
""")
        served = self.served = self.serve("--config", config)
        group = self.group()
        tasks = [self.create(group, x, input=x) for x in ("a", "b")]
        for task in tasks:
            wait_until(lambda t=task: self.task(t)["isComplete"], what="both")
        shown = self.get("pools")["pools"]
        self.assertEqual([x["name"] for x in shown], ["pool", "second"])
        worker = shown[1]["types"][0]["workers"][0]
        self.assertTrue(alive(worker["pid"]))
        status = json.loads(self.command("status", "--json").stdout)
        self.assertEqual(status["pid"], served.process.process.pid)
        self.assertIn("belong to the service",
                      self.command("stop", expect=1).stderr)
        self.assertEqual(served.stop(), 0)
        self.assertFalse(alive(worker["pid"]))

    def test_a_hangup_names_what_of_pools_needs_a_restart(self):
        self.leave()
        worker = {"channel": "a", "command": ["cat"]}
        config = self.config_file(worker)
        served = self.served = self.serve("--config", config)
        self.config_file(dict(worker, limit=9, environment={"A": "hush"}),
                         limit=7)
        served.process.send(signal.SIGHUP)
        for option in ("pool.limit", "pool.workers.a.limit",
                       "pool.workers.a.environment"):
            served.process.wait_for_line(
                f"reload-kept option={option} needs a restart")
        self.assertNotIn("hush", "\n".join(served.process.err))
        task = self.create(self.group(), "a", input=1)
        wait_until(lambda: self.task(task)["isComplete"], what="a task")
        self.write("pool.toml", "[pool]\nlimt = 7\n")
        served.process.send(signal.SIGHUP)
        served.process.wait_for_line("reload-failed .*did you mean `limit`")

    def test_workers_go_on_when_the_token_of_the_api_changes(self):
        self.leave()
        slow = self.script("cat > /dev/null\ntouch begun\n"
                           "while [ ! -e go ]; do sleep 0.05; done\necho 1\n")
        workers = ({"channel": "a", "command": [slow]},
                   {"channel": "b", "command": ["cat"]})
        config = self.config_file(*workers, top='api_token = "first"\n')
        served = self.served = self.serve("--config", config)
        first, second = ({"headers": {"Authorization": f"Bearer {x}"}}
                         for x in ("first", "second"))
        group = self.post("task_groups", {"name": "g"}, **first)["_id"]

        def create(channel, **who):
            return self.post(f"task_group/{group}/tasks",
                             {"name": channel, "channel": channel, "input": 1},
                             **who)["_id"]
        # One that has begun by then, and one whose worker comes later.
        tasks = [create("a", **first)]
        wait_until(lambda: os.path.exists(os.path.join(self.folder, "begun")),
                   what="a task that has begun")
        self.config_file(*workers, top='api_token = "second"\n')
        served.process.send(signal.SIGHUP)
        wait_until(lambda: served.get("/api/v1/pools", **first).status == 401)
        self.write("go", "")
        tasks.append(create("b", **second))
        for task in tasks:
            shown = wait_until(
                lambda t=task: (x := self.get(f"task/{t}", **second))[
                    "isComplete"] and x, what="a task")
            self.assertEqual(shown["errors"], [])

    def test_the_configuration_is_shown_with_its_pools(self):
        config = self.config_file(
            {"channel": "a", "command": ["cat"], "environment": {"A": "hush"}})
        shown = self.binary("config", "--config", config)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn('[[pool.workers]]\nname = "a"\nchannel = "a"',
                      shown.stdout)
        self.assertNotIn("hush", shown.stdout)
        again = self.write("again.toml", shown.stdout)
        self.assertEqual(self.binary("config", "--config", again).stdout,
                         shown.stdout)

    def test_two_services_cannot_share_a_directory_with_pools(self):
        self.leave()
        config = self.config_file({"channel": "c", "command": ["true"]})
        self.served = self.serve("--config", config)
        self.assertIn("already running", self.run_pool(config).out[0])

    def test_the_tasks_of_a_service_that_comes_back(self):
        config = self.config_file({"channel": "c", "command": ["cat"]})
        data = os.path.join(self.folder, "mine")
        port = self.served.url.rpartition(":")[2]
        pool = self.pool(config, "--daemon", "--api", self.served.url,
                         data=data)
        first = self.create(self.group(), input=1)
        wait_until(lambda: self.task(first)["isComplete"], what="the first")
        self.served.stop(signal.SIGKILL)
        self.served = self.serve(listen=f"127.0.0.1:{port}")
        second = self.create(self.group(), input=2)
        wait_until(lambda: self.task(second)["isComplete"], 60, "the second")
        self.assertEqual(pool.stop(), 0)

    def test_a_token_opens_the_service_and_a_wrong_one_ends(self):
        self.leave()
        self.served = self.serve(ORCHESTRATOR_TOKEN="s3cret")
        head = {"headers": {"Authorization": "Bearer s3cret"}}
        group = self.post("task_groups", {"name": "g"}, **head)["_id"]
        task = self.post(f"task_group/{group}/tasks",
                         {"name": "t", "channel": "c", "input": 3}, **head)
        config = self.config_file({"channel": "c", "command": ["cat"]})
        data = os.path.join(self.folder, "mine")
        wrong = self.run_pool(config, "--api", self.served.url, "--token",
                              "wrong", data=data, expect=1)
        self.assertIn("refuses the token", "\n".join(wrong.err))
        self.run_pool(config, "--api", self.served.url, data=data,
                      ORCHESTRATOR_TOKEN="s3cret")
        self.assertEqual(self.get(f"task/{task['_id']}", **head)["output"], 3)

    def test_ab25_a_schedule_is_made_once_for_each_due_time(self):
        self.leave()
        config = self.config_file({"channel": "c", "command": ["cat"]})
        with open(config, "a", encoding="utf-8") as file:
            file.write('[[pool.schedules]]\nname = "hourly"\nchannel = "c"\n'
                       "every = 1\ninput = '{\"a\": 1}'\n")

        def names():
            return [x["name"] for x in self.get("task_groups")
                    if x["name"].startswith("hourly ")]
        # Not by a run that ends.
        self.run_pool(config)
        for _ in range(3):
            pool = self.pool(config, "--daemon").listens()
            self.served.url = pool.url
            before = len(names())
            wait_until(lambda n=before: len(names()) > n,
                       what="one more")
            shown = self.get("schedules/hourly")
            self.assertEqual(shown["definition"]["everySecs"], 1)
            pool.stop(signal.SIGKILL)
        self.serve_again()
        # Its configuration has none.
        self.assertEqual(self.get("schedules")["items"], [])
        made = names()
        self.assertEqual(len(made), len(set(made)))
        self.assertGreaterEqual(len(made), 3)
        groups = [x for x in self.get("task_groups") if x["name"] in made]
        for group in groups[1:]:
            tasks = self.tasks(group["_id"])
            self.assertEqual([(x["name"], x["input"]) for x in tasks],
                             [("hourly", {"a": 1})])

    def test_an_idle_daemon_costs_nothing(self):
        self.leave()
        pool = self.pool(self.config_file(
            {"channel": "c", "command": ["true"]}), "--daemon").listens()
        wait_until(lambda: "idle" in pool.out, what="idle")

        def ticks():
            with open(f"/proc/{pool.process.pid}/stat",
                      encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
            return int(fields[11]) + int(fields[12])

        def rests():
            before = ticks()
            time.sleep(0.1)
            return ticks() == before
        wait_until(rests, what="the end of its start")
        before = ticks()
        # What happens is that nothing happens.
        time.sleep(2)
        self.assertLessEqual(ticks() - before, 1)


if __name__ == "__main__":
    unittest.main()
