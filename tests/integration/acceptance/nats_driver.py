"""The message bus: durable commands for what is submitted, requests for the rest."""

import os
import signal

import nats_bus
from acceptance.driver import Driver
from harness import Service, wait_until


class NatsDriver(Driver):
    bus = None
    client = None
    served = None

    def start(self):
        if not self.bus:
            folder = os.path.join(self.case.folder, "nats")
            os.makedirs(folder)
            self.bus = nats_bus.Server(folder)
            self.client = nats_bus.Client(self.bus.port)
        self.served = Service(
            *self.options, "--config", self.case.config, "--nats", self.bus.url,
            "--nats-instance", "plan", cwd=self.case.folder,
            env=self.case.environment(self.platform))
        wait_until(lambda: self._ask("account.list").status == 200,
                   what="an answer over the bus")

    def kill(self):
        self.served.stop(signal.SIGKILL)

    def submit(self, runs, split):
        done = self.client.subscribe("acceptance.done")
        for verb, body in (("run.submit", runs), ("split.submit", split)):
            self.client.store("orchestrator.plan.work." + verb, body,
                              {"Nats-Msg-Id": "acceptance-" + verb,
                               "Reply-To": "acceptance.done"})
            self._expect(201, done.get(timeout=30))

    def abort(self, name):
        self._expect(200, self._ask("run.abort", {"name": name}))

    def wait(self, names, seconds):
        for name in names:
            wait_until(lambda: self._ask("run.wait", {
                "name": name, "waitSecs": 5}).json["state"] == "finished",
                seconds, f"the end of {name}")

    def report(self):
        return self._ask("report.get").json

    def stop(self):
        for started in (self.served, self.client, self.bus):
            if started:
                started.stop()

    def _ask(self, verb, body=b""):
        return self.client.request("orchestrator.plan.cmd." + verb, body)

    def _expect(self, status, answer):
        self.case.assertEqual(answer.status, status, answer.data)
