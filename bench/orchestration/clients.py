"""The two sides: ours, and the npm apify-orchestrator."""

import filecmp
import json
import os
import shutil
import subprocess

from .emulator import TOKEN
from .process import Measured

MEMORY_MBYTES = 128


def write_plan(path, count):
    with open(path, "w") as file:
        for i in range(count):
            file.write(json.dumps({
                "name": f"run-{i}", "actor": "emulator/scripted", "input": {},
                "options": {"memoryMbytes": MEMORY_MBYTES}}) + "\n")


class Ours:
    """`apify-orchestrator run`, with its durable store."""

    name = "ours"

    def __init__(self, binary):
        self.binary = binary

    def start(self, url, count, folder):
        write_plan(os.path.join(folder, "plan.ndjson"), count)
        return Measured(
            [self.binary, "run", "plan.ndjson", "--json", "--data", "data",
             "--api", url, "--token", TOKEN], folder)

    def split(self, path, folder):
        return Measured(
            [self.binary, "split", path, "--template",
             '{"list":{"$items":"$item"}}', "--prefix", "bench", "--actor",
             "emulator/scripted", "--dry-run", "--json"], folder)

    def read(self, url, ids, folder):
        flags = [x for one in ids for x in ("--dataset", one)]
        return Measured(
            [self.binary, "items", *flags, "--output", "items.ndjson", "--api",
             url, "--token", TOKEN], folder)

    def version(self):
        answer = subprocess.run([self.binary, "--version"], check=True,
                                capture_output=True, text=True)
        return answer.stdout.strip()


class Peer:
    """The npm package, as its users run it: in Node.js, in memory."""

    name = "peer"

    def __init__(self, source, folder):
        self.folder = folder
        self.install(source)

    def install(self, source):
        """Installs what the lock file says, unless it is there already."""
        lock = os.path.join(source, "package-lock.json")
        done = os.path.join(self.folder, "node_modules", ".installed")
        os.makedirs(self.folder, exist_ok=True)
        for name in ("package.json", "package-lock.json", "runs.mjs",
                     "split.mjs", "read.mjs"):
            shutil.copy(os.path.join(source, name), self.folder)
        if os.path.exists(done) and filecmp.cmp(lock, done, shallow=False):
            return
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit",
                        "--no-fund", "--loglevel=error"],
                       cwd=self.folder, check=True)
        shutil.copy(lock, done)

    def start(self, url, count, folder):
        script = os.path.join(self.folder, "runs.mjs")
        return Measured(["node", script, url, TOKEN, str(count),
                         str(MEMORY_MBYTES)], folder)

    def split(self, path, folder):
        script = os.path.join(self.folder, "split.mjs")
        return Measured(["node", "--max-old-space-size=8192", script, path],
                        folder)

    def read(self, url, ids, folder):
        script = os.path.join(self.folder, "read.mjs")
        return Measured(["node", script, url, TOKEN, "items.ndjson", *ids],
                        folder)

    def version(self):
        def of(name):
            path = os.path.join(self.folder, "node_modules", name)
            with open(os.path.join(path, "package.json")) as file:
                return f"{name} {json.load(file)['version']}"
        node = subprocess.run(["node", "--version"], check=True,
                              capture_output=True, text=True)
        return (f"npm {of('apify-orchestrator')}, {of('apify-client')}, "
                f"Node.js {node.stdout.strip()}")
