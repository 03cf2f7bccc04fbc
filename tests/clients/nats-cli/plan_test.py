"""The command `nats` drives the service over a bus: nothing but that."""

import base64
import json
import os
import signal
import subprocess
import unittest

import bus_test
from harness import request, wait_until

NATS = os.environ["ORC_NATS_CLI"]


class NatsCommand(bus_test.BusCase):
    def nats(self, *command):
        return subprocess.run(
            [NATS, "--server", self.bus.url, *command], text=True, timeout=120,
            capture_output=True, check=False, stdin=subprocess.DEVNULL,
            env=dict(os.environ, HOME=self.folder, XDG_CONFIG_HOME=self.folder))

    def req(self, verb, body):
        """Returns the answer, or nothing where nobody gives one."""
        done = self.nats("request", "--raw", "--timeout", "90s",
                         "orchestrator.test.cmd." + verb, json.dumps(body))
        return json.loads(done.stdout) if done.stdout.strip() else None

    def pub(self, name):
        """Orders a run, again until the stream has it."""
        wait_until(lambda: self.nats(
            "publish", "--jetstream", "--timeout", "5s", "-H",
            "Nats-Msg-Id:" + name, "orchestrator.test.work.run.submit",
            json.dumps(request(name, duration=300))).returncode == 0,
            60, f"the stream takes {name}")

    def facts(self):
        """Returns subject and event of all that the stream has, in order."""
        done = self.nats("subscribe", "--stream", "orchestrator-test-evt",
                         "--all", "--terminate-at-end", "--dump=-")
        self.assertEqual(done.returncode, 0, done.stderr)
        messages = [json.loads(x) for x in done.stdout.split("\0") if x.strip()]
        return [(x["Subject"], self.event_of(x)) for x in messages]

    def event_of(self, message):
        event = json.loads(base64.b64decode(message["Data"]))
        self.assertEqual(message["Header"]["Nats-Msg-Id"], [event["id"]])
        return event

    def test_it_drives_a_plan_through_kills_of_the_bus_and_of_us(self):
        service = self.serve()
        names = [f"plan/{i}" for i in range(12)]
        for name in names[:4]:
            self.pub(name)
        self.bus.kill()
        self.bus.start()
        for name in names[4:8]:
            self.pub(name)
        service.stop(signal.SIGKILL)
        for name in names[8:]:
            self.pub(name)
            self.pub(name)
        self.serve()
        for name in names:
            wait_until(lambda: (self.req("run.get", {"name": name}) or {}).get(
                "name") == name, 60, name)
            self.assertEqual(self.req("run.wait", {"name": name})["status"],
                             "SUCCEEDED")
        self.assertEqual(self.platform.starts_by_key(),
                         {name: 1 for name in names})
        wait_until(lambda: self.have_facts(names), 60, "all facts")

    def have_facts(self, names):
        """Each at least once, in order for each run."""
        kinds = {}
        for subject, event in self.facts():
            kind = subject.removeprefix("orchestrator.test.evt.")
            line = kinds.setdefault(event["subject"], [])
            if kind.startswith("run.") and (event["id"], kind) not in line:
                line.append((event["id"], kind))
        for name in names:
            line = [x for _, x in kinds.get("default/" + name, [])]
            steps = [x for x in line if x in ("run.submitted", "run.started",
                                              "run.ended")]
            if "run.ended" not in steps:
                return False
            self.assertEqual(steps, ["run.submitted", "run.started",
                                     "run.ended"], name)
        return True

    def test_it_aborts_and_reports_and_says_what_is_wrong(self):
        self.serve()
        self.assertEqual(self.req("run.submit", request(
            "long", duration=60000))["name"], "long")
        self.req("run.abort", {"name": "long"})
        ended = self.req("run.wait", {"name": "long"})
        self.assertIn(ended["state"], ("finished", "cancelled"))
        self.assertEqual(self.req("report.get", {})["runs"][0]["name"], "long")
        wrong = self.nats("request", "orchestrator.test.cmd.run.get",
                          '{"name":"none"}')
        self.assertIn("Nats-Service-Error-Code: 404",
                      wrong.stdout + wrong.stderr)
        found = self.nats("micro", "info", "apify-orchestrator", "--json")
        self.assertIn("orchestrator.test.cmd.run.submit", found.stdout,
                      found.stderr)


if __name__ == "__main__":
    unittest.main()
