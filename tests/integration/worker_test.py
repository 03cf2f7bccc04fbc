"""The worker kit, and task graphs by the commands of a user."""

import json
import os
import signal
import time
import unittest

from harness import Process, environment, wait_until
from pools import alive
from tasks import Crew


class Kit(Crew):
    def cli(self, *args, stdin="", expect=0, **more):
        done = self.binary(*args, "--url", self.served.url, stdin=stdin, **more)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done

    def worker(self, *command, channel="c", options=(), **variables):
        return self.keep(Process(
            "worker", "--channel", channel, *options, "--url", self.served.url,
            "--", *command, env=environment(**variables), cwd=self.folder))

    def script(self, text):
        path = self.write("work.sh", "#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
        return path

    def ended(self, task, seconds=20):
        return wait_until(
            lambda: (now := self.task(task))["isComplete"] and now, seconds,
            "the task complete")

    def failed(self, task):
        return wait_until(lambda: (now := self.task(task))["errors"] and now,
                          what="an error")


class Worker(Kit):
    def test_a_command_gets_the_input_and_its_output_is_kept(self):
        group = self.group()
        first = self.create(group, input={"n": 20})
        self.create(group, input={"n": 1}, parentIds=[first["_id"]],
                    name="second")
        self.worker(self.script(
            'read input\necho "{\\"got\\":$input,\\"parents\\":$TASK_PARENTS,'
            '\\"name\\":\\"$TASK_NAME\\",\\"channel\\":\\"$TASK_CHANNEL\\"}"\n'))
        self.assertEqual(self.ended(first)["output"]["got"], {"n": 20})
        second = wait_until(
            lambda: [x for x in self.tasks(group) if x["isComplete"]
                     and x["name"] == "second"], what="the second")[0]
        self.assertEqual(second["output"]["name"], "second")
        self.assertEqual(second["output"]["channel"], "c")
        self.assertEqual(second["output"]["parents"][0]["output"]["got"],
                         {"n": 20})

    def test_text_is_an_output_too_and_nothing_is_null(self):
        group = self.group()
        said = self.create(group, "say", input=1)
        silent = self.create(group, "silent", input=1)
        self.worker("echo", "two", "words", channel="say")
        self.worker("true", channel="silent")
        self.assertEqual(self.ended(said)["output"], "two words")
        self.assertIsNone(self.ended(silent)["output"])

    def test_exit_codes_say_how_it_ended(self):
        group = self.group()
        task = self.create(group, errorDelayInSeconds=0)
        self.worker(self.script(
            "case $TASK_ATTEMPTS_LEFT in\n"
            "5) echo first >&2; echo 'no disk' >&2; exit 3;;\n"
            "4) exit 75;;\n3) kill -9 $$;;\n2) sleep 60;;\nesac\necho ok\n"),
            options=("--timeout", "0.5", "--grace", "1"))
        done = self.ended(task)
        self.assertEqual(done["errors"][:3], [
            "exit code 3: no disk", "try again", "killed by signal 9"])
        self.assertIn("timed out", done["errors"][3])
        self.assertEqual(done["output"], "ok")

    def test_a_response_makes_children(self):
        group = self.group()
        self.create(group)
        self.worker(self.script(
            'echo \'{"output": 7, "children": [{"name": "child", '
            '"channel": "other", "input": {"x": 1}}]}\'\n'),
            options=("--response",))
        child = wait_until(lambda: [x for x in self.tasks(group)
                                    if x["name"] == "child"], what="a child")
        self.assertEqual(child[0]["input"], {"x": 1})

    def test_a_response_that_is_none_is_an_error(self):
        task = self.create(self.group())
        self.worker("echo", "nothing", options=("--response",))
        self.assertIn("printed no response", self.failed(task)["errors"][0])

    def test_heartbeats_keep_a_long_task(self):
        task = self.create(self.group())
        self.worker("sleep", "3", options=("--lease", "1"))
        wait_until(lambda: self.task(task)["assignedTo"], what="a worker")
        time.sleep(1.5)
        self.assertIsNone(self.acquire(worker="thief")["task"])
        self.assertEqual(self.ended(task)["errors"], [])

    def test_a_worker_that_is_stopped_gives_its_task_back(self):
        task = self.create(self.group())
        worker = self.worker("sleep", "100", options=("--grace", "1"))
        worker.wait_for_line("worker task-begun")
        self.assertEqual(worker.stop(signal.SIGTERM), 0)
        again = wait_until(lambda: self.acquire(worker="other")["task"],
                           20, "the task")
        self.assertEqual((again["_id"], again["remainingAttempts"]),
                         (task["_id"], 5))

    def test_a_command_may_use_its_grace(self):
        task = self.create(self.group())
        worker = self.worker(self.script(
            "trap 'echo saved; exit 0' TERM\ntouch ready\nsleep 100 & wait\n"))
        wait_until(lambda: os.path.exists(os.path.join(self.folder, "ready")),
                   what="a command that can be told")
        self.assertEqual(worker.stop(signal.SIGTERM), 0)
        self.assertEqual(self.task(task)["output"], "saved")

    def test_a_worker_outlives_a_restart_of_the_service(self):
        port = self.served.url.rsplit(":", 1)[1]
        worker = self.worker("cat")
        self.served.stop(signal.SIGKILL)
        time.sleep(1)
        self.served = self.serve(listen=f"127.0.0.1:{port}")
        task = self.create(self.group(), input={"after": "restart"})
        self.assertEqual(self.ended(task, 40)["output"], {"after": "restart"})
        self.assertIsNone(worker.process.poll())

    def test_a_result_outlives_a_service_that_cannot_take_it(self):
        task = self.create(self.group())
        port = self.served.url.rsplit(":", 1)[1]
        worker = self.worker(self.script("touch begun\nwhile [ ! -e go ]; do "
                                         "sleep 0.1; done\necho done\n"))
        begun, go = (os.path.join(self.folder, x) for x in ("begun", "go"))
        wait_until(lambda: os.path.exists(begun), what="the command")
        self.served.stop(signal.SIGKILL)
        with open(go, "w", encoding="utf-8"):
            worker.wait_for_line("worker not-released")
        self.served = self.serve(listen=f"127.0.0.1:{port}")
        self.assertEqual(self.ended(task)["output"], "done")
        self.assertEqual(self.task(task)["errors"], [])

    def test_a_worker_ends_though_nobody_takes_its_result(self):
        self.create(self.group())
        worker = self.worker(self.script("touch begun\nsleep 1\n"),
                             options=("--grace", "1"))
        begun = os.path.join(self.folder, "begun")
        wait_until(lambda: os.path.exists(begun), what="the command")
        self.served.stop(signal.SIGKILL)
        worker.wait_for_line("worker not-released")
        self.assertEqual(worker.stop(signal.SIGTERM), 0)

    def test_what_is_no_utf8_is_replaced(self):
        group = self.group()
        shout = self.create(group, "shout", input=1)
        fault = self.create(group, "fault", input=1)
        self.worker("printf", "caf\\351", channel="shout")
        self.worker(self.script("printf 'na\\357f' >&2; exit 3\n"),
                    channel="fault")
        self.assertEqual(self.ended(shout)["output"], "caf\ufffd")
        self.assertEqual(self.failed(fault)["errors"][0],
                         "exit code 3: na\ufffdf")

    def test_an_output_that_is_too_large_is_no_output(self):
        task = self.create(self.group(), remainingAttempts=1)
        self.cli("worker", "--channel", "c", "--once",
                 self.script("head -c 11000000 /dev/zero | tr '\\0' 1\n"),
                 expect=1)
        self.assertEqual(self.failed(task)["errors"],
                         ["printed more than 10 MiB"])

    def test_an_output_that_grows_too_large_as_json_fails_the_task(self):
        task = self.create(self.group(), remainingAttempts=1)
        self.cli("worker", "--channel", "c", "--once",
                 self.script("head -c 8000000 /dev/zero | tr '\\0' '\\377'\n"),
                 expect=1)
        self.assertIn("print less", self.failed(task)["errors"][0])

    def test_many_tasks_at_a_time_and_an_end(self):
        group = self.group()
        for i in range(60):
            self.create(group, input=i + 1)
        done = self.cli("worker", "--channel", "c", "--parallel", "6", "--once",
                        "--json", "cat")
        self.assertEqual(json.loads(done.stdout.splitlines()[-1]),
                         {"event": "worker", "done": 60, "failed": 0})
        self.assertEqual({x["output"] for x in self.tasks(group)},
                         set(range(1, 61)))

    def test_what_left_its_group_does_not_hold_the_worker(self):
        task = self.create(self.group())
        done = self.cli("worker", "--channel", "c", "--once",
                        self.script("setsid sleep 1000 &\necho $!\n"))
        stray = self.task(task)["output"]
        self.assertFalse(alive(stray), done.stderr)

    def test_a_command_that_is_not_there_is_an_error(self):
        task = self.create(self.group(), remainingAttempts=1)
        done = self.cli("worker", "--channel", "c", "--once", "no-such-program",
                        expect=1)
        self.assertIn("attempts failed: 1", done.stderr)
        self.assertIn("cannot be started: no-such-program: no such",
                      self.task(task)["errors"][0])


class Commands(Kit):
    def id_in(self, done):
        return json.loads(done.stdout)["_id"]

    def test_groups_and_tasks_are_made_shown_and_removed(self):
        group = self.id_in(self.cli("groups", "create", "nightly", "--json"))
        self.assertIn("nightly", self.cli("groups").stdout)
        parent = self.id_in(self.cli("tasks", "create", group, "--channel", "c",
                                     "--name", "first", "--input", '{"a":1}',
                                     "--json"))
        self.cli("tasks", "create", group, "--channel", "c", "--name", "second",
                 "--parent", parent, "--priority", "3", "--key", "k")
        listed = self.cli("tasks", "list", "--group", group).stdout
        self.assertIn("waits for its parents", listed)
        self.assertIn("ready", listed)
        shown = json.loads(self.cli("tasks", "show", parent, "--json").stdout)
        self.assertEqual(shown["input"], {"a": 1})
        self.assertIn("paused", self.cli("groups", "pause", group).stdout)
        self.assertIn("working", self.cli("groups", "resume", group).stdout)
        self.assertRegex(self.cli("channels").stdout, r"c +2 +0 +0")
        self.cli("tasks", "remove", parent)
        self.assertEqual(self.tasks(group), [])
        self.cli("groups", "remove", group)
        self.assertEqual(self.get("task_groups"), [])

    def test_what_was_given_up_is_redriven(self):
        group = self.group()
        for _ in range(3):
            self.create(group, remainingAttempts=1)
            self.release(self.take(), error="no")
        self.assertEqual(self.cli("tasks", "dead").stdout.count("given up"), 3)
        self.assertIn("again: 3", self.cli("tasks", "redrive", "--channel", "c",
                                           "--attempts", "4").stdout)
        self.assertEqual({x["remainingAttempts"] for x in self.tasks(group)},
                         {4})
        self.assertEqual(self.get("dead_tasks"), [])

    def test_what_is_not_there_is_named(self):
        done = self.cli("tasks", "show", "0" * 24, expect=2)
        self.assertIn("not found", done.stderr)
        done = self.cli("tasks", "list", "--json", expect=2)
        self.assertIn("give --group ID or --channel NAME", done.stderr)
        done = self.cli("tasks", "create", self.group(), "--channel", "c",
                        "--input", "{", expect=2)
        self.assertIn("--input", done.stderr)


if __name__ == "__main__":
    unittest.main()
