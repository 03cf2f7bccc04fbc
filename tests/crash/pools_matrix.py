#!/usr/bin/env python3
"""Kills pools of local workers, again and again, while their workers are alive.

    tests/crash/pools_matrix.py BINARY [--tasks 600] [--kills 12] [--minutes 0.5]

`pool run --daemon` and `serve` with the same pool take turns on one data
directory; each is killed with SIGKILL at a random moment, some with a worker or
two. Two types of workers, of the kit and with a protocol of their own, leave
children in sessions of their own behind. As soon as the next one listens nothing
of the processes before it may be alive; and at no moment do two workers have one
slot. In the end `pool run` ends by itself, every task is complete, no process and
no pid file is left.
"""

import argparse
import collections
import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

# Two children that outlive their parent, one of them in a session of its own.
KIT = """#!/bin/sh
setsid sleep 60 > /dev/null 2>&1 &
sleep 60 > /dev/null 2>&1 &
sleep 0.0$((3 + $$ % 6))
cat
"""

# A worker without the kit: takes tasks by the API until it is ended.
OWN = """
import json, os, subprocess, time, urllib.request
url = os.environ["ORCHESTRATOR_URL"] + "/api/v1/"
who = os.environ["ORCHESTRATOR_WORKER_ID"]
def post(path, **body):
    request = urllib.request.Request(
        url + path, json.dumps(dict(body, workerId=who)).encode(),
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)
subprocess.Popen(["setsid", "sleep", "60"])
while True:
    task = post("channel/own/acquire", waitSecs=5, leaseSecs=60)["task"]
    if task:
        time.sleep(0.03)
        post("task/" + task["_id"] + "/release", output=task["input"])
"""

ID = re.compile(rb"(?:^|\0)ORCHESTRATOR_WORKER_ID=([^\0]+)")


def worker_processes(mark):
    """Returns pid -> (parent, worker id) of all that live and carry an id."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError):
            with open(f"/proc/{entry}/environ", "rb") as file:
                has = ID.search(file.read())
            if not has or mark not in has.group(1).decode():
                continue
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
            if fields[0] not in "ZX":
                found[int(entry)] = (int(fields[1]), has.group(1).decode())
    return found


class Watcher:
    """Looks all the time how many workers each slot has."""

    def __init__(self, mark):
        self.mark, self.over, self.faults = mark, threading.Event(), []
        self.looks, self.most = 0, 0
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.over.wait(0.01):
            slots = collections.defaultdict(set)
            for _, who in worker_processes(self.mark).values():
                slots[who.split("@")[0]].add(who)
            self.looks += 1
            self.most = max(self.most, len(slots))
            for slot, workers in slots.items():
                if len(workers) > 1:
                    self.check_again(slot)

    def check_again(self, slot):
        """A worker that was ended may have been seen in the same look as the
        next one: both have to be there at one moment, so in two looks."""
        seen = [{pid: who for pid, (_, who) in
                 worker_processes(self.mark).items()
                 if who.split("@")[0] == slot} for _ in range(2)]
        both = {pid: who for pid, who in seen[0].items() if pid in seen[1]}
        if len(set(both.values())) > 1:
            self.faults.append(f"two workers of {slot}: {both}")

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


class World:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="crash-pools-")
        self.data = os.path.join(self.folder, "data")
        kit, own = self.write("kit.sh", KIT), self.write("own.py", OWN)
        os.chmod(kit, 0o755)
        self.config = self.write("pool.toml", f"""
