"""Kills the service again and again while workers work off graphs of tasks.

    tests/crash/tasks_matrix.py BINARY [--tasks 2000] [--kills 40] [--minutes 6]

Eight workers take tasks and give them back, some as failed; each root makes a
graph of children. The service is killed with SIGKILL at random moments, and
started again on the same port. In the end every task is complete, none was
handed out after it was complete, no child was made twice, and every result is
that of the worker that was told so. Roots have a workgroup of which only so many
are out at a time, and a schedule has made one task for each second, no more and
no less.
"""

import argparse
import datetime
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

PER_GROUP = 5
WORKERS = 8
LEASE = 3
AT_A_TIME = 3


class Service:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.port = binary, folder, 0
        self.process = None
        self.start()

    def start(self):
        with open(os.path.join(self.folder, "serve.log"), "a",
                  encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--listen", f"127.0.0.1:{self.port}",
                 "--data", os.path.join(self.folder, "data")],
                stdout=subprocess.PIPE, stderr=log, text=True)
        line = self.process.stdout.readline()
        if "listening on" not in line:
            raise SystemExit(f"the service did not start: {line}")
        self.port = int(line.rsplit(":", 1)[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


class Client:
    """One connection; says of a request whether an answer came."""

    def __init__(self, service):
        self.service = service
        self.connection = None

    def once(self, method, path, body=None):
        """Returns status and JSON, or None if the answer is lost."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.service.port, timeout=20)
            self.connection.request(
                method, "/api/v1/" + path,
                None if body is None else json.dumps(body),
                {"Content-Type": "application/json"})
            answer = self.connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return None

    def ask(self, method, path, body=None):
        """Asks until an answer comes: for what may be done twice."""
        while True:
            answer = self.once(method, path, body)
            if answer is not None and answer[0] != 503:
                return answer
            time.sleep(0.02)


class Matrix:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.folder = tempfile.mkdtemp(prefix="crash-tasks-")
        self.service = Service(options.binary, self.folder)
        self.lock = threading.Lock()
        self.completed = {}
        self.faults = []
        self.handed_out = 0
        self.over = threading.Event()

    def fault(self, text):
        with self.lock:
            self.faults.append(text)

    # -- work -----------------------------------------------------------------

    def create(self):
        client = Client(self.service)
        self.groups = []
        status, limits = client.ask("PUT", "workgroup/roots/limits",
                                    {"concurrency": AT_A_TIME})
        assert status == 200, limits
        status, group = client.ask("POST", "task_groups", {"name": "times"})
        assert status == 200, group
        self.times = group["_id"]
        status, schedule = client.ask("PUT", "schedules/times", {
            "everySecs": 1, "overlap": "allow", "catchUp": "all",
            "task": {"channel": "times", "taskGroupId": self.times}})
        assert status == 200, schedule
        for i in range(self.options.tasks // PER_GROUP):
            status, group = client.ask("POST", "task_groups", {"name": f"g{i}"})
            assert status == 200, group
            self.groups.append(group["_id"])
            status, task = client.ask(
                "POST", f"task_group/{group['_id']}/tasks",
                {"name": "root", "channel": f"c{i % 3}", "input": {"graph": i},
                 "workgroup": "roots",
                 "remainingAttempts": 1000, "errorDelayInSeconds": 0})
            assert status == 200, task

    def children(self, channel):
        plain = {"channel": channel, "remainingAttempts": 1000,
                 "errorDelayInSeconds": 0}
        return [dict(plain, name="last", _parent_ids=["b", "c"]),
                dict(plain, name="a", _child_id="a"),
                dict(plain, name="b", _child_id="b", _parent_ids=["a"]),
                dict(plain, name="c", _child_id="c", _parent_ids=["a"])]

    def work(self, number):
        client, dice = Client(self.service), random.Random(number)
        while not self.over.is_set():
            worker = f"w{number}-{dice.random()}"
            channel = f"c{dice.randrange(3)}"
            answer = client.once("POST", f"channel/{channel}/acquire",
                                 {"workerId": worker, "leaseSecs": LEASE})
            if answer is None or answer[0] != 200 or answer[1]["task"] is None:
                time.sleep(0.02)
                continue
            task = answer[1]["task"]
            with self.lock:
                self.handed_out += 1
                if task["_id"] in self.completed:
                    self.faults.append(f"handed out once complete: {task}")
            self.check_parents(task, answer[1]["parents"])
            if task["workgroup"]:
                self.check_limit(client)
            # So long that there is work left to the last kill.
            time.sleep(dice.uniform(0, 0.1))
            self.give_back(client, dice, task, worker, channel)

    def check_parents(self, task, parents):
        expected = {"root": 0, "a": 1, "b": 1, "c": 1, "last": 2}[task["name"]]
        if len(parents) != expected or not all(x["output"] for x in parents):
            self.fault(f"parents of {task['name']}: {parents}")

    def check_limit(self, client):
        answer = client.once("GET", "workgroup/roots/limits")
        if answer is not None and answer[0] == 200 \
                and answer[1]["running"] > AT_A_TIME:
            self.fault(f"over the limit: {answer[1]}")

    def give_back(self, client, dice, task, worker, channel):
        fails = dice.random() < 0.1
        body = {"workerId": worker}
        if fails:
            body["error"] = "by chance"
        else:
            body["output"] = {"by": worker}
            if task["name"] == "root":
                body["children"] = self.children(channel)
        tried = 0
        while True:
            tried += 1
            answer = client.once("POST", f"task/{task['_id']}/release", body)
            if answer is not None and answer[0] != 503:
                break
            time.sleep(0.02)
        status, now = answer
        if status == 409:
            # The lease ended; or a failure whose answer was lost was noted.
            return
        if status != 200:
            self.fault(f"release: {status} {now}")
        elif not fails and now["isComplete"] and now["output"]["by"] == worker:
            with self.lock:
                before = self.completed.setdefault(task["_id"], worker)
                if before != worker:
                    self.faults.append(f"completed by {before} and {worker}")

    # -- what happens to it ---------------------------------------------------

    def left(self):
        status, channels = Client(self.service).ask("GET", "channels")
        assert status == 200
        channels = [x for x in channels if x["name"] != "times"]
        return (sum(x["totalCount"] for x in channels),
                sum(x["completedCount"] for x in channels))

    def check_times(self):
        """One task for each second from the first to the last."""
        client = Client(self.service)
        client.ask("POST", "schedules/times/pause")
        deadline = time.monotonic() + 20
        while True:
            _, schedule = client.ask("GET", "schedules/times")
            _, tasks = client.ask("GET", f"task_group/{self.times}/tasks")
            if schedule["made"] == len(tasks) or time.monotonic() > deadline:
                break
            time.sleep(0.1)
        dues = {x["due"] for x in schedule["fires"]}
        if schedule["made"] != len(tasks) or len(dues) != len(schedule["fires"]):
            self.fault(f"{len(tasks)} tasks of times: {schedule}")
        if not tasks or schedule["failed"] or schedule["skipped"]:
            self.fault(f"times were left out: {schedule}")
        stamps = sorted(datetime.datetime.fromisoformat(
            x.replace("Z", "+00:00")) for x in dues)
        first = datetime.datetime.fromisoformat(
            schedule["createdAt"].replace("Z", "+00:00"))
        if stamps and round((stamps[-1] - first).total_seconds()) != len(tasks):
            self.fault(f"{len(tasks)} tasks from {first} to {stamps[-1]}")
        return len(tasks)

    def run(self):
        self.create()
        workers = [threading.Thread(target=self.work, args=(i,))
                   for i in range(WORKERS)]
        for worker in workers:
            worker.start()
        deadline = time.monotonic() + 60 * self.options.minutes
        kills = 0
        try:
            while time.monotonic() < deadline:
                if kills < self.options.kills:
                    time.sleep(self.random.uniform(0.05, 0.6))
                    self.service.kill()
                    kills += 1
                    self.service.start()
                    continue
                time.sleep(0.2)
                total, complete = self.left()
                if total == complete == self.options.tasks:
                    break
        finally:
            self.over.set()
            for worker in workers:
                worker.join()
        return kills

    def verdict(self, kills):
        total, complete = self.left()
        client = Client(self.service)
        for group in self.groups:
            _, tasks = client.ask("GET", f"task_group/{group}/tasks")
            if len(tasks) != PER_GROUP:
                self.fault(f"group {group} has {len(tasks)} tasks")
            for task in tasks:
                told = self.completed.get(task["_id"])
                if task["isComplete"] and told not in (None,
                                                       task["output"]["by"]):
                    self.fault(f"{task['_id']}: {told} was told otherwise")
        times = self.check_times()
        print(f"{kills} kills, {total} tasks, {complete} complete, "
              f"{times} times of a schedule, "
              f"{self.handed_out} handed out, faults: {len(self.faults)}")
        for text in self.faults[:10]:
            print(text)
        return total == complete == self.options.tasks and not self.faults


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--seed", type=int, default=1)
    matrix = Matrix(parser.parse_args())
    try:
        good = matrix.verdict(matrix.run())
    finally:
        matrix.service.kill()
    if good:
        shutil.rmtree(matrix.folder, True)
    else:
        print("see", matrix.folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
