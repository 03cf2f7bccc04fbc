"""How pools begin and end: locks, pid files, signals, hooks, exit codes."""

import json
import os
import signal
import socket
import subprocess
import time
import unittest

from harness import BINARY, Process, environment, wait_until
from pools import Pools, alive


class Lock(Pools):
    def setUp(self):
        super().setUp()
        self.leave()
        self.config = self.config_file({"channel": "c", "command": ["true"]})

    def test_ab11_d5_a_second_one_says_so_and_ends(self):
        first = self.pool(self.config, "--daemon").listens()
        second = self.run_pool(self.config)
        self.assertEqual(second.out, [f"already running: {first.process.pid}"])
        with open(os.path.join(self.workers, "orchestrator.pid"),
                  encoding="utf-8") as file:
            self.assertEqual(int(file.readline()), first.process.pid)
        self.assertEqual(first.stop(), 0)

    def test_ab11_d5_of_ten_that_start_at_once_one_runs(self):
        ten = [self.pool(self.config, "--daemon") for _ in range(10)]
        wait_until(lambda: sum(x.process.poll() is not None for x in ten) == 9,
                   what="nine ends")
        told = [(x.process.poll(), x.out, x.err) for x in ten]
        self.assertEqual([code for code, _, _ in told].count(0), 9, told)
        self.command("stop", expect=0)

    def test_ab11_d4_a_stale_file_blocks_nobody(self):
        os.makedirs(self.workers, exist_ok=True)
        path = os.path.join(self.workers, "orchestrator.pid")
        # Another process has that number now: this one.
        for text in (f"{os.getpid()}\norchestrator\n\n2020-01-01T00:00:00Z\n",
                     "1\norchestrator\n\n2020-01-01T00:00:00Z\n", "rubbish"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            self.assertEqual(self.command("is-running").returncode, 1)
            pool = self.run_pool(self.config)
            self.assertEqual(pool.lines(), ["idle", "all work complete"])

    def test_two_directories_do_not_disturb_each_other(self):
        self.pool(self.config, "--daemon").listens()
        other = os.path.join(self.folder, "other")
        self.run_pool(self.config, data=other)

    def test_ab12_is_running_before_while_and_after(self):
        def is_running():
            done = self.command("is-running")
            self.assertEqual(done.returncode, 0 if "true" in done.stdout else 1)
            return done.stdout.strip()
        self.assertEqual(is_running(), "false")
        pool = self.pool(self.config, "--daemon").listens()
        self.assertEqual(is_running(), "true")
        pool.stop()
        self.assertEqual(is_running(), "false")

    def test_ab12_ab26_get_or_start_really_starts_one(self):
        began = self.command("get-or-start", "--config", self.config,
                             "--daemon", expect=0)
        pid = int(began.stdout)
        try:
            # At once: it waited until the pools were open.
            self.command("is-running", expect=0)
            self.assertTrue(alive(pid))
            again = self.command("get-or-start", "--config", self.config,
                                 expect=0)
            self.assertEqual(again.stdout, f"already running: {pid}\n")
            shown = json.loads(self.command("status", "--json").stdout)
            self.assertEqual((shown["running"], shown["pid"]), (True, pid))
        finally:
            stopped = self.command("stop", expect=0)
        self.assertEqual(stopped.stdout, f"stopped: {pid}\n")
        self.assertFalse(alive(pid))
        self.assertEqual(self.command("stop", expect=0).stdout, "not running\n")

    def test_ab12_get_or_start_says_why_it_could_not(self):
        bad = self.write("bad.toml", "[[pool.workers]]\nchannel = 'c'\n"
                                     "command = ['true']\n[log]\nlevel = 'x'\n")
        done = self.command("get-or-start", "--config", bad, expect=2)
        self.assertIn("log.level", done.stderr)

    def test_get_or_start_waits_until_its_pools_are_open(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            done = self.command("get-or-start", "--config", self.config,
                                "--daemon", "--listen",
                                f"127.0.0.1:{taken.getsockname()[1]}", expect=1)
        self.assertIn("it ended at once", done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertEqual(self.command("is-running").returncode, 1)

    def test_ab26_exit_codes(self):
        self.run_pool(self.config)
        stopped = self.pool(self.config, "--daemon").listens()
        self.assertEqual(stopped.stop(signal.SIGINT), 0)
        self.assertEqual(self.command("run", "--config", self.config, "--listen",
                                      "192.0.2.1:1").returncode, 1)
        self.assertEqual(self.command("run").returncode, 2)
        self.assertEqual(
            self.command("run", "--config", "nowhere.toml").returncode, 2)

    def test_ab1_nothing_is_written_before_it_runs(self):
        self.assertFalse(os.path.exists(self.workers))
        self.command("is-running", expect=1)
        self.command("status", expect=0)
        self.assertFalse(os.path.exists(self.workers))


class Ends(Pools):
    def hooked(self, *workers, **more):
        log = os.path.join(self.folder, "hooks.txt")
        hook = ["sh", "-c", f'echo "$POOL_EVENT" >> {log}']
        return self.config_file(
            *workers, on_startup=hook, on_tick=hook, on_idle=hook,
            on_shutdown=hook, **more)

    def hooks(self):
        with open(os.path.join(self.folder, "hooks.txt"),
                  encoding="utf-8") as file:
            return file.read().split()

    def test_ab15_hooks_come_in_order_and_shutdown_once(self):
        self.create(self.group())
        self.leave()
        self.run_pool(self.hooked({"channel": "c", "command": ["true"]}))
        hooks = self.hooks()
        self.assertEqual((hooks[0], hooks[-1]), ("startup", "shutdown"))
        self.assertEqual(hooks.count("shutdown"), 1)
        self.assertIn("tick", hooks)
        self.assertEqual(hooks[-2], "idle")
        self.assertEqual(set(hooks[1:-1]), {"tick", "idle"})

    def test_ab15_d2_ctrl_c_says_shutdown_too(self):
        self.create(self.group())
        self.leave()
        pool = self.pool(self.hooked({"channel": "c",
                                      "command": ["sleep", "100"]}))
        self.wait_for_workers(1)
        self.assertEqual(pool.stop(signal.SIGINT), 0)
        self.assertEqual(self.hooks().count("shutdown"), 1)
        self.assertEqual(self.pid_files(), [])

    def test_ab15_hooks_that_fail_change_nothing(self):
        self.leave()
        pool = self.run_pool(self.config_file(
            {"channel": "c", "command": ["true"]}, on_startup=["false"],
            on_idle=["no-such-program"], on_shutdown=["sleep", "100"],
            hook_timeout=0.2))
        told = "\n".join(pool.err)
        self.assertIn('event=startup problem="exit code 1"', told)
        self.assertIn("no-such-program: no such program", told)
        self.assertIn('event=shutdown problem="timed out"', told)

    def test_ab10_files_of_the_dead_go_and_are_counted(self):
        self.leave()
        os.makedirs(self.workers)
        for name, text in (("c_worker_0.pid", "rubbish"),
                           ("c_worker_1.pid", "1\nc\n\n2020-01-01T00:00:00Z\n"),
                           ("c_worker_7.pid",
                            f"{os.getpid()}\nc\n\n2020-01-01T00:00:00Z\n")):
            with open(os.path.join(self.workers, name), "w",
                      encoding="utf-8") as file:
                file.write(text)
        pool = self.run_pool(self.config_file(
            {"channel": "c", "command": ["true"]}))
        self.assertIn("pid-files=3 orphans=0", "\n".join(pool.err))
        self.assertEqual(self.pid_files(), [])

    def test_ab22_d9_a_stop_leaves_no_process_of_a_tree(self):
        self.create(self.group())
        self.leave()
        # Two that hear nothing, one of them in a session of its own.
        stubborn = self.script(
            "trap '' TERM\n"
            "setsid sh -c \"trap '' TERM; echo \\$\\$ > alone.txt; "
            "while :; do sleep 1; done\" &\n"
            "sh -c \"trap '' TERM; echo \\$\\$ > below.txt; "
            "while :; do sleep 1; done\" &\n"
            "echo $$ > top.txt\nwhile :; do sleep 1; done\n")
        pool = self.pool(self.config_file(
            {"channel": "c", "command": [stubborn], "grace": 0.3}))

        def pid_in(name):
            path = os.path.join(self.folder, name)
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    return int(file.read() or 0)
            return 0
        names = ("alone.txt", "below.txt", "top.txt")
        wait_until(lambda: all(pid_in(x) for x in names), what="the tree")
        pids = [pid_in(x) for x in names] + self.worker_pids()
        self.assertTrue(all(alive(x) for x in pids))
        at = time.monotonic()
        self.assertEqual(pool.stop(signal.SIGTERM), 0)
        self.assertLess(time.monotonic() - at, 20)
        wait_until(lambda: not any(alive(x) for x in pids), 20, "no process")
        self.serve_again()
        self.assertEqual(self.take()["remainingAttempts"], 5)

    def test_ab22_a_worker_may_use_its_grace(self):
        task = self.create(self.group())
        self.leave()
        pool = self.pool(self.config_file(
            {"channel": "c", "grace": 10, "command": [self.script(
                "trap 'sleep 0.3; echo saved; exit 0' TERM\n"
                "touch begun\nsleep 100 & wait\n")]}))
        wait_until(lambda: os.path.exists(os.path.join(self.folder, "begun")),
                   what="the task")
        self.assertEqual(pool.stop(signal.SIGTERM), 0)
        self.serve_again()
        self.assertEqual(self.task(task)["output"], "saved")

    def test_ab23_after_kill_9_orphans_go_and_the_queue_goes_on(self):
        group = self.group()
        tasks = [self.create(group, input=i + 1) for i in range(40)]
        self.leave()
        # One that outlives its worker.
        slow = self.script("setsid sleep 1000 > /dev/null 2>&1 &\n"
                           "echo $! >> strays.txt\n"
                           "sleep 0.05\ncat\n")
        config = self.config_file({"channel": "c", "command": [slow],
                                   "limit": 3, "timeout": 5})
        pool = self.pool(config)
        self.wait_for_workers(3)
        wait_until(lambda: os.path.exists(
            os.path.join(self.folder, "strays.txt")), what="strays")
        workers = self.worker_pids()
        pool.send(signal.SIGKILL)
        pool.process.wait(10)
        with open(os.path.join(self.folder, "strays.txt"),
                  encoding="utf-8") as file:
            strays = [int(x) for x in file.read().split()]
        self.assertTrue(any(alive(x) for x in strays))
        again = self.run_pool(config, seconds=60)
        self.assertIn("swept", "\n".join(again.err))
        self.assertFalse(any(alive(x) for x in strays + workers))
        self.serve_again()
        for task in tasks:
            shown = self.task(task)
            self.assertTrue(shown["isComplete"])
            self.assertEqual(shown["output"], int(shown["input"]))

    def test_no_secret_is_printed_or_written(self):
        self.create(self.group())
        self.leave()
        config = self.config_file(
            {"channel": "c", "command": ["sh", "-c", "echo \"$MINE\" > env"],
             "environment": {"MINE": "hush-hush"}},
            top='api_token = "very-secret-token"\n')
        pool = self.run_pool(config, "--log-level", "debug")
        for text in ("very-secret-token", "hush-hush"):
            self.assertNotIn(text, "\n".join(pool.out + pool.err))
            for path, content in self.texts_below(self.workers):
                self.assertNotIn(text.encode(), content, path)
        with open(os.path.join(self.folder, "env"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "hush-hush\n")


if __name__ == "__main__":
    unittest.main()
