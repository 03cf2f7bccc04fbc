"""Rows about lists: large ones that are cut into runs, and items of datasets."""

import json
import os
import subprocess
import time
import urllib.request

from .emulator import TOKEN, Emulator
from .process import Measured


def write_list(path, count, size):
    """Writes `count` lines of JSON strings of `size` bytes each."""
    with open(path, "w") as file:
        for i in range(count):
            file.write(f'"{i:0{size - 2}d}"\n')


class SplitSmall:
    """A million short items become inputs of 9 MB."""

    number = 5
    sides = ("ours", "peer")
    repeat = 3
    size = 60

    def __init__(self, quick):
        self.count = 10_000 if quick else 1_000_000
        self.title = (f"{self.count:,} items of {self.size} B from a file, cut "
                      "by the platform's limit, nothing started")
        self.bars = [("wall_s", 0.15, "wall s"), ("cpu_s", None, "CPU s"),
                     ("rss_mb", 100, "peak RSS MB")]

    def measure(self, binary, side, folder):
        path = os.path.join(folder, "items.ndjson")
        write_list(path, self.count, self.size)
        # Both find it in memory.
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass
        with side.split(path, folder) as process:
            return process.wait()


class SplitLarge(SplitSmall):
    """A million items of 1 KB: more than fits in one string of Node.js."""

    number = 6
    sides = ("ours",)
    size = 1024

    def __init__(self, quick):
        super().__init__(quick)
        self.bars = [("wall_s", 1.5, "wall s"), ("cpu_s", None, "CPU s"),
                     ("rss_mb", 100, "peak RSS MB")]


class ReadItems:
    """The items of four datasets as one stream, in order."""

    number = 7
    sides = ("ours", "peer")
    repeat = 3
    datasets = 4

    def __init__(self, quick):
        self.count = 5_000 if quick else 250_000
        self.title = (f"{self.datasets} datasets of {self.count:,} items of "
                      "about 100 B read in order into one file")
        # What 85 % of curl's speed takes.
        self.bars = [("times_curl", 1 / 0.85, "wall / curl's"),
                     ("wall_s", None, "wall s"), ("cpu_s", None, "CPU s"),
                     ("rss_mb", 100, "peak RSS MB"),
                     ("items_per_s", None, "items a second")]

    def measure(self, binary, side, folder):
        with Emulator(binary, 50) as platform:
            ids = [self.fill(platform) for _ in range(self.datasets)]
            curl_s = self.curl(platform, ids, folder)
            with side.read(platform.url, ids, folder) as process:
                sample = process.wait()
        self.check(os.path.join(folder, "items.ndjson"))
        total = self.datasets * self.count
        return sample | {"times_curl": sample["wall_s"] / curl_s,
                         "items_per_s": total / sample["wall_s"]}

    def fill(self, platform):
        dataset = post(platform, "/v2/datasets", {})["data"]["id"]
        step = 25_000
        for first in range(0, self.count, step):
            post(platform, f"/v2/datasets/{dataset}/items",
                 [{"number": n, "text": "x" * 78}
                  for n in range(first, min(first + step, self.count))])
        return dataset

    def curl(self, platform, ids, folder):
        """@returns how long curl takes for the same items in large pages."""
        step = 20_000
        command = ["curl", "-sS", "--fail"]
        for number, dataset in enumerate(ids):
            for first in range(0, self.count, step):
                command += [
                    "-o", os.path.join(folder, f"page-{number}-{first}"),
                    f"{platform.url}/v2/datasets/{dataset}/items?token={TOKEN}"
                    f"&format=jsonl&offset={first}&limit={step}"]
        began = time.monotonic()
        subprocess.run(command, check=True)
        return time.monotonic() - began

    def check(self, path):
        with open(path) as file:
            numbers = [json.loads(line)["number"] for line in file]
        if numbers != list(range(self.count)) * self.datasets:
            raise RuntimeError("the items are not all there, in order")


def post(platform, path, body):
    request = urllib.request.Request(
        f"{platform.url}{path}?token={TOKEN}", json.dumps(body).encode(),
        {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
