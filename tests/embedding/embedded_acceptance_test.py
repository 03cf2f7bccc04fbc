"""The acceptance plan of tests/integration, by typed messages in a host program
that is built from an installed prefix."""

import json
import unittest

import prefix  # first: it makes what follows importable
from acceptance.driver import Driver
from acceptance_test import Acceptance
from host import Host


class EmbeddedDriver(Driver):
    host = None

    def start(self):
        self.host = Host("embed", self.case.data, self.options[1],
                         env=self.case.environment(self.platform))

    def kill(self):
        self.host.stop()

    def submit(self, runs, split):
        self._expect_no_error("submit " + json.dumps(runs))
        self._expect_no_error("split " + json.dumps(split))

    def abort(self, name):
        self._expect_no_error("abort " + name)

    def wait(self, names, seconds):
        for name in names:
            run = json.loads(self.host.ask("wait " + name, seconds))
            self.case.assertEqual(run["state"], "finished", name)

    def report(self):
        return json.loads(self.host.ask("report"))

    def stop(self):
        if self.host:
            self.host.stop()

    def _expect_no_error(self, line):
        answer = self.host.ask(line)
        self.case.assertFalse(answer.startswith("error"), answer)


class Embedded(Acceptance):
    def test_the_plan_ends_in_the_expected_report(self):
        self.carry_out(EmbeddedDriver)


if __name__ == "__main__":
    unittest.main()
