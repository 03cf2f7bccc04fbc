#!/usr/bin/env python3
"""The crash matrix: ends the orchestrator at each durable step, at random moments
and in the middle of starts, restarts it, and proves that every run succeeded
exactly once.

    tests/crash/matrix.py BINARY [--runs 500] [--kills 200] [--seed 1]

It is killed (SIGKILL), or asked to stop (SIGTERM) with and without
--abort-on-exit; with it, nothing may be left alive on the platform. The platform
is an emulator that fails and migrates runs meanwhile, see unruly_platform.py.
Everything is on loopback, on free ports; only processes started here are ended.
The work is bounded by --minutes.
"""
import argparse
import collections
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

from unruly_platform import TOKEN, UnrulyPlatform

POINTS = ["submitted", "intent-saved", "start-answered", "started-saved",
          "end-seen", "end-saved"]

CONFIG = """
[timing]
reconcile_window = {window}
retry_backoff = 0.2
"""

INTERRUPTED = 130


class Matrix:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.random = random.Random(options.seed)
        self.ends = collections.Counter()
        self.submitted = set()
        self.platform = UnrulyPlatform(
            options.binary, options.seed,
            *(["--no-user-agent"] if options.no_user_agent else []))
        self.config = os.path.join(folder, "config.toml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(window=options.window))

    @property
    def kills(self):
        return sum(count for how, count in self.ends.items()
                   if not how.startswith("stopped"))

    def write_plan(self, batch, count):
        path = os.path.join(self.folder, f"plan-{batch}.ndjson")
        with open(path, "w", encoding="utf-8") as file:
            for i in range(count):
                name = f"batch-{batch}/run-{i}"
                self.submitted.add(name)
                request = {
                    "name": name, "actor": "emulator/scripted", "attempts": 3,
                    "input": {"key": name, "items": i % 4,
                              "durationMs": self.random.randint(50, 1500)},
                    "options": {"memoryMbytes": self.random.choice([128, 256, 512])}}
                file.write(json.dumps(request) + "\n")
        return path

    def launch(self, plan, *args, fault_point=None):
        environment = dict(os.environ, APIFY_TOKEN=TOKEN)
        environment.pop("ORCHESTRATOR_FAULT_POINT", None)
        if fault_point:
            environment["ORCHESTRATOR_FAULT_POINT"] = fault_point
        with open(os.path.join(self.folder, "orchestrator.log"), "a",
                  encoding="utf-8") as log:
            return subprocess.Popen(
                [self.options.binary, "run", plan, "--json", *args,
                 "--api", self.platform.url, "--config", self.config,
                 "--data", os.path.join(self.folder, "data")],
                env=environment, stdout=subprocess.PIPE, stderr=log, text=True)

    def run_until(self, plan, fault_point, seconds):
        """Runs the plan once. Returns its exit code, and its last line."""
        process = self.launch(plan, fault_point=fault_point)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            output, _ = process.communicate()
        if process.returncode == -signal.SIGKILL:
            self.ends[fault_point.split(":")[0] if fault_point else "random"] += 1
        lines = output.strip().splitlines()
        return process.returncode, lines[-1] if lines else ""

    def stop_amid_starts(self, plan, aborts):
        """Asks it to stop once a few starts were sent. Returns its exit code."""
        wanted = self.platform.stats()["startRequests"] + self.random.randint(1, 8)
        process = self.launch(plan, *(["--abort-on-exit"] if aborts else []))
        deadline = time.monotonic() + 3
        while (process.poll() is None and time.monotonic() < deadline
               and self.platform.stats()["startRequests"] < wanted):
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        if process.returncode == INTERRUPTED:
            self.ends["stopped, aborting" if aborts else "stopped"] += 1
        orphans = self.platform.live() if aborts else []
        if orphans:
            raise SystemExit(f"left alive by --abort-on-exit: {orphans[:5]}")
        return process.returncode

    def next_turn(self, turn, plan):
        """Ends it in one of the ways, by turns. Returns its exit code."""
        if turn % 8 in (3, 7):
            return self.stop_amid_starts(plan, aborts=turn % 8 == 7)
        if turn % 2 == 1:
            return self.run_until(plan, None, self.random.uniform(0.05, 1.2))[0]
        point = POINTS[(turn // 2) % len(POINTS)]
        # Submissions come 1000 at a time: there is one in a plan.
        last = 1 if point == "submitted" else 6
        return self.run_until(plan, f"{point}:{self.random.randint(1, last)}", 20)[0]

    def run_batch(self, batch, count, turns):
        plan = self.write_plan(batch, count)
        for turn in range(turns):
            code = self.next_turn(turn, plan)
            if code == 0:
                return
            if code not in (-signal.SIGKILL, INTERRUPTED, 1):
                raise SystemExit(f"exit {code} in batch {batch}, see {self.folder}")
        code, last = self.run_until(plan, None, 300)
        if code != 0:
            raise SystemExit(f"batch {batch} ended with {code}: {last[:500]}")

    def is_done(self):
        return (len(self.submitted) >= self.options.runs
                and self.kills >= self.options.kills
                and min(self.ends["stopped"], self.ends["stopped, aborting"])
                >= self.options.stops)

    def verdict(self):
        runs = self.platform.runs()
        by_key = collections.defaultdict(list)
        for run in runs:
            by_key[run["key"]].append(run)
        lost = [name for name in self.submitted if name not in by_key]
        twice = {key: len(found) for key, found in by_key.items() if len(found) > 1}
        bad = [run for run in runs if run["status"] != "SUCCEEDED"]
        stats = self.platform.stats()
        print(f"runs: {len(self.submitted)}, kills: {self.kills}, "
              f"ends: {dict(self.ends)}, migrations: {self.platform.migrations}")
        print(f"platform: {stats['runsStarted']} runs for "
              f"{stats['startRequests']} start requests, errors {stats['errors']}")
        print(f"lost: {len(lost)}, started twice: {len(twice)}, "
              f"not succeeded: {len(bad)}")
        for name in lost[:5]:
            print("  lost:", name)
        for key in list(twice)[:5]:
            print("  twice:", key, [(r["id"], r["status"]) for r in by_key[key]])
        return not lost and not twice and not bad and self.platform.migrations > 0


def read_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--stops", type=int, default=10,
                        help="graceful ones, with and without --abort-on-exit")
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
    return options


def main():
    options = read_options()
    folder = tempfile.mkdtemp(prefix="crash-matrix-")
    matrix = Matrix(options, folder)
    deadline = time.monotonic() + options.minutes * 60
    try:
        batch = 0
        while not matrix.is_done():
            if time.monotonic() > deadline:
                raise SystemExit(f"not done in {options.minutes} minutes: "
                                 f"{len(matrix.submitted)} runs, {matrix.ends}")
            matrix.run_batch(batch, options.batch, 40)
            batch += 1
        good = matrix.verdict()
    finally:
        matrix.platform.stop()
    if good and not options.keep:
        subprocess.run(["rm", "-rf", folder], check=True)
    else:
        print("kept:", folder)
    print(f"{1 if good else 0} passed, {0 if good else 1} failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
