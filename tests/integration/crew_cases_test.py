"""The acceptance cases of Crew itself: its own tests, over HTTP."""

import unittest

from tasks import Crew, is_later

FIELDS = {"_id", "taskGroupId", "name", "channel", "workgroup", "key",
          "remainingAttempts", "isPaused", "parentsComplete", "isComplete",
          "priority", "runAfter", "progressWeight", "isSeed",
          "errorDelayInSeconds", "input", "output", "errors", "createdAt",
          "parentIds", "assignedTo", "assignedAt", "executeMessageId",
          "examineMessageId"}


class Tasks(Crew):
    def test_case_1_a_group_and_a_task_get_ids(self):
        group = self.post("task_groups", {"name": "first"})
        self.assertEqual(set(group), {"_id", "name", "isPaused", "createdAt"})
        self.assertRegex(group["_id"], "^[0-9a-f]{24}$")
        self.assertIs(group["isPaused"], False)
        task = self.create(group["_id"], input={"x": 1})
        self.assertEqual(set(task), FIELDS)
        self.assertRegex(task["_id"], "^[0-9a-f]{24}$")
        self.assertRegex(task["createdAt"],
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        plain = {"workgroup": None, "key": None, "remainingAttempts": 5,
                 "isPaused": False, "parentsComplete": False,
                 "isComplete": False, "priority": 0, "runAfter": None,
                 "progressWeight": 1, "isSeed": False,
                 "errorDelayInSeconds": 30, "input": {"x": 1}, "output": None,
                 "errors": [], "parentIds": [], "assignedTo": None,
                 "assignedAt": None, "executeMessageId": None,
                 "examineMessageId": None}
        self.assertEqual({name: task[name] for name in plain}, plain)
        self.assertNotIn("0.0", self.served.get(
            f"/api/v1/task/{task['_id']}").text)

    def test_case_2_a_name_that_is_changed_stays(self):
        task = self.create(self.group())
        edited = self.call("PUT", f"task/{task['_id']}", {"name": "other"})
        self.assertEqual(edited["name"], "other")
        self.assertEqual(self.task(task)["name"], "other")

    def test_case_3_a_task_is_acquired_and_completed(self):
        task = self.create(self.group(), input="in")
        given = self.acquire()
        self.assertEqual(given["task"]["_id"], task["_id"])
        self.assertEqual(given["task"]["assignedTo"], "w1")
        self.assertIsNotNone(given["task"]["assignedAt"])
        self.assertEqual(given["parents"], [])
        done = self.release(task, output={"answer": 42})
        self.assertIs(done["isComplete"], True)
        self.assertEqual(done["output"], {"answer": 42})
        self.assertEqual(done["remainingAttempts"], 0)
        self.assertIsNone(done["assignedTo"])
        self.assertEqual(self.acquire(), {"task": None})

    def test_case_4_a_task_of_a_paused_group_is_paused(self):
        task = self.create(self.group(isPaused=True))
        self.assertIs(task["isPaused"], True)
        self.assertIsNone(self.acquire()["task"])

    def test_case_5_a_task_that_failed_can_be_acquired_again(self):
        self.create(self.group(), errorDelayInSeconds=0)
        failed = self.release(self.take(), error="no luck")
        self.assertIs(failed["isComplete"], False)
        self.assertEqual(failed["remainingAttempts"], 4)
        self.assertEqual(failed["errors"], ["no luck"])
        self.assertEqual(self.take()["_id"], failed["_id"])

    def test_case_6_a_task_is_reset(self):
        task = self.create(self.group())
        self.do()
        reset = self.post(f"task/{task['_id']}/reset", {"remainingAttempts": 7})
        self.assertIs(reset["isComplete"], False)
        self.assertEqual(reset["remainingAttempts"], 7)
        self.assertIsNone(reset["output"])
        self.assertEqual(self.post(f"task/{task['_id']}/reset")
                         ["remainingAttempts"], 2)

    def test_case_7_a_task_is_retried(self):
        task = self.create(self.group(), remainingAttempts=1,
                           errorDelayInSeconds=0)
        self.release(self.take(), error="no")
        self.assertIsNone(self.acquire()["task"])
        again = self.post(f"task/{task['_id']}/retry", {"remainingAttempts": 3})
        self.assertEqual((again["remainingAttempts"], again["isComplete"]),
                         (3, False))
        self.assertEqual(self.take()["_id"], task["_id"])

    def test_case_8_a_task_makes_a_child_and_a_grandchild(self):
        group = self.group()
        creator = self.create(group)
        self.do(output={"made": 1}, children=[
            {"_child_id": "child", "name": "child", "channel": "c"},
            {"_parent_ids": ["child"], "name": "grandchild", "channel": "c"}])
        self.assertEqual(len(self.tasks(group)), 3)
        given = self.acquire()
        self.assertEqual(given["task"]["name"], "child")
        self.assertEqual(given["parents"], [{
            "_id": creator["_id"], "channel": "c", "input": None,
            "output": {"made": 1}}])
        self.assertIsNone(self.acquire()["task"])
        self.release(given["task"], output=2)
        self.assertEqual(self.take()["name"], "grandchild")

    def test_case_9_a_graph_is_done_in_order(self):
        group = self.group()
        self.create(group)
        child = {"channel": "c", "workgroup": "g"}
        self.do(children=[
            dict(child, name="B", _child_id="B"),
            dict(child, name="D", _child_id="D", _parent_ids=["B"]),
            dict(child, name="C", _child_id="C", _parent_ids=["B"], priority=1),
            dict(child, name="E", _parent_ids=["C", "D"])])
        self.assertEqual(self.names_left(), ["B", "C", "D", "E"])
        self.assertTrue(all(x["isComplete"] for x in self.tasks(group)))

    def test_case_10_a_workgroup_is_delayed_in_all_channels(self):
        group = self.group()
        self.create(group, "a", workgroup="site")
        others = [self.create(group, channel, workgroup="site")
                  for channel in ("a", "b")]
        self.release(self.take("a"), output=1, workgroupDelayInSeconds=35)
        for other in others:
            self.assertTrue(is_later(self.task(other)["runAfter"], 30))
        self.assertIsNone(self.acquire("a")["task"])
        self.assertIsNone(self.acquire("b")["task"])

    def test_case_11_sync_has_nothing_to_repair(self):
        group = self.group()
        parent = self.create(group)
        child = self.create(group, parentIds=[parent["_id"]])
        self.assertIs(child["parentsComplete"], False)
        self.do()
        self.assertIs(self.task(child)["parentsComplete"], True)
        self.assertEqual(self.post("sync"), {"success": True})


class Groups(Crew):
    def test_case_12_a_group_is_renamed(self):
        group = self.group("old")
        self.assertEqual(self.call("PUT", f"task_group/{group}",
                                   {"name": "new"})["name"], "new")
        self.assertEqual(self.get(f"task_group/{group}")["name"], "new")

    def test_case_13_pause_and_resume_concern_all_tasks(self):
        group = self.group()
        for _ in range(3):
            self.create(group)
        self.assertIs(self.post(f"task_group/{group}/pause")["isPaused"], True)
        self.assertTrue(all(x["isPaused"] for x in self.tasks(group)))
        self.assertIsNone(self.acquire()["task"])
        self.assertIs(self.post(f"task_group/{group}/resume")["isPaused"],
                      False)
        self.assertFalse(any(x["isPaused"] for x in self.tasks(group)))
        self.take()

    def test_case_14_a_reset_without_seeds_keeps_all(self):
        group = self.group()
        self.create(group)
        self.create(group)
        self.do()
        self.post(f"task_group/{group}/reset")
        tasks = self.tasks(group)
        self.assertEqual(len(tasks), 2)
        for task in tasks:
            self.assertEqual((task["isComplete"], task["remainingAttempts"],
                              task["output"], task["assignedTo"]),
                             (False, 5, None, None))

    def test_case_15_a_reset_with_a_seed_keeps_only_that(self):
        group = self.group()
        seed = self.create(group, isSeed=True)
        self.create(group)
        self.do(children=[{"name": "child", "channel": "c"}])
        self.post(f"task_group/{group}/reset")
        self.assertEqual([x["_id"] for x in self.tasks(group)], [seed["_id"]])
        self.assertEqual(self.take()["_id"], seed["_id"])

    def test_case_16_a_retry_concerns_what_is_exhausted(self):
        group = self.group()
        done = self.create(group)
        self.do()
        dead = self.create(group, remainingAttempts=1, errorDelayInSeconds=0)
        self.release(self.take(), error="no")
        self.post(f"task_group/{group}/retry")
        self.assertEqual(self.task(done)["remainingAttempts"], 0)
        self.assertEqual(self.task(dead)["remainingAttempts"], 2)


if __name__ == "__main__":
    unittest.main()
