"""Runs of the whole binary against its own emulator."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest

BINARY = os.environ["ORC_BINARY"]


def environment():
    return {name: value for name, value in os.environ.items()
            if not name.startswith(("APIFY_", "ORCHESTRATOR_"))}


def request(name, **run_input):
    return {"name": name, "actor": "me/scripted",
            "input": {"durationMs": 50, **run_input},
            "options": {"memoryMbytes": 256}}


class Rehearsal(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_plan(self, *requests, args=()):
        text = "".join(json.dumps(x) + "\n" for x in requests)
        return subprocess.run([BINARY, "run", "-", "--emulator", *args],
                              input=text, text=True, capture_output=True,
                              cwd=self.folder, env=environment(), timeout=60,
                              check=False)

    def test_json_lines_tell_each_end_and_a_report(self):
        done = self.run_plan(request("a", items=2), request("b", items=3),
                             args=["--json"])
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([x["event"] for x in lines],
                         ["run-finished", "run-finished", "report"])
        self.assertEqual({x["run"]["name"] for x in lines[:2]}, {"a", "b"})
        self.assertEqual(lines[2]["succeeded"], 2)
        self.assertEqual(lines[2]["itemCount"], 5)

    def test_a_run_that_fails_makes_exit_code_1(self):
        done = self.run_plan(request("a", outcome="FAILED"), request("b"))
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"(?m)^a +FAILED")
        self.assertRegex(done.stdout, r"(?m)^b +SUCCEEDED")

    def test_items_are_merged_in_the_order_of_the_plan(self):
        plan = [request("slow", items=2, durationMs=600),
                request("fast", items=3)]
        done = self.run_plan(*plan, args=["--output", "all.ndjson"])
        self.assertIn("all.ndjson", done.stdout)
        with open(self.path("all.ndjson"), encoding="utf-8") as file:
            self.assertEqual(len([json.loads(line) for line in file]), 5)
        self.run_plan(*plan, args=["--output", "all.json"])
        with open(self.path("all.json"), encoding="utf-8") as file:
            self.assertEqual(len(json.load(file)), 5)
        self.run_plan(*plan, args=["--output", "all.csv"])
        with open(self.path("all.csv"), encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.DictReader(file))), 5)

    def test_the_same_plan_again_rejoins(self):
        plan = [request("a"), request("b")]
        args = ["--json", "--data", self.path("data")]
        self.assertEqual(self.run_plan(*plan, args=args).returncode, 0)
        again = self.run_plan(*plan, args=args)
        report = json.loads(again.stdout.splitlines()[-1])
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(report["joined"], 2)
        self.assertEqual(report["attempts"], 2)

    def test_a_data_directory_in_use_is_refused(self):
        args = ["--data", self.path("data")]
        first = subprocess.Popen(
            [BINARY, "run", "--emulator", "--actor", "a/b", "--input",
             '{"durationMs":30000}', "--log-level", "info", *args],
            cwd=self.folder, env=environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            first.stdout.readline()
            second = self.run_plan(request("x"), args=args)
            self.assertEqual(second.returncode, 2)
            self.assertIn(str(first.pid), second.stderr)
        finally:
            first.send_signal(signal.SIGINT)
            first.communicate(timeout=20)
        self.assertEqual(first.returncode, 130)


class Service(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        emulator = self.start("emulate", "--listen", "127.0.0.1:0",
                              "--any-actor")
        line = emulator.stdout.readline()
        api, token = re.search(r"(http://[^ ]*\d) ?\(token: (\S+)\)",
                               line).groups()
        self.server = self.start("serve", "--listen", "127.0.0.1:0", "--api",
                                 api, "--token", token)
        self.url = re.search(r"listening on (\S+)",
                             self.server.stdout.readline()).group(1)

    def start(self, *args):
        process = subprocess.Popen([BINARY, *args], cwd=self.folder, text=True,
                                   env=environment(), stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop, process)
        return process

    @staticmethod
    def stop(process):
        process.terminate()
        process.communicate(timeout=20)

    def client(self, *args):
        return subprocess.run([BINARY, *args, "--url", self.url], text=True,
                              capture_output=True, env=environment(),
                              timeout=60, check=False)

    def submit(self, body):
        subprocess.run(["curl", "-sSf", "-H", "Content-Type: application/json",
                        "-d", json.dumps(body), self.url + "/api/v1/runs"],
                       check=True, capture_output=True)

    def test_clients_see_what_runs_do(self):
        self.submit([request("job-1/2", items=2),
                     request("bad", outcome="FAILED"),
                     request("long", durationMs=60_000)])
        self.assertEqual(self.client("wait", "job-1/2").returncode, 0)
        self.assertEqual(self.client("wait", "bad").returncode, 1)
        self.assertEqual(
            self.client("wait", "long", "--timeout", "0").returncode, 1)
        self.assertIn("job-1/2", self.client("status").stdout)
        one = json.loads(self.client("status", "job-1/2", "--json").stdout)
        self.assertEqual(one["status"], "SUCCEEDED")
        items = self.client("items", "job-1/2").stdout.splitlines()
        self.assertEqual(len(items), 2)
        self.assertEqual(self.client("abort", "long").returncode, 0)
        self.assertEqual(self.client("wait", "long").returncode, 1)
        self.assertIn("3 runs", self.client("report").stdout)
        unknown = self.client("wait", "nobody")
        self.assertEqual(unknown.returncode, 2)
        self.assertIn("nobody", unknown.stderr)


if __name__ == "__main__":
    unittest.main()
