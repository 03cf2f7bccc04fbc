"""The HTTP API of `serve`."""

import signal

from acceptance.driver import Driver
from harness import Service, wait_until


class HttpDriver(Driver):
    served = None

    def start(self):
        self.served = Service(
            *self.options, "--config", self.case.config, cwd=self.case.folder,
            env=self.case.environment(self.platform))

    def kill(self):
        self.served.stop(signal.SIGKILL)

    def submit(self, runs, split):
        self._expect(201, self.served.submit(runs))
        self._expect(201, self.served.call("POST", "/api/v1/splits", split))

    def abort(self, name):
        self._expect(200, self.served.call(
            "POST", f"/api/v1/runs/{name}/abort"))

    def wait(self, names, seconds):
        for name in names:
            wait_until(lambda: self.served.run(name, 5)["state"] == "finished",
                       seconds, f"the end of {name}")

    def report(self):
        return self.served.get("/api/v1/report").json

    def stop(self):
        if self.served:
            self.served.stop()

    def _expect(self, status, answer):
        self.case.assertEqual(answer.status, status, answer.text)
