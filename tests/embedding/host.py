"""The host program of tests/embedding/programs/host: a line in, a line out."""

import os
import queue
import subprocess
import threading

from prefix import Prefix

HERE = os.path.dirname(os.path.abspath(__file__))


class Host:
    """A process; `event …` and `down` lines come aside."""

    def __init__(self, *words, env):
        program = Prefix.get().cmake_program(
            os.path.join(HERE, "programs", "host"), "host")
        self.process = subprocess.Popen(
            [program, *words], env=env, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.answers = queue.Queue()
        self.told = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.ready = self.answers.get(timeout=30).split()
        assert self.ready[0] == "ready", self.ready

    def _read(self):
        for line in self.process.stdout:
            line = line.rstrip("\n")
            aside = line.startswith("event ") or line == "down"
            (self.told if aside else self.answers).put(line)
        # Whoever waits for a line hears of the end.
        self.answers.put("error the host has ended")

    def ask(self, line, seconds=100):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.answers.get(timeout=seconds)

    def quit(self, seconds=30):
        """Returns the exit code once it has ended by itself."""
        self.process.stdin.write("quit\n")
        self.process.stdin.flush()
        code = self.process.wait(seconds)
        self._close()
        return code

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._close()

    def _close(self):
        self._reader.join()
        self.process.stdout.close()
        if not self.process.stdin.closed:
            self.process.stdin.close()
