"""What the tests of local worker pools share."""

import contextlib
import json
import os
import signal
import subprocess

from harness import BINARY, Process, environment, http, wait_until
from tasks import Crew


def alive(pid):
    """Whether a process is there and no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children_of(pid):
    """The ids of all children, zombies too."""
    result = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            with open(f"/proc/{entry}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
            if int(fields[1]) == pid:
                result.append(int(entry))
    return result


class Pool(Process):
    """`pool run`, whose API is that of a service."""

    def __init__(self, *args, **kept):
        super().__init__("pool", "run", *args, **kept)
        self.url = None

    def listens(self):
        self.url = self.wait_for_line(
            r"listening on (http://127\.0\.0\.1:\d+)$").group(1)
        return self

    def call(self, method, path, body=None, **more):
        return http(method, self.url + path, body, **more)

    def lines(self):
        return [line for line in self.out if not line.startswith("listening")]


class Pools(Crew):
    """A service that makes tasks; pools have its data directory after it."""

    interval = 0.02
    idle_ticks = 3

    def leave(self):
        """Stops the service, so that a pool may have its tasks."""
        self.assertEqual(self.served.stop(signal.SIGTERM), 0)

    def config_file(self, *workers, name="pool.toml", top="", **pool):
        options = dict({"interval": self.interval,
                        "idle_ticks": self.idle_ticks}, **pool)
        text = top + "\n[pool]\n" + self.lines_of(options)
        for worker in workers:
            text += "[[pool.workers]]\n" + self.lines_of(
                dict({"idle_exit": 0.1, "grace": 2}, **worker))
        return self.write(name, text)

    @staticmethod
    def lines_of(options):
        def value(x):
            if isinstance(x, dict):
                return ("{ " + ", ".join(f"{k} = {json.dumps(v)}"
                                         for k, v in x.items()) + " }")
            return json.dumps(x)
        return "".join(f"{name} = {value(x)}\n"
                       for name, x in options.items())

    def pool(self, config, *args, data=None, **variables):
        return self.keep(Pool(
            "--config", config, *args, cwd=self.folder,
            env=environment(ORCHESTRATOR_DATA=data or self.data,
                            **variables)))

    def run_pool(self, config, *args, expect=0, seconds=30, **more):
        """Runs one to its end."""
        pool = self.pool(config, *args, **more)
        code = pool.finish(seconds)
        self.assertEqual(code, expect, "\n".join(pool.out + pool.err))
        return pool

    def command(self, *args, data=None, expect=None, seconds=30):
        done = subprocess.run(
            [BINARY, "pool", *args], text=True, capture_output=True,
            cwd=self.folder, timeout=seconds, check=False,
            env=environment(ORCHESTRATOR_DATA=data or self.data))
        if expect is not None:
            self.assertEqual(done.returncode, expect,
                             done.stdout + done.stderr)
        return done

    def serve_again(self):
        self.served = self.serve()
        return self.served

    @property
    def workers(self):
        return os.path.join(self.data, "tmp", "workers")

    def pid_files(self, data=None):
        folder = os.path.join(data or self.data, "tmp", "workers")
        if not os.path.isdir(folder):
            return []
        return sorted(x for x in os.listdir(folder) if x.endswith(".pid"))

    def worker_pids(self, data=None):
        folder = os.path.join(data or self.data, "tmp", "workers")
        result = []
        for name in self.pid_files(data):
            if "_worker_" in name:
                with contextlib.suppress(FileNotFoundError):
                    with open(os.path.join(folder, name),
                              encoding="utf-8") as file:
                        result.append(int(file.readline()))
        return result

    def wait_for_workers(self, count, data=None):
        return wait_until(
            lambda: len(pids := self.worker_pids(data)) == count and pids,
            what=f"{count} workers")

    def script(self, text, name="work.sh"):
        path = self.write(name, "#!/bin/sh\n" + text)
        os.chmod(path, 0o755)
        return path
