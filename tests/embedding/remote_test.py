"""An ORCHESTRATOR in one process, a host that speaks to it in another."""

import json
import unittest

import prefix  # first: it makes harness importable
from host import Host
from harness import TOKEN, Case, environment, request, wait_until


class Remote(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()
        self.env = environment(APIFY_TOKEN=TOKEN,
                               APIFY_API_BASE_URL=self.platform.url)
        self.owner = self.keep(Host("embed", self.data, "10", env=self.env))
        self.guest = self.keep(
            Host("remote", *self.owner.ready[1:], env=self.env))

    def test_runs_cross_both_ways(self):
        self.assertEqual(self.guest.ask("follow"), "ok")
        runs = [request(f"far/{i}", more_input={"items": 2}) for i in range(5)]
        self.assertEqual(self.guest.ask("submit " + json.dumps(runs)), "5")
        for i in range(5):
            run = json.loads(self.guest.ask(f"wait far/{i}"))
            self.assertEqual((run["name"], run["status"]),
                             (f"far/{i}", "SUCCEEDED"))
        report = json.loads(self.guest.ask("report"))
        self.assertEqual(len(report["runs"]), 5)
        # Events were sent to the other process as they happened.
        seen = set()
        while len([x for x in seen if x.startswith("event run.ended")]) < 5:
            seen.add(self.guest.told.get(timeout=20))
        self.assertEqual(self.guest.quit(), 0)
        self.assertEqual(self.owner.quit(), 0)

    def test_errors_cross_as_they_are(self):
        self.assertRegex(self.guest.ask("wait nobody"),
                         "^error unknown-run: .*nobody")
        self.assertRegex(
            self.guest.ask('submit [{"name":"a","actor":"x","attempts":0}]'),
            "^error bad-field: .*attempts")

    def test_a_guest_hears_when_the_owner_is_killed(self):
        self.assertEqual(self.guest.ask("watch"), "ok")
        self.assertEqual(self.guest.ask(
            "submit " + json.dumps([request("kept", duration=60000)])), "1")
        wait_until(lambda: self.platform.live(), what="the run")
        self.owner.stop()
        self.assertEqual(self.guest.told.get(timeout=20), "down")
        # What it had is in its directory: the next owner joins the run.
        self.keep(Host("embed", self.data, "10", env=self.env))
        self.assertEqual(self.platform.stats()["runsStarted"], 1)


if __name__ == "__main__":
    unittest.main()
