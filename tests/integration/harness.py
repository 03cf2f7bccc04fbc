"""What the integration tests share: the binary, its emulator and its service."""

import contextlib
import json
import os
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

BINARY = os.environ["ORC_BINARY"]
TOKEN = "integration-token"


def environment(**more):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("APIFY_", "ORCHESTRATOR_"))}
    return dict(kept, **more)


def wait_until(condition, seconds=60, what="a condition"):
    """Returns what the condition returns once that is true."""
    deadline = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true in {seconds} s")
        time.sleep(0.02)


class Answer:
    """An HTTP answer, whatever its status."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.text = body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text)


def http(method, url, body=None, headers=None, timeout=30):
    if body is not None and not isinstance(body, (bytes, str)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    headers = dict({"Content-Type": "application/json"} if body else {},
                   **(headers or {}))
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


class Process:
    """A process of ours whose lines can be waited for."""

    def __init__(self, *args, env=None, cwd=None, limits=None):
        self.out = []
        self.err = []
        self._arrived = queue.Queue()
        self.process = subprocess.Popen(
            [BINARY, *args], env=env or environment(), cwd=cwd, text=True,
            errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=limits)
        self._readers = [threading.Thread(target=self._read, args=pair)
                         for pair in ((self.process.stdout, self.out),
                                      (self.process.stderr, self.err))]
        for reader in self._readers:
            reader.start()

    def _read(self, stream, lines):
        for line in stream:
            lines.append(line.rstrip("\n"))
            self._arrived.put(None)

    def wait_for_line(self, pattern, seconds=20):
        def found():
            for line in self.out + self.err:
                match = re.search(pattern, line)
                if match:
                    return match
            if self.process.poll() is not None:
                raise AssertionError("ended: " + "\n".join(self.err[-20:]))
            return None
        return wait_until(found, seconds, f"a line {pattern}")

    def send(self, which):
        self.process.send_signal(which)

    def finish(self, seconds=40):
        """Returns the exit code once it ended by itself."""
        code = self.process.wait(seconds)
        self._close()
        return code

    def stop(self, which=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(which)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._close()
        return self.process.returncode

    def _close(self):
        for reader in self._readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    @property
    def events(self):
        """The lines of JSON on standard output."""
        return [json.loads(line) for line in self.out]


class Emulator:
    """The platform that the binary brings along."""

    def __init__(self, *args, user=f"tester:{TOKEN}:16384:25", cwd=None):
        self.process = Process("emulate", "--listen", "127.0.0.1:0",
                               "--no-rate-limits", "--user", user, *args,
                               cwd=cwd)
        self.url = self.process.wait_for_line(
            r"(http://127\.0\.0\.1:\d+)").group(1)

    def stats(self):
        return http("GET", self.url + "/emulator/stats").json

    def runs(self, key_field="key"):
        return http("GET", f"{self.url}/emulator/runs?keyField={key_field}").json

    def starts_by_key(self):
        result = {}
        for run in self.runs():
            result[run["key"]] = result.get(run["key"], 0) + 1
        return result

    def live(self):
        return [run for run in self.runs()
                if run["status"] in ("READY", "RUNNING")]

    def stop(self):
        self.process.stop()


class Service:
    """`serve` on a free port."""

    def __init__(self, *args, listen="127.0.0.1:0", **kept):
        self.process = Process("serve", "--listen", listen, *args, **kept)
        self.url = self.process.wait_for_line(
            r"^listening on (http://127\.0\.0\.1:\d+)$").group(1)

    def call(self, method, path, body=None, **more):
        return http(method, self.url + path, body, **more)

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def submit(self, body, **more):
        return self.call("POST", "/api/v1/runs", body, **more)

    def run(self, name, wait=0):
        quoted = urllib.parse.quote(name, safe="")
        return self.get(f"/api/v1/runs/{quoted}?waitSecs={wait}",
                        timeout=wait + 30).json

    def stop(self, which=signal.SIGTERM):
        return self.process.stop(which)


def request(name, *, duration=50, memory=128, options=None, more_input=None,
            actor="emulator/scripted", **more):
    """A run request whose input the emulator understands."""
    return dict({"name": name, "actor": actor,
                 "input": dict({"key": name, "durationMs": duration},
                               **(more_input or {})),
                 "options": dict({"memoryMbytes": memory}, **(options or {}))},
                **more)


class Case(unittest.TestCase):
    """A test with a folder of its own, and processes that end with it."""

    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="orc-integration-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.data = os.path.join(self.folder, "data")
        # Old enough for answers that are lost, too short to wait for in vain.
        self.config = self.write("orc.toml", "[timing]\nreconcile_window = 4\n"
                                             "retry_backoff = 0.1\n")

    def keep(self, thing):
        """Stops it when the test ends."""
        self.addCleanup(thing.stop)
        return thing

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text if isinstance(text, str) else json.dumps(text))
        return path

    def plan(self, *runs, name="plan.json"):
        return self.write(name, {"runs": list(runs)})

    def emulator(self, *args, **more):
        return self.keep(Emulator(*args, **more))

    def environment(self, platform, **more):
        return environment(APIFY_TOKEN=TOKEN, APIFY_API_BASE_URL=platform.url,
                           ORCHESTRATOR_DATA=self.data, **more)

    def launch(self, platform, *args, env=None, **more):
        """Starts `run` and lets it run."""
        return self.keep(Process(
            "run", *args, "--config", self.config,
            env=self.environment(platform, **(env or {})), cwd=self.folder,
            **more))

    def run_plan(self, platform, *args, expect=0, seconds=40, **more):
        """Runs it to its end."""
        process = self.launch(platform, *args, **more)
        code = process.finish(seconds)
        self.assertEqual(code, expect, "\n".join(process.out + process.err))
        return process

    def binary(self, *args, stdin="", seconds=40, **variables):
        return subprocess.run([BINARY, *args], input=stdin, text=True,
                              capture_output=True, cwd=self.folder,
                              timeout=seconds, env=environment(**variables),
                              check=False)

    def service(self, platform, *args, env=None, **more):
        return self.keep(Service(
            *args, "--config", self.config,
            env=self.environment(platform, **(env or {})), cwd=self.folder,
            **more))

    def texts_below(self, folder):
        for root, _, files in os.walk(folder):
            for name in files:
                path = os.path.join(root, name)
                with contextlib.suppress(FileNotFoundError):
                    with open(path, "rb") as file:
                        yield path, file.read()
