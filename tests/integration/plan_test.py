"""What a plan will take, told before it is paid for."""

import json
import unittest

from harness import Case, TOKEN, request


class PlanTest(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator(user=f"tester:{TOKEN}:1024:25")

    def estimate(self, plan, *args):
        done = self.binary(
            "plan", plan, "--estimate", "--json", *args,
            APIFY_TOKEN=TOKEN, APIFY_API_BASE_URL=self.platform.url)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def past(self, count=6):
        """Runs something, so that there is a past."""
        self.run_plan(self.platform, self.plan(
            *[request(f"past-{i}", duration=400) for i in range(count)],
            name="past.json"))

    def test_a_plan_is_checked_and_nothing_is_started(self):
        plan = self.plan(request("a"), request("b"))
        done = self.binary("plan", plan)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("2 runs", done.stdout)
        self.assertEqual(json.loads(self.binary("plan", plan, "--json").stdout),
                         {"runs": 2, "splits": 0})
        bad = self.plan(request("a", memory=100), name="bad.json")
        done = self.binary("plan", bad)
        self.assertEqual(done.returncode, 2)
        self.assertIn("runs[0].options.memoryMbytes", done.stderr)
        self.assertEqual(self.platform.runs(), [])

    def test_an_estimate_comes_from_the_runs_of_the_data_folder(self):
        self.past()
        started = len(self.platform.runs())
        plan = self.plan(*[request(f"new-{i}") for i in range(80)])
        found = self.estimate(plan, "--data", self.data)
        self.assertEqual(found["runs"], 80)
        self.assertEqual(found["unknown"], 0)
        row = found["targets"][0]
        self.assertEqual((row["target"], row["runs"], row["samples"],
                          row["source"]), ("emulator/scripted", 80, 6, "store"))
        self.assertGreaterEqual(row["medianSecs"], 0.4)
        self.assertLess(row["medianSecs"], 5)
        # 8 runs of 128 MB fit an account of 1 GB: ten rounds of them.
        self.assertEqual(found["memoryLimitMbytes"], 1024)
        self.assertAlmostEqual(found["medianWallSecs"], 10 * row["medianSecs"],
                               places=6)
        self.assertAlmostEqual(found["medianUsd"], 80 * row["medianUsd"],
                               places=6)
        self.assertEqual(len(self.platform.runs()), started)

    def test_where_we_know_nothing_the_platform_does(self):
        self.past()
        plan = self.plan(request("new"))
        found = self.estimate(plan, "--data", self.folder + "/none")
        self.assertEqual(found["targets"][0]["source"], "platform")
        self.assertEqual(found["targets"][0]["samples"], 6)
        self.assertGreater(found["medianWallSecs"], 0.3)

    def test_a_service_that_runs_tells_its_past(self):
        self.past()
        service = self.service(self.platform)
        plan = self.plan(request("new"))
        locked = self.binary("plan", plan, "--estimate", "--data", self.data)
        self.assertEqual(locked.returncode, 2)
        self.assertIn("in use", locked.stderr)
        found = self.estimate(plan, "--service", service.url)
        self.assertEqual(found["targets"][0]["source"], "store")

    def test_our_own_caps_make_it_longer(self):
        self.past()
        plan = self.plan(*[request(f"new-{i}") for i in range(8)])
        free = self.estimate(plan, "--data", self.data)
        capped = self.estimate(plan, "--data", self.data,
                               "--max-concurrent-runs", "2")
        self.assertAlmostEqual(capped["medianWallSecs"],
                               4 * free["medianWallSecs"], places=6)
        self.assertEqual(capped["runLimit"], 2)
        self.assertEqual(capped["limitsFrom"], "both")

    def test_what_has_succeeded_costs_nothing(self):
        self.past()
        plan = self.plan(*[request(f"past-{i}", duration=400)
                           for i in range(6)])
        found = self.estimate(plan, "--data", self.data)
        self.assertEqual((found["done"], found["medianUsd"],
                          found["medianWallSecs"]), (6, 0, 0))

    def test_the_parts_of_lists_are_runs_of_the_estimate(self):
        self.past()
        started = len(self.platform.runs())
        entry = {"actor": "emulator/scripted", "maxItems": 3,
                 "template": {"list": {"$items": "$item"}}}
        plan = self.write("lists.json", {
            "runs": [request("alone")],
            "splits": [dict(entry, prefix="ten", items=list(range(10))),
                       dict(entry, prefix="one", items=[1])]})
        found = self.estimate(plan, "--data", self.data)
        self.assertEqual(found["runs"], 6)
        row = found["targets"][0]
        self.assertEqual((row["runs"], row["samples"]), (6, 6))
        self.assertAlmostEqual(found["medianUsd"], 6 * row["medianUsd"],
                               places=6)
        self.assertEqual(len(self.platform.runs()), started)
        bad = self.write("bad.json", {"splits": [
            dict(entry, prefix="gone", items="@gone.csv")]})
        done = self.binary("plan", bad, "--estimate", "--data", self.data,
                           APIFY_TOKEN=TOKEN,
                           APIFY_API_BASE_URL=self.platform.url)
        self.assertEqual(done.returncode, 2)
        self.assertIn("gone.csv: cannot be read", done.stderr)

    def test_what_nobody_has_run_is_said_to_be_unknown(self):
        plan = self.plan(request("a", actor="nobody/knows"))
        found = self.estimate(plan, "--data", self.data)
        self.assertEqual(found["unknown"], 1)
        self.assertEqual(found["targets"][0]["source"], "none")
        shown = self.binary("plan", plan, "--estimate", "--data", self.data,
                            APIFY_TOKEN=TOKEN,
                            APIFY_API_BASE_URL=self.platform.url)
        self.assertIn("nobody has run that before", shown.stdout)


if __name__ == "__main__":
    unittest.main()
