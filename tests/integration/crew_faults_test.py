"""What Crew does wrong and this service must not: a test a fault."""

import concurrent.futures
import time
import unittest

from harness import wait_until
from tasks import Crew, is_later, later


class Killers(Crew):
    """Each of these ended the process of Crew."""

    def alive(self):
        self.assertEqual(self.served.get("/healthz").status, 200)

    def test_a_group_is_removed_while_a_task_of_it_waits(self):
        group = self.group()
        self.create(group, errorDelayInSeconds=1)
        self.release(self.take(), error="no")
        self.assertEqual(self.call("DELETE", f"task_group/{group}"),
                         {"acknowledged": True, "deletedCount": 1})
        self.assertEqual(self.tasks(group), [])
        time.sleep(1.3)
        self.alive()
        self.assertIsNone(self.acquire()["task"])

    def test_parents_that_are_edited_stay_parents(self):
        group = self.group()
        parent = self.create(group)
        child = self.create(group, parentIds=[parent["_id"]])
        edited = self.call("PUT", f"task/{child['_id']}",
                           {"name": "x", "parentIds": [parent["_id"]]})
        self.assertEqual(edited["parentIds"], [parent["_id"]])
        self.assertEqual(self.post("sync"), {"success": True})
        self.do(output="made")
        given = self.acquire()
        self.assertEqual(given["task"]["_id"], child["_id"])
        self.assertEqual([x["output"] for x in given["parents"]], ["made"])

    def test_a_seed_whose_parent_is_gone_runs_after_a_reset(self):
        group = self.group()
        parent = self.create(group)
        seed = self.create(group, isSeed=True, parentIds=[parent["_id"]])
        self.post(f"task_group/{group}/reset")
        self.assertEqual([x["_id"] for x in self.tasks(group)], [seed["_id"]])
        self.assertEqual(self.take()["_id"], seed["_id"])

    def test_a_time_may_be_a_number(self):
        at = int((time.time() + 1) * 1000)
        task = self.create(self.group(), runAfter=at)
        self.assertTrue(is_later(task["runAfter"]))
        self.assertIsNone(self.acquire()["task"])
        wait_until(lambda: self.acquire()["task"], what="the task")

    def test_a_time_may_be_years_away(self):
        task = self.create(self.group(), runAfter=later(9 * 365 * 86400))
        self.restart()
        self.assertIsNone(self.acquire()["task"])
        self.assertEqual(self.task(task)["runAfter"], task["runAfter"])
        self.alive()


class Races(Crew):
    def test_doubled_keys_are_handed_out_once(self):
        group = self.group()
        for i in range(20):
            self.create(group, key=f"key-{i // 2}")
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            given = list(pool.map(lambda i: self.acquire(worker=f"w{i}")["task"],
                                  range(20)))
        keys = [task["key"] for task in given if task]
        self.assertEqual(sorted(keys), sorted({f"key-{i}" for i in range(10)}))
        for i, task in enumerate(given):
            if task:
                self.release(task, f"w{i}", output=i)
        self.assertTrue(all(x["isComplete"] for x in self.tasks(group)))

    def test_a_double_that_comes_later_is_not_handed_out_meanwhile(self):
        group = self.group()
        self.create(group, key="k")
        task = self.take()
        double = self.create(group, key="k")
        self.assertIsNone(self.acquire(worker="w2")["task"])
        self.release(task, output="both")
        self.assertEqual(self.task(double)["output"], "both")

    def test_a_release_counts_once(self):
        group = self.group()
        self.create(group)
        task = self.take()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda i: self.release(
                task, output=i, children=[{"name": "c", "channel": "d"}]),
                range(8)))
        self.assertEqual(len(self.tasks(group)), 2)

    def test_children_of_doubles_know_at_once(self):
        group = self.group()
        one = self.create(group, key="k")
        two = self.create(group, key="k")
        for parent in (one, two):
            self.create(group, "d", parentIds=[parent["_id"]])
        self.do()
        self.take("d")
        self.take("d")

    def test_many_releases_take_no_second_each(self):
        group = self.group()
        for _ in range(50):
            self.create(group)
        began = time.monotonic()
        for _ in range(50):
            self.do()
        self.assertLess(time.monotonic() - began, 10)


