"""`apify-orchestrator serve`, and its HTTP API."""

import http.client
import json
import os
import time

from .clients import MEMORY_MBYTES
from .emulator import TOKEN
from .process import Measured


class Service:
    """A service with one run slot, on any free port."""

    def __init__(self, binary, url, folder):
        self.process = Measured(
            [binary, "serve", "--listen", "127.0.0.1:0", "--data", "data",
             "--api", url, "--token", TOKEN, "--max-concurrent-runs", "1"],
            folder, stdout=open(os.path.join(folder, "serve.out"), "wb"))
        self.port = self.read_port(os.path.join(folder, "serve.out"))
        self.http = http.client.HTTPConnection("127.0.0.1", self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()
        self.process.__exit__()

    def read_port(self, path):
        """@returns where it says that it listens."""
        while True:
            with open(path) as file:
                line = file.read()
            if line.endswith("\n") and "http://" in line:
                return int(line.rsplit(":", 1)[1].split()[0])
            if self.process.process.poll() is not None:
                raise RuntimeError(f"serve ended, see {self.process.log.name}")
            time.sleep(0.01)

    def call(self, method, path, body=None):
        text = None if body is None else json.dumps(body)
        self.http.request(method, path, text,
                          {"Content-Type": "application/json"})
        answer = self.http.getresponse()
        return answer.status, answer.read()

    def ready(self):
        """@returns its age when /readyz answered 200."""
        while self.call("GET", "/readyz")[0] != 200:
            time.sleep(0.01)
        return self.process.age()

    def submit(self, first, count):
        status, body = self.call("POST", "/api/v1/runs", [
            {"name": f"run-{i}", "actor": "emulator/scripted", "input": {},
             "options": {"memoryMbytes": MEMORY_MBYTES}}
            for i in range(first, first + count)])
        if status not in (200, 201):
            raise RuntimeError(f"{status} {body[:300]!r}")

    def queued(self):
        _, body = self.call("GET", "/api/v1/accounts")
        return json.loads(body)["items"][0]["runsQueued"]

    def stop(self):
        self.process.stop()
        return self.process.wait()
