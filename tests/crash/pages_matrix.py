#!/usr/bin/env python3
"""Kills batches that walk a file, again and again, at random moments.

    tests/crash/pages_matrix.py BINARY [--pages 150] [--kills 12] [--minutes 1]

Three batches, each with its own data directory: at-least-once over a file,
at-least-once whose program fetches its pages itself, and at-most-once. Each page
notes that it begins and that it ends. `batch run` is killed with SIGKILL and run
again until it ends by itself. Then every at-least-once page has ended at least
once; no at-most-once page has begun twice, and those that did not end are those
that failed; and the counters say so.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = """
import json, os, sys, time
lines = sys.stdin.read().splitlines()
head = json.loads(lines[0])
def note(what):
    file = os.open({seen!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{{what}} {{head['page']}}\\n".encode())
    os.close(file)
note("begin")
if {own}:
    at = int(head["cursor"] or 0)
    if at + 1 < {pages}:
        print(json.dumps({{"nextCursor": str(at + 1)}}), flush=True)
note("end")
"""


class Batch:
    def __init__(self, options, name, mode, own):
        self.options, self.name, self.mode = options, name, mode
        self.folder = tempfile.mkdtemp(prefix="crash-pages-")
        self.seen = os.path.join(self.folder, "seen")
        rows = self.write("rows.ndjson", "1\n" * options.pages)
        program = self.write("page.py", PROGRAM.format(
            seen=self.seen, own=own, pages=options.pages))
        source = ({"kind": "processor"} if own
                  else {"kind": "ndjson", "path": rows})
        self.spec = self.write("spec.json", json.dumps({
            "name": name, "source": source, "pageSize": 1, "retryMode": mode,
            "maxParallelism": 4, "processor": {
                "kind": "command", "command": [sys.executable, program]}}))
        self.kills = 0

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def run(self, deadline, chance):
        """Returns the last line of the run that was not killed."""
        while True:
            process = subprocess.Popen(
                [self.options.binary, "batch", "run", self.spec, "--json",
                 "--data", os.path.join(self.folder, "data")],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            if self.kills < self.options.kills and time.monotonic() < deadline:
                try:
                    out, _ = process.communicate(
                        timeout=chance.uniform(0.15, 0.9))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.communicate()
                    self.kills += 1
                    continue
            else:
                out, _ = process.communicate(timeout=300)
            return json.loads(out.splitlines()[-1])

    def noted(self, what):
        counts = {}
        with open(self.seen, encoding="utf-8") as file:
            for line in file:
                kind, page = line.split()
                if kind == what:
                    counts[int(page)] = counts.get(int(page), 0) + 1
        return counts

    def faults(self, last):
        begun, ended = self.noted("begin"), self.noted("end")
        every = set(range(self.options.pages))
        if last["completed"] + last["failed"] != self.options.pages:
            yield f"pages are lost: {last}"
        if self.mode == "at-least-once":
            if set(ended) != every:
                yield f"never ended: {sorted(every - set(ended))[:10]}"
            if last["failed"] or last["items"] not in (0, self.options.pages):
                yield f"counters: {last}"
            return
        twice = [page for page, count in begun.items() if count > 1]
        if twice:
            yield f"begun twice: {twice[:10]}"
        # A page may end unseen; one that never ended cannot be called done.
        if last["completed"] > len(ended):
            yield f"more are done than have ended: {last}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=os.path.abspath)
    parser.add_argument("--pages", type=int, default=150)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    good = True
    for name, mode, own in (("file", "at-least-once", False),
                            ("own", "at-least-once", True),
                            ("once", "at-most-once", False)):
        batch = Batch(options, name, mode, own)
        last = batch.run(time.monotonic() + options.minutes * 20, chance)
        faults = list(batch.faults(last))
        print(f"{name}: {batch.kills} kills, {last['completed']} completed, "
              f"{last['failed']} failed, {sum(batch.noted('begin').values())} "
              f"begun, faults: {faults}")
        good = good and not faults
        if not faults:
            shutil.rmtree(batch.folder, True)
        else:
            print("see", batch.folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