class Wrong(Crew):
    def test_a_keyed_failure_costs_one_attempt_and_one_error(self):
        group = self.group()
        one = self.create(group, key="k", errorDelayInSeconds=0)
        two = self.create(group, key="k", errorDelayInSeconds=0)
        self.release(self.take(), error={"why": "bad"})
        for task in (one, two):
            now = self.task(task)
            self.assertEqual((now["remainingAttempts"], now["errors"]),
                             (4, [{"why": "bad"}]))

    def test_children_may_come_before_their_parents(self):
        group = self.group()
        self.create(group)
        self.do(children=[
            {"name": "last", "channel": "c", "_parent_ids": [2]},
            {"name": "middle", "channel": "c", "_child_id": 2,
             "_parent_ids": ["one"]},
            {"name": "first", "channel": "c", "_child_id": "one"}])
        self.assertEqual(self.names_left(), ["first", "middle", "last"])

    def test_children_that_are_no_graph_change_nothing(self):
        group = self.group()
        self.create(group)
        task = self.take()
        before = self.create(group, parentIds=[task["_id"]])
        for children, named in (
                ([{"name": "a", "_parent_ids": ["x"]}], "_parent_ids"),
                ([{"name": "a", "_child_id": "a", "_parent_ids": ["a"]}],
                 "children[0]"),
                ([{"name": "a", "_child_id": "a", "_parent_ids": ["b"]},
                  {"name": "b", "_child_id": "b", "_parent_ids": ["a"]}],
                 "children[0]"),
                ([{"name": "a", "_child_id": "a"},
                  {"name": "b", "_child_id": "a"}], "children[1]")):
            message = self.release(task, status=400, output=1,
                                   children=children)["message"]
            self.assertIn(named, message)
        self.assertEqual(self.task(task)["assignedTo"], "w1")
        self.assertEqual(len(self.tasks(group)), 2)
        self.assertEqual(self.task(before)["parentIds"], [task["_id"]])
        self.release(task, output=1)

    def test_a_workgroup_delay_shortens_no_wait(self):
        group = self.group()
        far = later(3600)
        other = self.create(group, workgroup="g", runAfter=far)
        self.create(group, workgroup="g")
        self.release(self.take(), output=1, workgroupDelayInSeconds=5)
        self.assertEqual(self.task(other)["runAfter"], far)

    def test_a_lost_worker_loses_its_task(self):
        group = self.group()
        self.create(group)
        task = self.take(worker="dead", leaseSecs=1)
        self.assertIsNone(self.acquire(worker="other")["task"])
        again = wait_until(lambda: self.acquire(worker="other")["task"],
                           what="the task")
        self.assertEqual(again["_id"], task["_id"])
        self.assertEqual(again["remainingAttempts"], 5)
        late = self.release(task, "dead", status=409, output="late")
        self.assertEqual(late["message"], "Worker id did not match!")
        self.release(again, "other", output="mine")
        self.assertEqual(self.task(task)["output"], "mine")

    def test_a_heartbeat_keeps_a_task(self):
        self.create(self.group())
        task = self.take(leaseSecs=1)
        for _ in range(4):
            time.sleep(0.5)
            self.heartbeat(task, leaseSecs=1)
        self.assertIsNone(self.acquire(worker="other")["task"])
        self.heartbeat(task, "other", status=409)
        self.release(task, output=1)

    def test_bad_requests_name_the_field(self):
        group = self.group()
        task = self.create(group)
        for method, path, body, status, named in (
                ("POST", f"task_group/{group}/tasks", {"priority": "high"},
                 400, "priority"),
                ("POST", f"task_group/{group}/tasks", {"runAfter": "soon"},
                 400, "runAfter"),
                ("POST", f"task_group/{group}/tasks", {"parentIds": ["x"]},
                 400, "parentIds[0]"),
                ("POST", f"task_group/{group}/tasks", "[]", 400, "object"),
                ("POST", f"task_group/{group}/tasks", '{"name":', 400, "line 1"),
                ("POST", f"task_group/{group}/tasks",
                 {"parentIds": ["0" * 24]}, 404, "missing parent"),
                ("POST", f"task_group/{'0' * 24}/tasks", {}, 404, "TaskGroup"),
                ("POST", "channel/c/acquire", {}, 400,
                 "workerId is required!"),
                ("POST", f"task/{task['_id']}/release", {}, 400,
                 "workerId is required!"),
                ("POST", f"task/{task['_id']}/release", {"workerId": "w"}, 409,
                 "Worker id did not match!"),
                ("POST", f"task/{'0' * 24}/release", {"workerId": "w"}, 404,
                 "Unable to find task!"),
                ("GET", f"task/{'0' * 24}", None, 404,
                 f"Task with id {'0' * 24} not found!"),
                ("GET", f"task_group/{'0' * 24}", None, 404,
                 f"TaskGroup with id {'0' * 24} not found!"),
                ("GET", "task/nonsense", None, 400, "id"),
                ("GET", "task_groups?limit=many", None, 400, "limit"),
                ("POST", f"task/{'0' * 24}/pluck", None, 404, "not found")):
            answer = self.call(method, path, body, status=status)
            self.assertIn(named, answer["message"], (path, body))

    def test_what_is_not_there_can_be_removed(self):
        self.assertEqual(self.call("DELETE", "task_group/" + "0" * 24),
                         {"acknowledged": True, "deletedCount": 0})

    def test_tasks_of_one_millisecond_keep_their_order(self):
        group = self.group()
        made = [self.create(group)["name"] for _ in range(60)]
        self.assertEqual([x["name"] for x in self.tasks(group)], made[::-1])
        self.assertEqual(self.names_left(), made)


if __name__ == "__main__":
    unittest.main()