[pool]
limit = 6
interval = 0.02
[[pool.workers]]
channel = "kit"
command = ["{kit}"]
limit = 3
idle_exit = 0.3
grace = 0.5
[[pool.workers]]
channel = "own"
protocol = "worker"
command = ["{sys.executable}", "{own}"]
limit = 3
idle_exit = 0.3
grace = 0.5
""")
        self.process, self.url = None, None

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def start(self, *words):
        with open(os.path.join(self.folder, "log"), "a",
                  encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.options.binary, *words, "--config", self.config, "--data",
                 self.data, "--listen", "127.0.0.1:0"],
                cwd=self.folder, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True)
        for line in self.process.stdout:
            if "listening on" in line:
                self.url = line.split()[-1]
                if words[0] == "pool":
                    # Its first decision, with all that it began with behind it.
                    self.process.stdout.readline()
                # It may not block on what nobody reads.
                threading.Thread(target=self.process.stdout.read,
                                 daemon=True).start()
                return
        raise SystemExit(f"{words} did not start: see {self.folder}/log")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def call(self, path, body=None):
        request = urllib.request.Request(
            f"{self.url}/api/v1/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def make_tasks(self):
        group = self.call("task_groups", {"name": "all"})["_id"]
        # Kills of ours must not use up its attempts.
        return [self.call(f"task_group/{group}/tasks",
                          {"channel": channel, "input": i + 1,
                           "remainingAttempts": 1000, "errorDelayInSeconds": 0})
                ["_id"]
                for i, channel in zip(range(self.options.tasks),
                                      ["kit", "own"] * self.options.tasks)]

    def incomplete(self, tasks):
        shown = [self.call(f"task/{x}") for x in tasks]
        return [x for x in shown
                if not x["isComplete"] or x["output"] != x["input"]]


def mark_of(world):
    """What ids of workers of this directory have: told by the first one."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for name in os.listdir("/proc"):
            with contextlib.suppress(OSError):
                if not name.isdigit() or os.readlink(
                        f"/proc/{name}/cwd") != world.folder:
                    continue
                with open(f"/proc/{name}/environ", "rb") as file:
                    if has := ID.search(file.read()):
                        return "@" + has.group(1).decode().split("@")[1].split(
                            "-")[0] + "-"
        time.sleep(0.01)
    raise SystemExit("no worker came")


def strike(world, mark, chance):
    """Kills the pool, and some of its workers a moment before."""
    time.sleep(chance.uniform(0.1, 0.7))
    victims = [pid for pid, (parent, _) in worker_processes(mark).items()
               if parent == world.process.pid]
    for pid in chance.sample(victims, min(len(victims), chance.randint(0, 2))):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    before = worker_processes(mark)
    world.kill()
    return before


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--tasks", type=int, default=600)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    deadline = time.monotonic() + options.minutes * 60
    world = World(options)
    ways = (("pool", "run", "--daemon"), ("serve",))
    faults, alive, kills = [], 0, 0
    world.start(*ways[0])
    tasks = world.make_tasks()
    mark = mark_of(world)
    with Watcher(mark) as watcher:
        while kills < options.kills and time.monotonic() < deadline:
            before = strike(world, mark, chance)
            alive += len({who for _, who in before.values()})
            kills += 1
            world.start(*ways[kills % 2])
            # Swept before the first decision, so by now.
            for pid, (_, who) in worker_processes(mark).items():
                if who in {x for _, x in before.values()}:
                    faults.append(f"kill {kills}: {pid} of {who} is left")
        world.kill()
        ended = subprocess.run(
            [options.binary, "pool", "run", "--config", world.config, "--data",
             world.data], cwd=world.folder, check=False, timeout=120,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    faults += watcher.faults
    if ended.returncode != 0:
        faults.append(f"pool run: exit code {ended.returncode}")
    if left := worker_processes(mark):
        faults.append(f"left at the end: {left}")
    files = [x for x in os.listdir(os.path.join(world.data, "tmp", "workers"))
             if x.endswith(".pid")]
    if files:
        faults.append(f"pid files at the end: {files}")
    world.config = world.write("none.toml", "")
    world.start("serve")
    if undone := world.incomplete(tasks):
        faults.append(f"{len(undone)} tasks are not done: {undone[:2]}")
    world.kill()
    if alive < kills:
        faults.append(f"{kills} kills met {alive} workers only: nothing was "
                      "proved")
    print(f"{kills} kills with {alive} workers alive, {watcher.most} slots at a "
          f"time, {watcher.looks} looks, faults: {faults}")
    if faults:
        print("see", world.folder)
        return 1
    shutil.rmtree(world.folder, True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
