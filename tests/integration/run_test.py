"""`apify-orchestrator run`, as a script sees it."""

import csv
import json
import os
import signal
import stat
import subprocess
import threading
import unittest

from harness import BINARY, Case, request, wait_until


class Plans(Case):
    def test_a_plan_prints_a_line_a_run_and_a_report(self):
        platform = self.emulator()
        plan = self.plan(*[request(f"job-1/{i}", more_input={"items": i})
                           for i in range(5)])
        done = self.run_plan(platform, plan, "--json")
        *finished, report = done.events
        self.assertEqual({x["event"] for x in finished}, {"run-finished"})
        self.assertEqual({x["run"]["name"] for x in finished},
                         {f"job-1/{i}" for i in range(5)})
        run = next(x["run"] for x in finished if x["run"]["name"] == "job-1/3")
        for field in ("name", "namespace", "state", "status", "reason", "actor",
                      "account", "runId", "attempts", "memoryMbytes",
                      "defaultDatasetId", "defaultKeyValueStoreId", "itemCount",
                      "usageTotalUsd", "submittedAt", "startedAt", "finishedAt",
                      "error"):
            self.assertIn(field, run)
        self.assertEqual((run["state"], run["status"], run["itemCount"]),
                         ("finished", "SUCCEEDED", 3))
        self.assertRegex(run["submittedAt"],
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertEqual((report["event"], report["runs"], report["succeeded"]),
                         ("report", 5, 5))

    def test_the_same_plan_again_starts_nothing(self):
        platform = self.emulator()
        plan = self.plan(*[request(f"a{i}") for i in range(4)])
        self.run_plan(platform, plan, "--json")
        again = self.run_plan(platform, plan, "--json")
        self.assertEqual(platform.stats()["runsStarted"], 4)
        self.assertEqual(again.events[-1]["joined"], 4)

    def test_a_larger_plan_starts_only_what_is_new(self):
        platform = self.emulator()
        self.run_plan(platform, self.plan(request("a"), request("b")))
        self.run_plan(platform, self.plan(request("b"), request("c")))
        self.assertEqual(platform.starts_by_key(), {"a": 1, "b": 1, "c": 1})

    def test_requests_come_a_line_each_on_standard_input(self):
        platform = self.emulator()
        text = "".join(json.dumps(request(f"l{i}")) + "\n" for i in range(3))
        done = subprocess.run(
            [BINARY, "run", "-", "--json"], input=text, text=True,
            capture_output=True, timeout=30, check=False, cwd=self.folder,
            env=self.environment(platform))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(platform.starts_by_key(), {"l0": 1, "l1": 1, "l2": 1})

    def test_runs_without_a_name_rejoin_as_well(self):
        platform = self.emulator()
        unnamed = request("x")
        del unnamed["name"]
        plan = self.plan(unnamed)
        for _ in range(2):
            self.run_plan(platform, plan)
        self.assertEqual(platform.starts_by_key(), {"x": 1})

    def test_one_run_comes_from_the_command_line(self):
        platform = self.emulator()
        file = self.write("input.json", {"key": "one", "durationMs": 50})
        done = self.run_plan(
            platform, "--actor", "emulator/scripted", "--name", "one", "--input",
            f"@{file}", "--memory", "256", "--timeout", "60", "--build",
            "latest", "--json")
        run = done.events[0]["run"]
        self.assertEqual((run["name"], run["memoryMbytes"]), ("one", 256))
        self.run_plan(platform, "--actor", "emulator/scripted", "--name", "two",
                      "--input", '{"key":"two","durationMs":10}')
        self.assertEqual(platform.starts_by_key(), {"one": 1, "two": 1})

    def test_people_get_plain_lines_without_json(self):
        platform = self.emulator()
        done = self.run_plan(platform, self.plan(request("hello")))
        text = "\n".join(done.out)
        self.assertIn("hello", text)
        self.assertIn("SUCCEEDED", text)
        self.assertNotIn("\x1b", text)

    def test_a_failed_run_makes_the_exit_code_1(self):
        platform = self.emulator()
        plan = self.plan(request("good"),
                         request("bad", more_input={"outcome": "FAILED"}))
        done = self.run_plan(platform, plan, "--json", expect=1)
        states = {x["run"]["name"]: x["run"]["status"] for x in done.events[:-1]}
        self.assertEqual(states, {"good": "SUCCEEDED", "bad": "FAILED"})
        self.assertEqual(done.events[-1]["failed"], 1)

    def test_an_unknown_actor_is_refused_and_named(self):
        platform = self.emulator()
        plan = self.plan(request("x", actor="nobody/nothing"), request("y"))
        done = self.run_plan(platform, plan, "--json", expect=1)
        run = next(x["run"] for x in done.events[:-1] if x["run"]["name"] == "x")
        self.assertEqual(run["state"], "refused")
        self.assertIn("nobody/nothing", run["error"]["message"])

    def test_options_reach_the_platform(self):
        platform = self.emulator()
        plan = self.plan(request("x", options={
            "timeoutSecs": 77, "maxItems": 9, "maxTotalChargeUsd": 1.5,
            "restartOnError": True, "build": "latest"}))
        run = self.run_plan(platform, plan, "--json").events[0]["run"]
        remote = platform.runs()[0]
        self.assertEqual(remote["id"], run["runId"])


class Results(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()
        self.source = self.plan(
            request("b", more_input={"items": [{"n": 1}, {"n": 2}]}),
            request("a", more_input={"items": [{"n": 3, "t": "x,\"y\"\nz"}]}),
            request("none"))

    def merged(self, name, *args):
        path = self.write(name, "")
        self.run_plan(self.platform, self.source, "--output", path, *args)
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()

    def test_items_are_merged_in_the_order_of_the_plan(self):
        lines = self.merged("out.ndjson").splitlines()
        self.assertEqual([json.loads(x)["n"] for x in lines], [1, 2, 3])

    def test_the_format_follows_the_name_or_the_option(self):
        self.assertEqual([x["n"] for x in json.loads(self.merged("out.json"))],
                         [1, 2, 3])
        rows = list(csv.DictReader(
            self.merged("out.txt", "--format", "csv").splitlines(True)))
        self.assertEqual([x["n"] for x in rows], ["1", "2", "3"])
        self.assertEqual(rows[2]["t"], "x,\"y\"\nz")

    def numbers(self, text):
        return [json.loads(x)["n"] for x in text.splitlines()]

    def test_a_pipe_stays_one_and_a_link_leads_where_it_led(self):
        pipe = os.path.join(self.folder, "pipe")
        os.mkfifo(pipe)
        read = []
        def take():
            with open(pipe, encoding="utf-8") as file:
                read.append(file.read())
        reader = threading.Thread(target=take, daemon=True)
        reader.start()
        self.run_plan(self.platform, self.source, "--output", pipe)
        reader.join(20)
        self.assertEqual(self.numbers(read[0]), [1, 2, 3])
        self.assertTrue(stat.S_ISFIFO(os.stat(pipe).st_mode))

        file = self.write("there.ndjson", "old")
        link = os.path.join(self.folder, "link")
        os.symlink("there.ndjson", link)
        self.run_plan(self.platform, self.source, "--output", link)
        self.assertTrue(os.path.islink(link))
        with open(file, encoding="utf-8") as there:
            self.assertEqual(self.numbers(there.read()), [1, 2, 3])

    def test_items_on_standard_output_are_alone_there(self):
        done = self.run_plan(self.platform, self.source, "--output", "-")
        self.assertEqual(self.numbers("\n".join(done.out)), [1, 2, 3])
        self.assertIn("3 items in standard output", done.err)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "-")))
        self.run_plan(self.platform, self.source, "--output", "-", "--json",
                      expect=2)

    def test_a_plan_is_not_written_over(self):
        done = self.run_plan(self.platform, self.source, "--output",
                             self.source, expect=2)
        self.assertIn("says what to run", "\n".join(done.err))
        with open(self.source, encoding="utf-8") as file:
            self.assertEqual(len(json.load(file)["runs"]), 3)
        self.assertEqual(self.platform.stats()["runsStarted"], 0)

    def test_an_output_that_cannot_be_written_is_told(self):
        done = self.run_plan(self.platform, self.source, "--output",
                             "/no/such/folder/out.json", expect=2)
        self.assertIn("/no/such/folder/out.json", "\n".join(done.err))
        self.assertEqual(self.platform.stats()["runsStarted"], 0)


