"""PyPI's nats-py drives the service over a bus; so does our example."""

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import nats

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                       "..", "examples", "bus", "plan.py")


def launch(*args, env=None):
    process = subprocess.Popen([os.environ["ORC_BINARY"], *args], text=True,
                               stdout=subprocess.PIPE, env=env,
                               stderr=subprocess.DEVNULL)
    for line in process.stdout:
        if found := re.search(r"(http://127\.0\.0\.1:\d+)", line):
            return process, found[1]
    raise RuntimeError(f"{args[0]} ended before it listened")


def stop(process):
    process.terminate()
    process.wait()
    if process.stdout:
        process.stdout.close()


class BusTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.server = f"nats://127.0.0.1:{self.port}"
        self.keep(subprocess.Popen(
            [shutil.which("nats-server",
                          path=os.environ["PATH"] + ":/usr/sbin"),
             "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd",
             os.path.join(self.folder, "bus")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        platform, url = launch("emulate", "--listen", "127.0.0.1:0",
                               "--any-actor", "--duration-ms", "50")
        self.keep(platform)
        service, _ = launch(
            "serve", "--listen", "127.0.0.1:0", "--nats", self.server,
            "--data", os.path.join(self.folder, "data"),
            env=dict(os.environ, APIFY_TOKEN="emulator-token",
                     APIFY_API_BASE_URL=url))
        self.keep(service)
        self.bus = await nats.connect(self.server)
        self.addAsyncCleanup(self.bus.close)
        await self.eventually("account.list")

    def keep(self, process):
        self.addCleanup(stop, process)

    async def ask(self, verb, timeout=60, **members):
        answer = await self.bus.request(f"orchestrator.main.cmd.{verb}",
                                        json.dumps(members).encode(), timeout)
        return answer.headers, json.loads(answer.data)

    async def eventually(self, verb):
        """The service connects after it listens."""
        for _ in range(200):
            try:
                return await self.ask(verb, 1)
            except (nats.errors.NoRespondersError, nats.errors.TimeoutError):
                await asyncio.sleep(0.05)
        raise AssertionError(f"nobody answers {verb}")

    async def test_requests_are_answered(self):
        _, run = await self.ask("run.submit", name="a", actor="acme/shop")
        self.assertEqual(run["name"], "a")
        _, ended = await self.ask("run.wait", name="a")
        self.assertEqual(ended["status"], "SUCCEEDED")
        headers, _ = await self.ask("run.get", name="none")
        self.assertEqual(headers["Nats-Service-Error-Code"], "404")

    async def test_the_example_sends_a_plan_twice_and_it_runs_once(self):
        plan = os.path.join(self.folder, "plan.json")
        with open(plan, "w", encoding="utf-8") as file:
            json.dump({"runs": [{"name": f"run-{i}", "actor": "acme/shop"}
                                for i in range(5)]}, file)
        for _ in range(2):
            done = await asyncio.create_subprocess_exec(
                sys.executable, EXAMPLE, plan, "--server", self.server,
                stdout=asyncio.subprocess.PIPE)
            out, _ = await asyncio.wait_for(done.communicate(), 60)
            self.assertEqual(sorted(out.decode().split()[::2]),
                             [f"run-{i}" for i in range(5)])
        _, report = await self.ask("report.get")
        self.assertEqual(report["totals"]["states"]["finished"], 5)


if __name__ == "__main__":
    unittest.main()
