"""Channels `apify:<actor>`: tasks that are done by runs, in graphs."""

import unittest

from harness import TOKEN, Case, Service, http, wait_until

CHANNEL = "apify:emulator/scripted"


class TaskRuns(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator(user=f"tester:{TOKEN}:1024:25")
        self.port = 0
        self.served = self.serve()
        self.group = self.call("POST", "task_groups", {"name": "g"})["_id"]

    def serve(self):
        served = self.keep(Service(
            "--config", self.config, "--task-lease", "3",
            listen=f"127.0.0.1:{self.port}", cwd=self.folder,
            env=self.environment(self.platform)))
        self.port = int(served.url.rsplit(":", 1)[1])
        return served

    def call(self, method, path, body=None):
        answer = self.served.call(method, "/api/v1/" + path, body)
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json

    def create(self, name, more_input=None, parents=(), **more):
        body = dict({"name": name, "channel": CHANNEL,
                     "errorDelayInSeconds": 0,
                     "input": dict({"key": name, "durationMs": 100,
                                    "$run": {"options": {"memoryMbytes": 128}}},
                                   **(more_input or {}))}, **more)
        if parents:
            body["parentIds"] = [x["_id"] for x in parents]
        return self.call("POST", f"task_group/{self.group}/tasks", body)

    def ended(self, task, seconds=40):
        def over():
            now = self.call("GET", f"task/{task['_id']}")
            return (now["isComplete"] or now["remainingAttempts"] < 1) and now
        return wait_until(over, seconds, "the end of a task")

    def test_a_task_is_done_by_a_run(self):
        task = self.ended(self.create("one", {"items": 3}))
        output = task["output"]
        self.assertEqual(set(output), {"runId", "status", "defaultDatasetId",
                                       "itemCount", "usageTotalUsd"})
        self.assertEqual((output["status"], output["itemCount"]),
                         ("SUCCEEDED", 3))
        run = self.served.run(f"task/{task['_id']}/1")
        self.assertEqual(run["runId"], output["runId"])
        self.assertEqual(run["memoryMbytes"], 128)

    def test_a_child_gets_what_its_parents_made(self):
        one, two = self.create("one"), self.create("two")
        child = self.create(
            "child", {"dataset": {"$parent": "/output/defaultDatasetId"},
                      "all": [{"$parents": "/output/runId"}]},
            parents=[one, two])
        outputs = [self.ended(x)["output"] for x in (one, two)]
        self.ended(child)
        run = self.served.run(f"task/{child['_id']}/1")
        store = run["defaultKeyValueStoreId"]
        given = http("GET", f"{self.platform.url}/v2/key-value-stores/{store}"
                            "/records/INPUT",
                     headers={"Authorization": f"Bearer {TOKEN}"}).json
        self.assertEqual(given["dataset"], outputs[0]["defaultDatasetId"])
        self.assertEqual(given["all"], [[x["runId"] for x in outputs]])
        self.assertNotIn("$run", given)

    def test_a_run_that_fails_is_an_attempt_of_the_task(self):
        task = self.ended(self.create("bad", {"outcome": "FAILED"},
                                      remainingAttempts=2))
        self.assertFalse(task["isComplete"])
        self.assertEqual([x["status"] for x in task["errors"]],
                         ["FAILED", "FAILED"])
        self.assertEqual(len({x["runId"] for x in task["errors"]}), 2)

    def test_a_task_that_is_reset_is_done_by_another_run(self):
        task = self.create("one", {"items": 1})
        before = self.ended(task)["output"]
        self.call("PUT", f"task/{task['_id']}",
                  {"input": {"key": "two", "durationMs": 100, "items": 7,
                             "$run": {"options": {"memoryMbytes": 128}}}})
        self.call("POST", f"task/{task['_id']}/reset")
        after = self.ended(task)["output"]
        self.assertEqual(after["itemCount"], 7)
        self.assertNotEqual(after["runId"], before["runId"])
        self.call("POST", f"task_group/{self.group}/reset")
        again = self.ended(task)["output"]
        self.assertNotIn(again["runId"], (before["runId"], after["runId"]))
        self.assertEqual(self.platform.starts_by_key(), {"one": 1, "two": 2})

    def test_a_task_that_is_reset_in_the_middle_forgets_its_run(self):
        task = self.create("slow", {"durationMs": 4000, "items": 1})
        wait_until(lambda: self.platform.stats()["runsStarted"] == 1,
                   what="a start")
        self.call("PUT", f"task/{task['_id']}",
                  {"input": {"key": "next", "durationMs": 6000, "items": 2,
                             "$run": {"options": {"memoryMbytes": 128}}}})
        self.call("POST", f"task/{task['_id']}/reset")
        self.assertEqual(self.ended(task)["output"]["itemCount"], 2)

    def test_what_makes_no_run_says_why(self):
        for more, named in (
                ({"$run": {"options": {"memoryMbytes": 100}}}, "memoryMbytes"),
                ({"$run": {"name": "x"}}, "$run.name"),
                ({"x": {"$parent": "/output/x"}}, "/output/x")):
            task = self.ended(self.create("bad", more, remainingAttempts=1))
            self.assertIn(named, task["errors"][0])
        self.assertEqual(self.platform.stats()["runsStarted"], 0)

    def test_a_stop_fails_no_task_and_starts_no_second_run(self):
        task = self.create("slow", {"durationMs": 6000}, remainingAttempts=1)
        more = [self.create(f"more-{i}", {"durationMs": 6000},
                            remainingAttempts=1) for i in range(3)]
        wait_until(lambda: self.platform.starts_by_key().get("slow"),
                   what="a start")
        run = wait_until(lambda: self.served.run(f"task/{task['_id']}/1")
                         .get("runId"), what="the id of the run")
        self.assertEqual(self.served.stop(), 0)
        self.served = self.serve()
        for x in [task, *more]:
            ended = self.ended(x)
            self.assertTrue(ended["isComplete"], ended["errors"])
            self.assertEqual(ended["errors"], [])
        self.assertEqual(self.call("GET", f"task/{task['_id']}")["output"]
                         ["runId"], run)
        self.assertEqual(set(self.platform.starts_by_key().values()), {1})

    def test_a_graph_waits_for_memory_and_loses_nothing_to_kills(self):
        roots = [self.create(f"root-{i}", {"durationMs": 800})
                 for i in range(12)]
        last = self.create("last", parents=roots)
        for _ in range(3):
            wait_until(lambda: self.platform.stats()["runsStarted"] > 0,
                       what="a start")
            self.served.stop(9)
            self.served = self.serve()
        self.assertTrue(self.ended(last, 90)["isComplete"])
        starts = self.platform.starts_by_key()
        self.assertEqual(set(starts.values()), {1}, starts)
        self.assertEqual(len(starts), 13)


if __name__ == "__main__":
    unittest.main()
