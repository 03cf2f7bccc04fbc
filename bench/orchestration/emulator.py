"""The platform that both sides talk to."""

import json
import subprocess
import urllib.request

TOKEN = "bench-token"
PLENTY = 1_000_000_000


class Emulator:
    """A fresh emulator on a free port, for the length of a `with`."""

    def __init__(self, binary, duration_ms, memory_mbytes=PLENTY):
        self.command = [
            binary, "emulate", "--listen", "127.0.0.1:0", "--no-rate-limits",
            "--user", f"bench:{TOKEN}:{memory_mbytes}:{PLENTY}",
            "--duration-ms", str(duration_ms),
        ]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, text=True)
        greeting = self.process.stdout.readline().split()
        self.url = next((x for x in greeting if x.startswith("http://")), None)
        if self.url is None:
            raise RuntimeError("the emulator did not start")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def stats(self):
        with urllib.request.urlopen(self.url + "/emulator/stats") as answer:
            return json.load(answer)


def api_calls(stats):
    """@returns how many requests the platform got, without these for stats."""
    return sum(n for route, n in stats["requestsByRoute"].items()
               if "/emulator/" not in route)


def refusals(stats):
    """@returns how many starts were refused for lack of memory or slots."""
    return sum(stats["errors"].get(x, 0) for x in (
        "actor-memory-limit-exceeded", "concurrent-runs-limit-exceeded"))
