"""Crew's demo workers in Python, unmodified, against the service."""

import os
import subprocess
import sys
import tempfile
import time
import unittest

import requests

BINARY = os.environ["ORC_BINARY"]
DEMO = os.path.join(os.environ["ORC_CREW_DEMO"], "python")


def environment(**more):
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("APIFY_", "ORCHESTRATOR_", "CREW_"))}
    return dict(kept, **more)


class Demo(unittest.TestCase):
    token = "a-token-of-the-service"

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.served = self.start(
            [BINARY, "serve", "--listen", "127.0.0.1:0", "--data", folder.name],
            environment(ORCHESTRATOR_TOKEN=self.token))
        line = self.served.stdout.readline()
        # Crew's clients know of no tokens, but of a user and a password.
        self.url = line.split()[-1].replace("://", f"://crew:{self.token}@")

    def start(self, command, variables, **more):
        process = subprocess.Popen(command, env=variables, text=True,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, **more)

        def stop():
            process.kill()
            process.wait()
            process.stdout.close()
        self.addCleanup(stop)
        return process

    def call(self, method, path, body=None):
        answer = requests.request(method, f"{self.url}/api/v1/{path}",
                                  json=body, timeout=10)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def test_the_demo_workers_do_tasks(self):
        group = self.call("POST", "task_groups", {"name": "demo"})["_id"]
        for name, more in (("good", {}), ("bad", {"throw": "no luck"})):
            self.call("POST", f"task_group/{group}/tasks",
                      {"name": name, "channel": "worker_b", "input": more})
        self.start([sys.executable, "workers.py"],
                   environment(CREW_API_BASE_URL=self.url + "/",
                               CREW_WORK_INTERVAL_IN_MILLISECONDS="200"),
                   cwd=DEMO)
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            tasks = {x["name"]: x for x in
                     self.call("GET", f"task_group/{group}/tasks")}
            if tasks["good"]["isComplete"] and tasks["bad"]["errors"]:
                break
            time.sleep(0.1)
        self.assertEqual(tasks["good"]["output"]["message"],
                         "Worker A did it!")
        self.assertEqual(tasks["bad"]["errors"], ["no luck"])
        self.assertEqual(tasks["bad"]["remainingAttempts"], 4)


if __name__ == "__main__":
    unittest.main()
