"""Runs that get stuck, run out of memory or are moved."""

import unittest

from harness import Case, http, request, wait_until


class Watched(Case):
    def stuck(self, name, **more):
        """Writes two items, then nothing for ten minutes."""
        given = {"items": 2, "itemEveryMs": 100, "gracefulAbortMs": 100}
        given.update(more.pop("more_input", {}))
        return request(name, duration=600_000, more_input=given, **more)


class Stuck(Watched):
    def test_a_stuck_run_is_resurrected_and_finishes(self):
        platform = self.emulator()
        served = self.service(platform)
        served.submit(self.stuck("a", stuck={"afterSecs": 5},
                                 more_input={"resurrectedDurationMs": 100}))
        run = served.run("a", 60)
        self.assertEqual(run["status"], "SUCCEEDED")
        attempt, = run["attempts"]
        self.assertEqual((attempt["stuck"], attempt["resurrections"]), (1, 1))
        self.assertEqual(platform.stats()["runsStarted"], 1)

    def test_a_run_that_stays_stuck_is_given_up(self):
        platform = self.emulator()
        served = self.service(platform)
        served.submit(self.stuck("a", stuck={
            "afterSecs": 5, "resurrections": 0, "restarts": 1}))
        run = served.run("a", 60)
        self.assertEqual(run["status"], "ABORTED")
        self.assertEqual(run["error"]["type"], "run-stuck")
        self.assertEqual([x["stuck"] for x in run["attempts"]], [1, 1])

    def test_a_run_that_works_is_left_alone(self):
        served = self.service(self.emulator())
        served.submit(request("a", duration=9_000, stuck={"afterSecs": 5},
                              more_input={"items": 9, "itemEveryMs": 1_000}))
        run = served.run("a", 60)
        self.assertEqual(run["status"], "SUCCEEDED")
        self.assertEqual(run["attempts"][0]["stuck"], 0)


class Memory(Watched):
    def test_a_run_gets_more_memory_until_it_is_enough(self):
        served = self.service(self.emulator())
        served.submit(request("a", maxMemoryMbytes=4096,
                              more_input={"needsMemoryMbytes": 512}))
        run = served.run("a", 60)
        self.assertEqual(run["status"], "SUCCEEDED")
        self.assertEqual([x["memoryMbytes"] for x in run["attempts"]],
                         [128, 256, 512])
        self.assertEqual(run["memoryMbytes"], 512)

    def test_it_gets_no_more_than_allowed(self):
        served = self.service(self.emulator())
        served.submit(request("a", maxMemoryMbytes=256,
                              more_input={"needsMemoryMbytes": 512}))
        run = served.run("a", 60)
        self.assertEqual(run["status"], "FAILED")
        self.assertEqual([x["memoryMbytes"] for x in run["attempts"]],
                         [128, 256])


class Counted(Watched):
    def test_migrations_are_counted_and_shown(self):
        platform = self.emulator()
        served = self.service(platform)
        served.submit(request("a", duration=2_000))
        run_id = wait_until(lambda: served.run("a")["runId"])
        wait_until(lambda: platform.runs()[0]["status"] == "RUNNING")
        for _ in range(2):
            http("POST", f"{platform.url}/emulator/runs/{run_id}/migrate")
        run = served.run("a", 60)
        self.assertEqual(run["attempts"][0]["migrations"], 2)
        shown = self.binary("status", "a", "--url", served.url)
        self.assertIn("moved 2x", shown.stdout)


if __name__ == "__main__":
    unittest.main()
