"""Processes that are measured."""

import os
import signal
import subprocess
import time


class Measured:
    """A child whose wall time, CPU time and peak memory are wanted.

    The numbers come from wait4: they are the child's own, without the
    emulator's and without this script's.
    """

    def __init__(self, command, folder, **environment):
        self.log = open(os.path.join(folder, "client.log"), "ab")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=environment.pop("stdout", self.log), stderr=self.log,
            env={**os.environ, **environment})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Ends it if something went wrong before it ended by itself."""
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait()

    def age(self):
        return time.monotonic() - self.began

    def rss_mb(self):
        """@returns how much of it is in memory now."""
        with open(f"/proc/{self.process.pid}/statm") as file:
            pages = int(file.read().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self):
        os.kill(self.process.pid, signal.SIGTERM)

    def wait(self):
        """@returns its numbers, once it ended."""
        _, status, used = os.wait4(self.process.pid, 0)
        wall = self.age()
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self.log.close()
        if self.process.returncode != 0:
            raise RuntimeError(f"{self.process.args[0]} ended with "
                               f"{self.process.returncode}, see {self.log.name}")
        return {"wall_s": wall, "cpu_s": used.ru_utime + used.ru_stime,
                "rss_mb": used.ru_maxrss / 1024}
