#!/usr/bin/env python3
"""Four samples of batches, with a real SQLite database of 100,000 products:

    python3 samples.py [--products N] [--binary PATH] [migrate|pause|limit|workers]...

migrate   prices are moved over while another writer locks the database again and
          again, the process is killed in the middle, and every row is there once
pause     a batch of a service is paused and goes on
limit     how many pages go on at a time is changed by another process
workers   pages are tasks of local workers, which end with the service

Each works in a folder of its own, checks what came of it, and tells it in a line.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def until(condition, what, secs=120):
    end = time.monotonic() + secs
    while time.monotonic() < end:
        if result := condition():
            return result
        time.sleep(0.02)
    raise SystemExit(f"waited in vain for {what}")


class Sample:
    """A folder with the examples and a shop in it."""

    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="batch-sample-")
        self.shop = os.path.join(self.folder, "shop.db")
        self.running = []
        for name in os.listdir(HERE):
            if name.endswith((".py", ".json", ".toml")):
                shutil.copy(os.path.join(HERE, name), self.folder)
        self.python("make_shop.py", "shop.db", str(options.products))

    def close(self):
        for process in self.running:
            process.kill()
            process.wait()
            process.stdout.close()
        shutil.rmtree(self.folder, True)

    def python(self, *words):
        subprocess.run([sys.executable, *words], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL)

    def start(self, *words):
        process = subprocess.Popen(
            [self.options.binary, *words], cwd=self.folder, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=dict(os.environ, ORCHESTRATOR_DATA="state"))
        self.running.append(process)
        return process

    def serve(self, *words):
        self.service = self.start("serve", "--listen", "127.0.0.1:0", *words)
        line = self.service.stdout.readline()
        self.url = re.search(r"http://\S+", line).group(0)

    def batch(self, *words):
        """A command from another process, about a batch of the service."""
        done = subprocess.run(
            [self.options.binary, "batch", *words, "--url", self.url, "--json"],
            cwd=self.folder, text=True, capture_output=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"batch {' '.join(words)}: {done.stderr}")
        return json.loads(done.stdout.splitlines()[-1])

    def spec(self, name, **more):
        """An example with other numbers."""
        path = os.path.join(self.folder, name)
        with open(path, encoding="utf-8") as file:
            spec = dict(json.load(file), **more)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(spec, file)
        return name

    def migrated(self):
        with contextlib.closing(sqlite3.connect(self.shop)) as db:
            return db.execute("SELECT count(*) FROM products WHERE "
                              "price_usd = price_cents / 100.0").fetchone()[0]


def expect(what, is_so):
    if not is_so:
        raise SystemExit(f"it is not so: {what}")


class OtherWriter:
    """Locks the database for longer than a program waits, now and then."""

    def __init__(self, path):
        self.path, self.over, self.locks = path, threading.Event(), 0
        self.thread = threading.Thread(target=self.work)

    def work(self):
        with contextlib.closing(sqlite3.connect(
                self.path, isolation_level=None, timeout=30)) as db:
            while True:
                db.execute("BEGIN IMMEDIATE")
                self.locks += 1
                self.over.wait(1.3)
                db.execute("ROLLBACK")
                if self.over.wait(0.7):
                    return

    def __enter__(self):
        self.thread.start()
        until(lambda: self.locks, "the other writer")
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def migrate(x):
    count = x.options.products
    words = ["batch", "run",
             x.spec("migrate.json", pageSize=max(200, count // 50)), "--json"]
    with OtherWriter(x.shop):
        first = x.start(*words)
        until(lambda: x.migrated() > count // 10, "some rows")
        first.send_signal(signal.SIGKILL)
        first.communicate()
        before = x.migrated()
        out, _ = x.start(*words).communicate()
    last = json.loads(out.splitlines()[-1])
    expect("every row is migrated", x.migrated() == count)
    expect("every page is done", last["items"] == count and not last["failed"])
    check = x.start("batch", "run", x.spec("check_prices.json"), "--json")
    checked = json.loads(check.communicate()[0].splitlines()[-1])
    expect("nothing is left", (checked["items"], checked["itemErrors"])
           == (count, 0))
    return (f"{count} rows in {last['pages']} pages; {before} were there when "
            "it was killed")


def pause(x):
    x.serve()
    size = max(50, x.options.products // 200)
    name = x.batch("start", x.spec("migrate.json", pageSize=size))["name"]
    until(lambda: x.batch("status", name)["completed"] > 2, "some pages")
    x.batch("pause", name)
    still = until(lambda: (now := x.batch("status", name))["processing"] == 0
                  and now, "the pages that were going on")
    expect("it is not over", not still["isFinished"])
    for _ in range(10):
        expect("nothing goes on", x.batch("status", name)["completed"]
               == still["completed"])
    x.batch("resume", name)
    end = until(lambda: (now := x.batch("status", name))["isFinished"] and now,
                "its end")
    expect("every row is migrated", x.migrated() == x.options.products)
    return f"paused after {still['completed']} of {end['completed']} pages"


def limit(x):
    x.serve()
    size = max(50, x.options.products // 200)
    name = x.batch("start", x.spec("migrate.json", pageSize=size,
                                   maxParallelism=0))["name"]
    expect("0 starts none", x.batch("status", name)["completed"] == 0)
    x.batch("parallelism", name, "1")
    until(lambda: x.batch("status", name)["completed"] > 2, "some pages")
    expect("one at a time",
           x.batch("status", name)["maxParallelismAchieved"] == 1)
    x.batch("parallelism", name, "4")
    until(lambda: x.batch("status", name)["maxParallelismAchieved"] > 1, "more")
    expect("the limit before comes back",
           x.batch("restore", name)["maxParallelism"] == 1)
    x.batch("parallelism", name, "8")
    end = until(lambda: (now := x.batch("status", name))["isFinished"] and now,
                "its end")
    expect("every row is migrated", x.migrated() == x.options.products)
    return (f"{end['completed']} pages, {end['maxParallelismAchieved']} at a "
            "time at most")


def workers(x):
    x.serve("--config", "workers.toml")
    size = max(100, x.options.products // 50)
    name = x.batch("start", x.spec("tasks.json", pageSize=size))["name"]
    pids = until(lambda: len(found := worker_pids(x)) > 1 and found, "workers")
    until(lambda: x.batch("status", name)["completed"] > 2, "some pages")
    x.service.send_signal(signal.SIGINT)
    x.service.communicate()
    expect("no worker is left", not any(is_alive(pid) for pid in pids))
    x.serve("--config", "workers.toml")
    end = until(lambda: (now := x.batch("status", name))["isFinished"] and now,
                "its end")
    expect("every page is done", (end["items"], end["failed"])
           == (x.options.products, 0))
    return f"{end['completed']} pages; Ctrl-C ended {len(pids)} workers"


def worker_pids(x):
    folder = os.path.join(x.folder, "state", "tmp", "workers")
    result = []
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if "_worker_" in name:
            with contextlib.suppress(FileNotFoundError, ValueError):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    result.append(int(file.readline()))
    return result


def is_alive(pid):
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    return False


SAMPLES = {"migrate": migrate, "pause": pause, "limit": limit,
           "workers": workers}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--binary", default="apify-orchestrator")
    parser.add_argument("samples", nargs="*", metavar="SAMPLE")
    options = parser.parse_args()
    for name in options.samples or SAMPLES:
        if name not in SAMPLES:
            parser.error(f"there is no {name}; there are {', '.join(SAMPLES)}")
        began = time.monotonic()
        with contextlib.closing(Sample(options)) as sample:
            told = SAMPLES[name](sample)
        print(f"{name}: {told} ({time.monotonic() - began:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
