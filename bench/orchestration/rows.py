"""What is measured: one class a row of the table.

Each has a `title`, the `sides` that are measured, `bars` (column, most that is
wanted, how it is written) and `measure`, which makes one sample.
"""

import time

from .clients import MEMORY_MBYTES
from .emulator import PLENTY, Emulator, api_calls, refusals
from .lists import ReadItems, SplitLarge, SplitSmall
from .service import Service


class ShortRuns:
    """Many runs that end at once: what a run costs the client."""

    number = 1
    sides = ("ours", "peer")
    repeat = 3

    def __init__(self, quick):
        self.count = 100 if quick else 1000
        self.title = f"{self.count} runs × 50 ms, memory for all"
        self.bars = [("cpu_s", 0.35, "CPU s"), ("wall_s", 1.5, "wall s"),
                     ("rss_mb", 40, "peak RSS MB"),
                     ("calls_per_run", 2.1, "API calls a run"),
                     ("refusals", None, "refusals")]

    def measure(self, binary, side, folder):
        with Emulator(binary, 50) as platform:
            return lead(side, platform, self.count, folder)


class FewSlots:
    """Many runs for few places: how soon a freed place is taken."""

    number = 2
    sides = ("ours", "peer")
    repeat = 3

    def __init__(self, quick):
        self.count, self.slots = (32, 16) if quick else (1000, 64)
        ideal = self.count / self.slots
        self.title = (f"{self.count} runs × 1 s, memory for {self.slots} at a "
                      f"time; ideal {ideal:.1f} s")
        self.ideal = ideal
        self.bars = [("times_ideal", 1.15, "wall / ideal"),
                     ("refusals", 0, "refusals"), ("wall_s", None, "wall s"),
                     ("cpu_s", None, "CPU s"), ("rss_mb", None, "peak RSS MB"),
                     ("calls_per_run", None, "API calls a run")]

    def measure(self, binary, side, folder):
        with Emulator(binary, 1000, self.slots * MEMORY_MBYTES) as platform:
            sample = lead(side, platform, self.count, folder)
        sample["times_ideal"] = sample["wall_s"] / self.ideal
        return sample


def lead(side, platform, count, folder):
    """@returns the numbers of one client that leads `count` runs."""
    with side.start(platform.url, count, folder) as process:
        sample = process.wait()
    stats = platform.stats()
    if stats["runs"].get("SUCCEEDED", 0) != count:
        raise RuntimeError(f"{side.name}: not {count} runs: {stats['runs']}")
    sample["calls_per_run"] = api_calls(stats) / count
    sample["refusals"] = refusals(stats)
    return sample


class ManyLive:
    """Very many runs at a time: what it takes to know how they are."""

    number = 3
    sides = ("ours",)
    repeat = 1

    def __init__(self, quick):
        self.count, self.seconds = (200, 12) if quick else (10_000, 60)
        self.from_age, self.to_age = (2, 8) if quick else (15, 50)
        self.title = (f"{self.count:,} runs × {self.seconds} s, all live at a "
                      f"time (requests of {self.from_age} s to {self.to_age} s "
                      "after the start)")
        self.bars = [("requests_per_s", 3, "requests/s while all are live"),
                     ("rss_mb", 100, "peak RSS MB"),
                     ("rss_live_mb", None, "RSS MB while all are live"),
                     ("started_s", None, "all started after s"),
                     ("cpu_s", None, "CPU s"), ("wall_s", None, "wall s"),
                     ("calls_per_run", None, "API calls a run")]

    def measure(self, binary, side, folder):
        with (Emulator(binary, self.seconds * 1000) as platform,
              side.start(platform.url, self.count, folder) as process):
            started_s = self.until_started(platform, process)
            rate, rss = self.steady(platform, process)
            sample = process.wait()
            sample["calls_per_run"] = api_calls(platform.stats()) / self.count
        return sample | {"requests_per_s": rate, "rss_live_mb": rss,
                         "started_s": started_s}

    def until_started(self, platform, process):
        while platform.stats()["runsStarted"] < self.count:
            if process.age() > self.to_age:
                raise RuntimeError("not all runs were started in time")
            time.sleep(0.2)
        return process.age()

    def steady(self, platform, process):
        """@returns requests a second between two moments, and the memory."""
        time.sleep(max(0, self.from_age - process.age()))
        began, before = time.monotonic(), api_calls(platform.stats())
        time.sleep(self.to_age - process.age())
        stats = platform.stats()
        rate = (api_calls(stats) - before) / (time.monotonic() - began)
        if stats["runs"].get("SUCCEEDED", 0) > 0:
            raise RuntimeError("runs ended while requests were counted")
        return rate, process.rss_mb()


class ManyQueued:
    """Runs that wait: what a waiting run costs, and a restart with them."""

    number = 4
    sides = ("ours",)
    repeat = 1

    def __init__(self, quick):
        self.count = 2000 if quick else 1_000_000
        self.title = (f"{self.count:,} queued runs, submitted to `serve` 1000 "
                      "a request; it is then restarted")
        self.bars = [("rss_mb", 1024, "peak RSS MB"),
                     ("ready_s", 10, "ready after a restart, s"),
                     ("restarted_rss_mb", 1024, "peak RSS MB after it"),
                     ("submit_per_s", None, "runs submitted a second"),
                     ("cpu_s", None, "CPU s of the first service")]

    def measure(self, binary, side, folder):
        # The first run takes the only slot and keeps it.
        with Emulator(binary, 10**8, PLENTY) as platform:
            with Service(binary, platform.url, folder) as service:
                service.ready()
                rate = self.submit(service)
                self.check(service)
                sample = service.stop()
            with Service(binary, platform.url, folder) as service:
                ready_s = service.ready()
                self.check(service)
                restarted = service.stop()
        return sample | {"submit_per_s": rate, "ready_s": ready_s,
                         "restarted_rss_mb": restarted["rss_mb"]}

    def submit(self, service):
        began = time.monotonic()
        for first in range(0, self.count, 1000):
            service.submit(first, 1000)
        return self.count / (time.monotonic() - began)

    def check(self, service):
        if service.queued() != self.count - 1:
            raise RuntimeError("not all runs but the first are queued")


ALL = (ShortRuns, FewSlots, ManyLive, ManyQueued, SplitSmall, SplitLarge,
       ReadItems)