class Ends(Case):
    def test_failed_runs_are_started_again_while_attempts_last(self):
        platform = self.emulator()
        plan = self.plan(
            request("third", attempts=3, more_input={"failFirst": 2}),
            request("never", attempts=2, more_input={"failFirst": 9}))
        done = self.run_plan(platform, plan, "--json", expect=1)
        runs = {x["run"]["name"]: x["run"] for x in done.events[:-1]}
        self.assertEqual(runs["third"]["status"], "SUCCEEDED")
        self.assertEqual(len(runs["third"]["attempts"]), 3)
        self.assertEqual(runs["never"]["status"], "FAILED")
        self.assertEqual(platform.starts_by_key(), {"third": 3, "never": 2})

    def ended(self, outcome, **policy):
        platform = self.emulator()
        first = request("x", more_input={"outcome": outcome,
                                         "resurrectedOutcome": "SUCCEEDED"})
        self.run_plan(platform, self.plan(first), expect=1)
        second = dict(first, **policy)
        return platform, second

    def test_a_timed_out_run_is_resurrected_by_the_next_plan(self):
        platform, again = self.ended("TIMED-OUT")
        self.run_plan(platform, self.plan(again))
        self.assertEqual(platform.starts_by_key(), {"x": 1})

    def test_an_aborted_run_can_be_returned_as_it_is(self):
        platform, again = self.ended("ABORTED", onAborted="return")
        self.run_plan(platform, self.plan(again), expect=1)
        self.assertEqual(platform.starts_by_key(), {"x": 1})

    def test_a_timed_out_run_can_be_started_anew(self):
        platform, again = self.ended("TIMED-OUT", onTimedOut="restart")
        self.run_plan(platform, self.plan(again), expect=1)
        self.assertEqual(platform.starts_by_key(), {"x": 2})

    def test_a_run_that_times_out_is_resurrected_while_attempts_last(self):
        platform = self.emulator()
        plan = self.plan(request("x", attempts=2, more_input={
            "outcome": "TIMED-OUT", "resurrectedOutcome": "SUCCEEDED"}))
        self.run_plan(platform, plan)
        self.assertEqual(platform.starts_by_key(), {"x": 1})

    def test_a_succeeded_run_can_be_asked_for_again(self):
        platform = self.emulator()
        self.run_plan(platform, self.plan(request("x")))
        self.run_plan(platform, self.plan(request("x", onSucceeded="restart")))
        self.assertEqual(platform.starts_by_key(), {"x": 2})

    def test_a_name_of_another_actor_is_a_conflict(self):
        platform = self.emulator("--scripted-actor", "me/other")
        self.run_plan(platform, self.plan(request("x")))
        done = self.run_plan(platform,
                             self.plan(request("x", actor="me/other")), expect=2)
        self.assertIn("`x`", "\n".join(done.err))


