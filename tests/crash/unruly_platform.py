"""The emulator that the crash matrix runs against, and what it does meanwhile."""
import json
import random
import re
import subprocess
import threading
import urllib.error
import urllib.request

FAULTS = ("start.500=0.05,start.429=0.05,start.lost=0.04,start.cut=0.04,"
          "start.half=0.02,start.created-500=0.04,"
          "get.500=0.05,get.429=0.05,get.cut=0.02,list.500=0.05")

TOKEN = "tester-token"


class UnrulyPlatform:
    """Loses answers, cuts connections, answers 500 and 429, moves runs to other
    machines, and counts the starts of each run."""

    def __init__(self, binary, seed, *args):
        self.process = subprocess.Popen(
            [binary, "emulate", "--listen", "127.0.0.1:0", "--seed", "7",
             "--no-rate-limits", "--fault-rate", FAULTS,
             "--user", f"tester:{TOKEN}:8192:48", *args],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self._read_url()
        self.migrations = 0
        self._random = random.Random(seed)
        self._stopping = threading.Event()
        self._mover = threading.Thread(target=self._keep_moving)
        self._mover.start()

    def _read_url(self):
        for line in self.process.stdout:
            match = re.search(r"(http://\S+?) ?\(token: ", line)
            if match:
                return match.group(1).rstrip(".")
        raise SystemExit("the emulator did not start")

    def _keep_moving(self):
        """Migrates a run that is at work, five times a second."""
        while not self._stopping.wait(0.2):
            running = [x for x in self.runs() if x["status"] == "RUNNING"]
            if running and self._migrate(self._random.choice(running)["id"]):
                self.migrations += 1

    def _migrate(self, run_id):
        request = urllib.request.Request(
            f"{self.url}/emulator/runs/{run_id}/migrate", method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60):
                return True
        except urllib.error.HTTPError:
            return False  # It ended meanwhile.

    def _get(self, path):
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return json.load(answer)

    def runs(self):
        return self._get("/emulator/runs")

    def stats(self):
        return self._get("/emulator/stats")

    def live(self):
        return [x for x in self.runs()
                if x["status"] in ("READY", "RUNNING", "TIMING-OUT", "ABORTING")]

    def stop(self):
        self._stopping.set()
        self._mover.join()
        self.process.terminate()
        self.process.wait(timeout=20)
