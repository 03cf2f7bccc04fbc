"""The programs of examples/embedding, built with an installed prefix."""

import json
import os
import unittest

from prefix import Prefix, run
from harness import TOKEN, Case, environment


class Examples(Case):
    def setUp(self):
        super().setUp()
        self.prefix = Prefix.get()
        self.platform = self.emulator()

    def host(self, name, *words, expect=0, **more):
        """Runs an example to its end; returns its lines."""
        said = run(self.prefix.example(name), *words, seconds=60, expect=expect,
                   env=environment(APIFY_TOKEN=TOKEN,
                                   APIFY_API_BASE_URL=self.platform.url,
                                   **more), cwd=self.folder)
        return said.splitlines()

    def test_a_caf_application_submits_runs_and_hears_of_them(self):
        script = json.dumps({"durationMs": 50, "items": 3})
        words = ["data", "emulator/scripted", script, "first", "second"]
        lines = self.host("caf_host", *words)
        for name in ("first", "second"):
            self.assertIn(f"{name}: SUCCEEDED, 3 items", lines)
            for fact in ("run.submitted", "run.started"):
                self.assertIn(f"{fact} {name}", lines)
        # The last answer may come before the last fact.
        self.assertTrue(any(x.startswith("run.ended ") for x in lines), lines)
        self.assertEqual(self.platform.stats()["runsStarted"], 2)

        again = self.host("caf_host", *words)
        self.assertIn("first: SUCCEEDED, 3 items", again)
        self.assertEqual(self.platform.stats()["runsStarted"], 2)

    def test_a_host_journals_each_step_in_a_store_of_its_own(self):
        script = json.dumps({"durationMs": 50})
        words = ["data", "journal.txt", "emulator/scripted", script, "noted"]
        self.assertEqual(self.host("own_store", *words), ["noted: SUCCEEDED"])
        with open(os.path.join(self.folder, "journal.txt"),
                  encoding="utf-8") as file:
            steps = file.read().splitlines()
        # Items may be counted after the end.
        self.assertEqual(steps[:4], ["insert noted", "save noted starting",
                                     "save noted running",
                                     "save noted finished"])

        # Behind the journal is a directory like any other.
        self.assertEqual(self.host("own_store", *words), ["noted: SUCCEEDED"])
        self.assertEqual(self.platform.stats()["runsStarted"], 1)

    def test_an_application_without_caf_reads_the_items_of_its_runs(self):
        script = json.dumps({"durationMs": 50, "items": [{"n": 1}, {"n": 2}]})
        words = ["data", "emulator/scripted", script, "a", "b"]
        lines = self.host("no_caf", *words)
        self.assertEqual(
            [x for x in lines if not x.startswith("a report of ")],
            ["a: SUCCEEDED", '{"n":1}', '{"n":2}',
             "b: SUCCEEDED", '{"n":1}', '{"n":2}', "started 2"])

        again = self.host("no_caf", *words)
        self.assertIn("started 0", again)
        self.assertIn("a: SUCCEEDED", again)

    def test_a_class_of_an_application_does_the_pages_of_a_batch(self):
        rows = self.write("rows.ndjson", "1\n" * 950 + "null\n")
        said = "find-nulls: finished, 951 items in 10 pages, 1 are null"
        for _ in range(2):
            self.assertEqual(self.host("page_class", "data", rows, expect=1),
                             [said])

    def test_the_same_application_drives_a_service(self):
        served = self.service(self.platform)
        script = json.dumps({"durationMs": 50, "items": [{"n": 1}]})
        lines = self.host("no_caf", served.url, "emulator/scripted", script,
                          "far")
        self.assertEqual(lines[:2], ["far: SUCCEEDED", '{"n":1}'])
        self.assertEqual(served.run("far")["status"], "SUCCEEDED")


if __name__ == "__main__":
    unittest.main()
