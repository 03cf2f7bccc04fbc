"""The command line: `run` carries out the plan; it is killed, and `serve` goes on
from its store, with the commands that are its clients."""

import json
import signal

from acceptance.driver import Driver
from harness import Process, Service, wait_until


class CliDriver(Driver):
    run = None
    served = None

    def start(self):
        # The first start is `run`, which needs the plan.
        if self.run:
            self.served = Service(
                *self.options, "--config", self.case.config,
                env=self.case.environment(self.platform),
                cwd=self.case.folder)

    def kill(self):
        self.served.stop(signal.SIGKILL)

    def submit(self, runs, split):
        plan = self.case.write("acceptance.json",
                               {"runs": runs, "splits": [split]})
        self.run = Process(
            "run", plan, "--json", *self.options, "--config", self.case.config,
            env=self.case.environment(self.platform), cwd=self.case.folder)
        # Lists are cut last: what a killed `run` had not submitted yet would be
        # there only once it runs again.
        wait_until(lambda: self.platform.runs() and self._is_submitted(
            len(runs)), what="a submitted plan")

    def _is_submitted(self, count):
        import sqlite3
        with sqlite3.connect(f"file:{self.case.data}/orchestrator.db?mode=ro",
                             uri=True) as db:
            found = db.execute("SELECT count(*) FROM runs").fetchone()[0]
        return found > count

    def abort(self, name):
        self.run.stop(signal.SIGKILL)
        self.start()
        self._client("abort", name)

    def wait(self, names, seconds):
        self._client("wait", "--timeout", str(seconds), *names, expect=(0, 1))

    def report(self):
        return json.loads(self._client("report", "--json"))

    def stop(self):
        for process in (self.run, self.served):
            if process:
                process.stop()

    def _client(self, *command, expect=(0,)):
        done = self.case.binary(*command, seconds=90,
                                ORCHESTRATOR_URL=self.served.url)
        self.case.assertIn(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout
