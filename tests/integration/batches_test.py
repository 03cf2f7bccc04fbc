"""Batches of runs: by HTTP, and by the command `batches`."""

import json
import unittest

from harness import TOKEN, Case, request, wait_until


class Batches(Case):
    #: Memory in MiB and run slots of the account.
    room = "16384:25"
    faults = ()

    def setUp(self):
        super().setUp()
        self.platform = self.emulator(*self.faults,
                                      user=f"tester:{TOKEN}:{self.room}")
        self.served = self.service(self.platform)

    def submit(self, name, runs, **rules):
        body = dict({"name": name, "runs": runs}, **rules)
        return self.served.call("POST", "/api/v1/run-batches", body)

    def batch(self, name, wait=0):
        return self.served.get(f"/api/v1/run-batches/{name}?waitSecs={wait}",
                               timeout=wait + 30)

    def post(self, name, verb, body=None):
        return self.served.call("POST", f"/api/v1/run-batches/{name}/{verb}", body)

    def cli(self, *args, stdin=""):
        return self.binary("batches", *args, "--url", self.served.url,
                           stdin=stdin)

    def ended(self, name):
        text = self.served.get(f"/api/v1/run-batches/{name}/ended",
                               timeout=60).text
        return [json.loads(line) for line in text.splitlines()]


def good(name, **more):
    return request(name, **more)


def bad(name, **more):
    return request(name, more_input={"outcome": "FAILED"}, **more)


class Waiting(Batches):
    def test_a_batch_counts_its_runs_and_waits_for_all(self):
        runs = [good(f"job-{i}", more_input={"items": 2}) for i in range(4)]
        answer = self.submit("night", runs + [bad("job-4")])
        self.assertEqual(answer.status, 201, answer.text)
        self.assertEqual(answer.json["runs"], 5)
        done = self.batch("night", 30).json
        self.assertEqual((done["ended"], done["succeeded"], done["failed"]),
                         (5, 4, 1))
        self.assertEqual(done["statuses"], {"FAILED": 1, "SUCCEEDED": 4})
        self.assertEqual(done["itemCount"], 8)
        self.assertIsNone(done["stopped"])
        listed = self.served.get("/api/v1/runs?batch=night").json["items"]
        self.assertEqual({x["batch"] for x in listed}, {"night"})
        self.assertEqual(len(listed), 5)

    def test_the_same_batch_joins_and_a_longer_one_goes_on(self):
        nameless = [{k: v for k, v in good("x").items() if k != "name"}] * 2
        self.assertEqual(self.submit("b", nameless).status, 201)
        self.assertEqual(self.submit("b", nameless).status, 200)
        longer = self.submit("b", nameless + nameless[:1])
        self.assertEqual((longer.status, longer.json["runs"]), (201, 3))
        self.batch("b", 30)
        names = {x["name"] for x in self.ended("b")}
        self.assertEqual(names, {"b-1", "b-2", "b-3"})
        self.assertEqual(self.platform.stats()["runsStarted"], 3)

    def test_runs_come_as_each_ends(self):
        self.submit("each", [good("slow", duration=3000), good("fast"),
                             bad("broken", duration=400)])
        runs = self.ended("each")
        self.assertEqual([x["name"] for x in runs], ["fast", "broken", "slow"])
        self.assertEqual([x["status"] for x in runs],
                         ["SUCCEEDED", "FAILED", "SUCCEEDED"])
        # What has ended is told again, at once.
        self.assertEqual(len(self.ended("each")), 3)

    def test_a_batch_that_is_not_there_is_an_error(self):
        for answer in (self.batch("nothing"), self.post("nothing", "abort"),
                       self.post("nothing", "retry"),
                       self.served.get("/api/v1/run-batches/nothing/ended")):
            self.assertEqual(answer.status, 404, answer.text)
            self.assertIn("nothing", answer.json["error"]["message"])

    def test_bad_rules_and_runs_name_the_field(self):
        share = self.submit("b", [good("a")], toleratedShare=1.5)
        self.assertEqual(share.status, 400, share.text)
        self.assertIn("toleratedShare", share.json["error"]["message"])
        other = self.submit("b", [good("a", batch="c")])
        self.assertEqual(other.status, 400, other.text)
        self.assertIn("runs[0].batch", other.json["error"]["message"])
        odd = self.submit("a b", [good("a")])
        self.assertEqual(odd.status, 400, odd.text)
        self.assertEqual(self.platform.stats()["runsStarted"], 0)

    def test_parts_of_a_list_are_a_batch(self):
        cut = self.served.call("POST", "/api/v1/splits", {
            "prefix": "part", "actor": "emulator/scripted", "maxItems": 2,
            "template": {"durationMs": 20, "list": {"$items": "$item"}},
            "items": [1, 2, 3, 4, 5]})
        self.assertEqual(cut.status, 201, cut.text)
        self.assertEqual(self.batch("part", 30).json["succeeded"], 3)


class Slow(Batches):
    faults = ("--fault-rate", "any.slow=1:500ms")

    def test_who_waits_has_the_items_of_the_last_run(self):
        self.submit("slow", [good("job", more_input={"items": 2})])
        # The end of a run is stored, and then its items are asked for.
        wait_until(lambda: self.batch("slow").json["ended"] == 1, 60, "its end")
        self.assertEqual(self.batch("slow", 60).json["itemCount"], 2)


class Failing(Batches):
    room = "256:8"

    def test_too_many_failures_stop_a_batch(self):
        runs = [bad(f"bad-{i}") for i in range(3)]
        runs += [good(f"good-{i}", duration=2000) for i in range(40)]
        self.submit("b", runs, toleratedFailures=1)
        done = self.batch("b", 40).json
        self.assertIn("more than the 1 tolerated", done["stopped"])
        self.assertEqual(done["ended"], 43)
        self.assertGreater(done["states"]["cancelled"], 30)
        self.assertLess(self.platform.stats()["runsStarted"], 10)

    def test_a_share_is_tolerated_up_to_its_limit(self):
        runs = [bad("bad")] + [good(f"good-{i}") for i in range(3)]
        self.submit("b", runs, toleratedShare=0.25)
        done = self.batch("b", 30).json
        self.assertEqual((done["succeeded"], done["failed"]), (3, 1))
        self.assertIsNone(done["stopped"])
        self.submit("c", [bad("bad-c"), good("good-c", duration=600_000)],
                    toleratedShare=0.4, onExceeded="abort")
        self.assertEqual(self.batch("c", 30).json["statuses"],
                         {"ABORTED": 1, "FAILED": 1})

    def test_only_what_failed_is_submitted_again(self):
        runs = [good("good")] + [
            request(f"bad-{i}", more_input={"outcome": "FAILED"})
            for i in range(2)]
        self.submit("b", runs)
        self.batch("b", 30)
        answer = self.post("b", "retry")
        self.assertEqual((answer.status, answer.json), (200, {"runs": 2}))
        done = self.batch("b", 30).json
        self.assertEqual((done["succeeded"], done["failed"]), (1, 2))
        starts = self.platform.starts_by_key()
        self.assertEqual(starts, {"good": 1, "bad-0": 2, "bad-1": 2})

    def test_a_stopped_batch_goes_on_when_it_is_retried(self):
        runs = [bad("bad"), *(good(f"good-{i}", duration=500) for i in range(12))]
        self.submit("b", runs, toleratedFailures=0)
        stopped = self.batch("b", 30).json
        self.assertTrue(stopped["stopped"])
        # With room for one failure more.
        self.submit("b", [], toleratedFailures=1)
        self.post("b", "retry")
        done = self.batch("b", 60).json
        self.assertEqual((done["succeeded"], done["failed"]), (12, 1))
        self.assertIsNone(done["stopped"])

    def test_a_batch_is_aborted(self):
        self.submit("b", [good(f"x-{i}", duration=600_000) for i in range(6)])
        wait_until(lambda: len(self.platform.live()) == 2)
        self.assertEqual(self.post("b", "abort").json, {"runs": 6})
        done = self.batch("b", 30).json
        self.assertEqual(done["ended"], 6)
        self.assertEqual(self.platform.live(), [])

    def test_rules_hold_through_a_restart(self):
        runs = [bad("bad", duration=1500)]
        runs += [good(f"good-{i}", duration=600_000) for i in range(8)]
        self.submit("b", runs, toleratedFailures=0)
        wait_until(lambda: self.platform.live())
        self.served.stop()
        self.served = self.service(self.platform)
        stopped = wait_until(lambda: self.batch("b").json["stopped"])
        self.assertIn("more than the 0 tolerated", stopped)


class Command(Batches):
    def test_batches_from_the_command_line(self):
        document = {"name": "b", "runs": [good("one"), bad("two")]}
        done = self.cli("submit", "-", stdin=json.dumps(document))
        self.assertEqual(done.returncode, 0, done.stderr)
        waited = self.cli("wait", "b", "--each")
        self.assertEqual(waited.returncode, 1, waited.stderr)
        self.assertIn("one", waited.stdout)
        self.assertIn("two", waited.stdout)
        self.assertIn("complete", waited.stdout)
        shown = json.loads(self.cli("show", "b", "--json").stdout)
        self.assertEqual((shown["succeeded"], shown["failed"]), (1, 1))
        again = self.cli("retry", "b")
        self.assertIn("runs submitted again: 1", again.stdout)
        self.assertEqual(self.cli("wait", "b").returncode, 1)
        self.assertIn("b", self.cli().stdout)
        self.assertEqual(self.cli("abort", "b").returncode, 0)
        missing = self.cli("wait", "c")
        self.assertEqual(missing.returncode, 2, missing.stdout)
        self.assertIn("no batch named c", missing.stderr)


if __name__ == "__main__":
    unittest.main()
