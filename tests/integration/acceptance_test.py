"""One plan, one report, every way in: acceptance/acceptance.json says what is
carried out and what has to come of it, a driver how."""

import json
import os
import unittest

from acceptance.cli_driver import CliDriver
from acceptance.http_driver import HttpDriver
from acceptance.nats_driver import NatsDriver
from harness import Case, wait_until

PLAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "acceptance",
                    "acceptance.json")


class Acceptance(Case):
    def setUp(self):
        super().setUp()
        with open(PLAN, encoding="utf-8") as file:
            self.plan = json.load(file)
        self.platform = self.emulator()

    def carry_out(self, make_driver):
        """20 runs, a split, an abort, a restart in the middle."""
        driver = self.keep(make_driver(self, self.platform))
        driver.start()
        driver.submit(self.plan["runs"], self.plan["split"])
        for name in (self.plan["abort"], self.plan["across"]):
            wait_until(lambda: self.is_live(name), what=f"{name} runs")
        driver.abort(self.plan["abort"])
        wait_until(lambda: not self.is_live(self.plan["abort"]),
                   what="the end of the aborted run")
        driver.kill()
        self.assertTrue(self.is_live(self.plan["across"]))
        driver.start()
        driver.wait(self.plan["report"]["runs"], 60)
        self.check(driver.report())

    def is_live(self, name):
        return any(run["key"] == name for run in self.platform.live())

    def check(self, report):
        expected = self.plan["report"]
        self.assertEqual({run["name"]: self.essence(run)
                          for run in report["runs"]},
                         {name: self.complete(run)
                          for name, run in expected["runs"].items()})
        self.assertEqual(report["totals"]["statuses"], expected["statuses"])
        self.assertEqual(report["totals"]["itemCount"], expected["items"])
        states = {name: count for name, count
                  in report["totals"]["states"].items() if count}
        self.assertEqual(states, {"finished": len(expected["runs"])})
        # Each attempt is one start, whatever was killed or lost.
        keys = {run["input"]["key"] for run in self.plan["runs"]}
        keys.add(self.plan["split"]["template"]["key"])
        self.assertEqual(self.platform.starts_by_key(),
                         {key: expected["starts"].get(key, 1) for key in keys})

    @staticmethod
    def essence(run):
        """What of a run is the same each time."""
        return {"status": run["status"], "items": run["itemCount"] or 0,
                "batch": run.get("batch"),
                "attempts": [x["status"] for x in run["attempts"]]}

    @staticmethod
    def complete(run):
        return {"status": run["status"], "items": run.get("items", 0),
                "batch": run.get("batch"),
                "attempts": run.get("attempts", [run["status"]])}


class CommandLine(Acceptance):
    def test_the_plan_ends_in_the_expected_report(self):
        self.carry_out(CliDriver)


class Http(Acceptance):
    def test_the_plan_ends_in_the_expected_report(self):
        self.carry_out(HttpDriver)


class Nats(Acceptance):
    def test_the_plan_ends_in_the_expected_report(self):
        self.carry_out(NatsDriver)


if __name__ == "__main__":
    unittest.main()