class Interruptions(Case):
    def test_an_interrupted_plan_leaves_runs_alone_and_rejoins_them(self):
        platform = self.emulator()
        plan = self.plan(*[request(f"i{i}", duration=2500) for i in range(3)])
        process = self.launch(platform, plan, "--json")
        wait_until(lambda: len(platform.live()) == 3)
        process.send(signal.SIGINT)
        self.assertEqual(process.finish(), 130)
        self.assertEqual(process.events[-1]["event"], "report")
        self.assertEqual(len(platform.live()), 3)
        self.run_plan(platform, plan, "--json")
        self.assertEqual(set(platform.starts_by_key().values()), {1})

    def test_a_second_signal_ends_it_at_once(self):
        platform = self.emulator("--fault-rate", "abort.slow=1:20000ms")
        process = self.launch(platform, self.plan(request("x", duration=30000)),
                              "--abort-on-exit")
        wait_until(platform.live)
        process.send(signal.SIGINT)
        process.wait_for_line("interrupted: aborting")
        process.send(signal.SIGINT)
        self.assertEqual(process.finish(3), 130)

    def test_abort_on_exit_aborts_live_runs_and_those_being_started(self):
        platform = self.emulator("--fault-rate", "start.slow=0.5:700ms")
        plan = self.plan(*[request(f"r{i}", duration=30000) for i in range(20)])
        process = self.launch(platform, plan, "--json", "--abort-on-exit")
        wait_until(lambda: len(platform.runs()) >= 8)
        process.send(signal.SIGTERM)
        self.assertEqual(process.finish(), 130)
        self.assertEqual(platform.live(), [])
        self.assertEqual({x["status"] for x in platform.runs()}, {"ABORTED"})

    def test_a_terminal_that_is_closed_is_a_stop(self):
        platform = self.emulator()
        process = self.launch(platform, self.plan(request("x", duration=60000)),
                              "--json", "--abort-on-exit")
        wait_until(platform.live)
        # A shell and the kernel may both tell of it.
        process.send(signal.SIGHUP)
        process.send(signal.SIGHUP)
        self.assertEqual(process.finish(), 130)
        self.assertEqual({x["status"] for x in platform.runs()}, {"ABORTED"})

    def test_a_stop_in_the_middle_of_starts_loses_nothing(self):
        platform = self.emulator("--fault-rate",
                                 "start.slow=0.4:400ms,start.lost=0.2")
        plan = self.plan(*[request(f"m{i}", duration=800) for i in range(24)])
        for _ in range(3):
            process = self.launch(platform, plan, "--json")
            before = platform.stats()["startRequests"]
            wait_until(lambda: process.process.poll() is not None
                       or platform.stats()["startRequests"] >= before + 5)
            process.send(signal.SIGTERM)
            self.assertIn(process.finish(), (0, 130))
        self.run_plan(platform, plan, "--json", seconds=60)
        counts = platform.starts_by_key()
        self.assertEqual(len(counts), 24)
        self.assertEqual(set(counts.values()), {1})

    def test_a_migration_of_runs_is_no_end(self):
        platform = self.emulator()
        process = self.launch(platform, self.plan(request("x", duration=1500)))
        wait_until(platform.live)
        from harness import http
        run = platform.runs()[0]["id"]
        http("POST", f"{platform.url}/emulator/runs/{run}/migrate", {})
        self.assertEqual(process.finish(), 0)
        self.assertEqual(platform.starts_by_key(), {"x": 1})


if __name__ == "__main__":
    unittest.main()
