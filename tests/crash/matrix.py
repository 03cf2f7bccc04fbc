#!/usr/bin/env python3
"""The crash matrix: kills the orchestrator at every durable step and at random
moments, restarts it, and proves that every run succeeded exactly once.

    tests/crash/matrix.py BINARY [--runs 500] [--kills 200] [--seed 1]

An emulator loses answers, cuts connections and answers 500 and 429 meanwhile. It
counts the starts of each run. Everything is on loopback, on free ports; only
processes started here are ended. The work is bounded by --minutes.
"""
import argparse
import collections
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

POINTS = ["submitted", "intent-saved", "start-answered", "started-saved",
          "end-seen", "end-saved"]

FAULTS = ("start.500=0.05,start.429=0.05,start.lost=0.04,start.cut=0.04,"
          "start.half=0.02,start.created-500=0.04,"
          "get.500=0.05,get.429=0.05,get.cut=0.02,list.500=0.05")

CONFIG = """
[timing]
reconcile_window = {window}
retry_backoff = 0.2
"""


def start_emulator(binary, extra):
    process = subprocess.Popen(
        [binary, "emulate", "--listen", "127.0.0.1:0", "--seed", "7",
         "--no-rate-limits", *extra],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        match = re.search(r"(http://\S+?) ?\(token: (\S+)\)", line)
        if match:
            return process, match.group(1).rstrip("."), match.group(2)
    raise SystemExit("the emulator did not start")


def get_json(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)


class Matrix:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.random = random.Random(options.seed)
        self.kills = collections.Counter()
        self.submitted = {}
        extra = ["--fault-rate", FAULTS, "--user", "tester:tester-token:8192:48"]
        if options.no_user_agent:
            extra.append("--no-user-agent")
        self.emulator, self.url, _ = start_emulator(options.binary, extra)
        self.config = os.path.join(folder, "config.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(window=options.window))

    def write_plan(self, batch, count):
        path = os.path.join(self.folder, f"plan-{batch}.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            for i in range(count):
                name = f"batch-{batch}/run-{i}"
                self.submitted[name] = batch
                request = {
                    "name": name, "actor": "emulator/scripted", "attempts": 3,
                    "input": {"key": name, "items": i % 4,
                              "durationMs": self.random.randint(50, 1500)},
                    "options": {"memoryMbytes": self.random.choice([128, 256, 512])}}
                file.write(json.dumps(request) + "\n")
        return path

    def launch(self, plan, fault_point=None):
        environment = dict(os.environ, APIFY_TOKEN="tester-token")
        environment.pop("ORCHESTRATOR_FAULT_POINT", None)
        if fault_point:
            environment["ORCHESTRATOR_FAULT_POINT"] = fault_point
        log = open(os.path.join(self.folder, "orchestrator.log"), "a",
                   encoding="utf-8")
        return subprocess.Popen(
            [self.options.binary, "run", plan, "--json", "--api", self.url,
             "--data", os.path.join(self.folder, "data"), "--config", self.config],
            env=environment, stdout=subprocess.PIPE, stderr=log, text=True)

    def run_until(self, plan, fault_point, seconds):
        """Runs the plan once. Returns its exit code, and its last line."""
        process = self.launch(plan, fault_point)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            output, _ = process.communicate()
        if process.returncode == -signal.SIGKILL:
            self.kills[fault_point.split(":")[0] if fault_point else "random"] += 1
        lines = output.strip().splitlines()
        return process.returncode, lines[-1] if lines else ""

    def next_kill(self, turn):
        """Alternates fault points with random moments."""
        if turn % 2 == 0:
            point = POINTS[(turn // 2) % len(POINTS)]
            # Submissions come 1000 at a time: there is one in a plan.
            last = 1 if point == "submitted" else 6
            return f"{point}:{self.random.randint(1, last)}", 20
        return None, self.random.uniform(0.05, 1.2)

    def run_batch(self, batch, count, kills):
        plan = self.write_plan(batch, count)
        for turn in range(kills):
            point, seconds = self.next_kill(turn)
            code, _ = self.run_until(plan, point, seconds)
            if code == 0:
                return
            if code not in (-signal.SIGKILL, 1):
                raise SystemExit(f"exit {code} in batch {batch}, see {self.folder}")
        code, last = self.run_until(plan, None, 300)
        if code != 0:
            raise SystemExit(f"batch {batch} ended with {code}: {last[:500]}")

    def verdict(self):
        runs = get_json(self.url + "/emulator/runs")
        by_key = collections.defaultdict(list)
        for run in runs:
            by_key[run["key"]].append(run)
        lost = [name for name in self.submitted if name not in by_key]
        twice = {key: len(found) for key, found in by_key.items() if len(found) > 1}
        bad = [run for run in runs if run["status"] != "SUCCEEDED"]
        stats = get_json(self.url + "/emulator/stats")
        print(f"runs: {len(self.submitted)}, kills: {sum(self.kills.values())} "
              f"{dict(self.kills)}")
        print(f"platform: {stats['runsStarted']} runs for "
              f"{stats['startRequests']} start requests, errors {stats['errors']}")
        print(f"lost: {len(lost)}, started twice: {len(twice)}, "
              f"not succeeded: {len(bad)}")
        for name in lost[:5]:
            print("  lost:", name)
        for key in list(twice)[:5]:
            print("  twice:", key, [(r["id"], r["status"]) for r in by_key[key]])
        return not lost and not twice and not bad

    def stop(self):
        self.emulator.terminate()
        self.emulator.wait(timeout=20)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--window", type=float, default=1.5,
                        help="reconcile window, s")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--no-user-agent", action="store_true",
                        help="the platform does not tell the User-Agent")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    options.binary = os.path.realpath(options.binary)
    folder = tempfile.mkdtemp(prefix="crash-matrix-")
    matrix = Matrix(options, folder)
    deadline = time.monotonic() + options.minutes * 60
    try:
        batch = 0
        while (len(matrix.submitted) < options.runs
               or sum(matrix.kills.values()) < options.kills):
            if time.monotonic() > deadline:
                raise SystemExit(f"not done in {options.minutes} minutes: "
                                 f"{len(matrix.submitted)} runs, {matrix.kills}")
            matrix.run_batch(batch, options.batch, 40)
            batch += 1
        good = matrix.verdict()
    finally:
        matrix.stop()
    if good and not options.keep:
        subprocess.run(["rm", "-rf", folder], check=True)
    else:
        print("kept:", folder)
    print(f"{1 if good else 0} passed, {0 if good else 1} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
