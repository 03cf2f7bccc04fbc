"""What task graphs do beyond the cases and faults of Crew."""

import base64
import os
import sqlite3
import threading
import time
import unittest

from harness import Process, environment, wait_until
from tasks import Crew, is_later, later


class Graphs(Crew):
    def test_parents_may_be_of_other_groups(self):
        one, other = self.group("one"), self.group("other")
        parent = self.create(one)
        child = self.create(other, "d", parentIds=[parent["_id"]])
        self.assertIsNone(self.acquire("d")["task"])
        self.do(output="x")
        given = self.acquire("d")
        self.assertEqual(given["task"]["_id"], child["_id"])
        self.assertEqual(given["parents"][0]["output"], "x")

    def test_no_parents_and_an_empty_list_are_not_the_same(self):
        group = self.group()
        self.assertIs(self.create(group)["parentsComplete"], False)
        self.assertIs(self.create(group, parentIds=[])["parentsComplete"],
                      True)
        self.take()
        self.take()

    def test_a_task_is_removed_with_its_descendants(self):
        group = self.group()
        top = self.create(group)
        child = self.create(group, parentIds=[top["_id"]])
        self.create(group, parentIds=[child["_id"]])
        kept = self.create(group)
        self.assertEqual(self.call("DELETE", f"task/{top['_id']}"),
                         {"acknowledged": True, "deletedCount": 1})
        self.assertEqual([x["_id"] for x in self.tasks(group)], [kept["_id"]])
        self.call("DELETE", f"task/{top['_id']}", status=404)

    def test_a_release_may_take_the_next_task(self):
        group = self.group()
        tasks = [self.create(group), self.create(group)]
        self.take()
        done = self.exchange(tasks[0], output=1)
        self.assertIs(done["released"]["isComplete"], True)
        self.assertEqual(done["task"]["_id"], tasks[1]["_id"])
        self.assertEqual(done["task"]["assignedTo"], "w1")
        self.assertEqual(done["parents"], [])
        done = self.exchange(tasks[1], output=2)
        self.assertEqual(done["released"]["output"], 2)
        self.assertIsNone(done["task"])

    def test_a_refused_release_takes_no_task(self):
        group = self.group()
        first = self.create(group)
        self.create(group)
        self.take()
        self.exchange(first, worker="w2", status=409, output=1)
        self.exchange(first, status=400, output=1, leaseSecs=-1)
        self.take(worker="w2")

    def test_a_pluck_is_a_paused_copy(self):
        group = self.group()
        task = self.create(group, key="k", workgroup="w", priority=3,
                           input={"a": [1]}, isSeed=True)
        self.do()
        copy = self.post(f"task/{task['_id']}/pluck")
        self.assertEqual({name: copy[name] for name in
                          ("name", "channel", "workgroup", "key", "priority",
                           "isSeed", "input")},
                         {name: task[name] for name in
                          ("name", "channel", "workgroup", "key", "priority",
                           "isSeed", "input")})
        self.assertIs(copy["isPaused"], True)
        self.assertNotEqual(copy["taskGroupId"], group)
        plucked = self.get(f"task_group/{copy['taskGroupId']}")
        self.assertEqual(plucked["name"], f"Pluck Task {task['_id']}")

    def test_children_wait_for_their_delay(self):
        group = self.group()
        parent = self.create(group)
        far = later(3600)
        before = self.create(group, parentIds=[parent["_id"]])
        self.do(childrenDelayInSeconds=30, children=[
            {"name": "soon", "channel": "c", "_child_id": "s"},
            {"name": "far", "channel": "c", "runAfter": far},
            {"name": "below", "channel": "c", "_parent_ids": ["s"]}])
        tasks = {x["name"]: x for x in self.tasks(group)}
        for name in ("soon", "below", before["name"]):
            self.assertTrue(is_later(tasks[name]["runAfter"], 20), name)
        self.assertEqual(tasks["far"]["runAfter"], far)
        self.assertIsNone(self.acquire()["task"])

    def test_an_edit_keeps_what_it_does_not_name(self):
        task = self.create(self.group(), input={"a": 1}, priority=2, key="k")
        edited = self.call("PUT", f"task/{task['_id']}", {
            "priority": 0, "key": None, "isComplete": True, "output": "x",
            "taskGroupId": "0" * 24, "nonsense": 1})
        self.assertEqual((edited["priority"], edited["key"], edited["input"],
                          edited["isComplete"], edited["output"],
                          edited["taskGroupId"]),
                         (0, None, {"a": 1}, False, None, task["taskGroupId"]))

    def test_lists_are_paged_the_newest_first(self):
        group = self.group()
        names = [self.create(group)["name"] for _ in range(7)][::-1]

        def listed(path):
            return [x["name"] for x in self.get(path)]
        self.assertEqual(listed(f"task_group/{group}/tasks"), names)
        self.assertEqual(listed(f"task_group/{group}/tasks?limit=3&skip=2"),
                         names[2:5])
        self.assertEqual(listed(f"task_group/{group}/tasks?limit=0"), names)
        self.assertEqual(listed("channel/c/tasks?limit=2"), names[:2])
        self.assertEqual(self.get(f"task_group/{'0' * 24}/tasks"), [])
        for i in range(3):
            self.group(f"more-{i}")
        self.assertEqual(listed("task_groups?limit=2"), ["more-2", "more-1"])
        self.assertEqual(self.get("task_groups/count"), {"count": 4})

    def test_channels_are_counted(self):
        group = self.group()
        for _ in range(3):
            self.create(group, "one")
        self.create(group, "two")
        self.do("one")
        self.take("one")
        self.assertEqual(self.get("channels"), [
            {"name": "one", "totalCount": 3, "completedCount": 1,
             "assignedCount": 1},
            {"name": "two", "totalCount": 1, "completedCount": 0,
             "assignedCount": 0}])

    def test_large_documents_go_through(self):
        big = {"text": "ä" * 1_500_000, "numbers": [0.1, 1e300, -5, 2**63]}
        task = self.create(self.group(), input=big)
        self.assertEqual(self.take()["input"], big)
        self.release(task, output=big)
        self.assertEqual(self.task(task)["output"], big)


class LargeGroups(Crew):
    """Nine thousand tasks: more than one slice of them."""

    def setUp(self):
        super().setUp()
        self.large, self.other = self.group("large"), self.group("other")
        for _ in range(9):
            self.post(f"task_group/{self.large}/tasks", [
                {"channel": "many", "remainingAttempts": 1,
                 "errorDelayInSeconds": 0} for _ in range(1000)])

    def channel(self):
        found = [x for x in self.get("channels") if x["name"] == "many"]
        return found[0] if found else None

    def begin(self, method, path):
        """Asks for what takes long. Returns what waits for the answer."""
        answers = []

        def ask():
            try:
                answers.append(self.call(
                    method, f"task_group/{self.large}{path}", timeout=60))
            except OSError:
                answers.append(None)  # It was killed before it could answer.
        asking = threading.Thread(target=ask)
        asking.start()

        def finish():
            asking.join()
            return answers[0]
        return finish

    def work_meanwhile(self):
        self.create(self.other)
        self.do()

    def test_a_reset_holds_nobody_up(self):
        self.do("many")
        finish = self.begin("POST", "/reset")
        self.work_meanwhile()
        self.assertEqual(finish()["_id"], self.large)
        channel = self.channel()
        self.assertEqual((channel["completedCount"], channel["assignedCount"]),
                         (0, 0))
        self.take("many")

    def test_a_reset_that_a_kill_cut_short_goes_on(self):
        for _ in range(3):
            self.do("many")
        finish = self.begin("POST", "/reset")
        time.sleep(0.03)
        self.restart()
        finish()
        wait_until(lambda: self.acquire("many", worker="w2")["task"], 60)
        channel = self.channel()
        self.assertEqual(channel["totalCount"], 9000)
        # All or nothing of it: the kill may have come before it began.
        self.assertIn(channel["completedCount"], (0, 3))

    def test_a_removal_holds_nobody_up(self):
        finish = self.begin("DELETE", "")
        self.work_meanwhile()
        self.assertEqual(finish(), {"acknowledged": True, "deletedCount": 1})
        self.assertIsNone(self.channel())
        self.assertEqual([x["_id"] for x in self.get("task_groups")],
                         [self.other])

    def test_a_removal_that_a_kill_cut_short_goes_on(self):
        finish = self.begin("DELETE", "")
        time.sleep(0.03)
        self.restart()
        finish()
        # Again where the kill came before it had begun.
        self.call("DELETE", f"task_group/{self.large}", timeout=60)
        wait_until(lambda: self.channel() is None)
        self.assertIsNone(self.acquire("many")["task"])
        self.restart()
        self.assertEqual([x["_id"] for x in self.get("task_groups")],
                         [self.other])

    def test_what_is_removed_is_handed_out_to_nobody(self):
        finish = self.begin("DELETE", "")
        while self.acquire("many")["task"]:
            pass
        # Whether it is resumed or not there any more: it is on its way out.
        self.served.call("POST", f"/api/v1/task_group/{self.large}/resume")
        self.assertIsNone(self.acquire("many")["task"])
        finish()

    def test_a_retry_concerns_all_of_them(self):
        self.post(f"task_group/{self.large}/pause")
        self.served.stop()
        with sqlite3.connect(os.path.join(self.data, "tasks.db")) as store:
            store.execute("UPDATE tasks SET attempts=0")
        self.served = self.serve()
        finish = self.begin("POST", "/retry")
        self.work_meanwhile()
        self.assertEqual(finish()["_id"], self.large)
        self.assertTrue(all(x["remainingAttempts"] == 2
                            for x in self.tasks(self.large)))
        self.assertIsNone(self.acquire("many")["task"])
        self.post(f"task_group/{self.large}/resume")
        self.take("many")

    def test_a_pause_concerns_all_of_them_at_once(self):
        self.post(f"task_group/{self.large}/pause")
        self.assertIsNone(self.acquire("many")["task"])
        self.post(f"task_group/{self.large}/resume")
        self.take("many")


class Waiting(Crew):
    def test_a_worker_may_wait_for_a_task(self):
        group = self.group()
        began = time.monotonic()
        self.assertIsNone(self.acquire(query="?waitSecs=1")["task"])
        self.assertGreater(time.monotonic() - began, 0.9)
        threading.Timer(0.3, lambda: self.create(group)).start()
        began = time.monotonic()
        self.assertIsNotNone(self.acquire(query="?waitSecs=60")["task"])
        self.assertLess(time.monotonic() - began, 20)

    def test_a_worker_that_has_left_gets_nothing(self):
        group = self.group()
        try:
            self.served.call("POST", "/api/v1/channel/c/acquire?waitSecs=60",
                             {"workerId": "gone"}, timeout=0.5)
        except OSError:
            pass
        time.sleep(0.3)
        self.create(group)
        self.assertEqual(self.take(worker="here")["assignedTo"], "here")

    def test_a_task_is_handed_out_when_its_time_comes(self):
        self.create(self.group(), runAfter=later(1))
        began = time.monotonic()
        self.assertIsNotNone(self.acquire(query="?waitSecs=60")["task"])
        self.assertLess(time.monotonic() - began, 20)


class Durable(Crew):
    options = ("--task-lease", "3")

    def test_everything_outlives_a_kill(self):
        group = self.group("kept", isPaused=False)
        tasks = [self.create(group, key=f"k{i}", workgroup="w", priority=i,
                             input={"i": i}) for i in range(5)]
        child = self.create(group, parentIds=[tasks[0]["_id"]])
        done = self.do(output={"first": True})
        leased = self.take(worker="w9")
        failed = self.release(self.take(), error=["why"])
        before = self.tasks(group)
        self.restart(9)
        self.assertEqual(self.tasks(group), before)
        self.assertEqual(self.task(done)["output"], {"first": True})
        self.assertEqual(self.task(failed)["errors"], [["why"]])
        self.assertEqual(self.task(leased)["assignedTo"], "w9")
        self.assertFalse(self.task(child)["parentsComplete"])
        # The lease resumes, and ends.
        again = wait_until(lambda: self.acquire(worker="other")["task"]
                           if self.task(leased)["assignedTo"] is None
                           else None, what="the end of the lease")
        self.assertEqual(again["_id"], leased["_id"])

    def test_old_groups_are_removed_when_asked_to(self):
        group = self.group()
        self.create(group)
        self.assertEqual(self.post("clean"), {"success": True})
        self.assertEqual(len(self.tasks(group)), 1)


class Doors(Crew):
    def test_the_api_is_found_below_a_prefix_too(self):
        self.served.stop()
        self.served = self.serve("--crew-mount", "/crew")
        answer = self.served.call("POST", "/crew/api/v1/task_groups",
                                  {"name": "below"})
        self.assertEqual(answer.status, 200)
        self.assertEqual(self.get("task_groups")[0]["name"], "below")
        self.assertEqual(self.served.get("/crewless/api/v1/task_groups").status,
                         404)
        done = self.binary("serve", "--crew-mount", "crew", "--data", "x")
        self.assertEqual(done.returncode, 2)
        self.assertIn("tasks.mount", done.stderr)

    def test_pages_of_this_machine_may_use_it_others_may_not(self):
        local = {"Origin": "http://localhost:3001"}
        answer = self.served.get("/api/v1/task_groups", headers=local)
        self.assertEqual(answer.status, 200)
        self.assertEqual(answer.headers["Access-Control-Allow-Origin"], "*")
        asked = self.served.call("OPTIONS", "/api/v1/task_groups", headers=dict(
            local, **{"Access-Control-Request-Method": "POST",
                      "Access-Control-Request-Headers": "content-type"}))
        self.assertEqual(asked.status, 204)
        self.assertEqual(asked.headers["Access-Control-Allow-Headers"],
                         "content-type")
        foreign = {"Origin": "https://evil.example"}
        self.assertEqual(self.served.get("/api/v1/task_groups",
                                         headers=foreign).status, 403)
        self.assertEqual(self.served.get(
            "/socket.io/?EIO=4&transport=polling", headers=foreign).status, 403)
        # What starts runs is not for them.
        self.assertEqual(self.served.get("/api/v1/runs", headers=local).status,
                         403)

    def test_who_asks_what_is_allowed_needs_no_origin(self):
        self.assertEqual(self.served.call("OPTIONS", "/api/v1/task_groups")
                         .status, 204)
        self.assertEqual(self.served.call("OPTIONS", "/api/v1/runs").status,
                         405)

    def test_a_slash_at_the_end_is_none(self):
        group = self.group()
        self.assertEqual(self.get(f"task_group/{group}/")["_id"], group)
        task = self.post(f"task_group/{group}/tasks/", {"channel": "c"})
        self.assertEqual(self.acquire()["task"]["_id"], task["_id"])
        self.get(f"task_group/{group}//", status=404)
        self.get("runs/", status=404)

    def test_what_the_service_refuses_has_a_message_too(self):
        refused = self.call("PATCH", "task_groups", status=405)
        self.assertEqual(refused["message"], refused["error"]["message"])
        self.assertNotIn("message", self.call("PATCH", "runs", status=405))

    def test_a_token_is_a_bearer_or_a_password(self):
        self.served.stop()
        self.served = self.serve(ORCHESTRATOR_TOKEN="s3cret")
        self.assertEqual(self.served.get("/api/v1/channels").status, 401)
        basic = base64.b64encode(b"crew:s3cret").decode()
        for value in ("Bearer s3cret", f"Basic {basic}"):
            self.assertEqual(self.served.get(
                "/api/v1/channels",
                headers={"Authorization": value}).status, 200)
        wrong = base64.b64encode(b"crew:other").decode()
        self.assertEqual(self.served.get(
            "/api/v1/channels",
            headers={"Authorization": f"Basic {wrong}"}).status, 401)

    def test_people_find_their_way(self):
        home = self.served.get("/")
        self.assertIn("text/html", home.headers["Content-Type"])
        self.assertIn("api-docs/", home.text)
        docs = self.served.get("/api-docs")
        self.assertIn("openapi.json", docs.text)
        paths = self.served.get("/openapi.json").json["paths"]
        for path, methods in {
                "/api/v1/task/{id}": {"get", "put", "delete"},
                "/api/v1/operator/{id}": {"get", "put", "delete"},
                "/api/v1/task_group/{id}/retry": {"post"}}.items():
            self.assertEqual(set(paths[path]), methods)

    def test_a_store_of_a_newer_version_is_refused(self):
        self.served.stop()
        with sqlite3.connect(os.path.join(self.data, "tasks.db")) as store:
            store.execute("PRAGMA user_version=99")
        process = Process("serve", "--listen", "127.0.0.1:0",
                          env=environment(ORCHESTRATOR_DATA=self.data),
                          cwd=self.folder)
        self.assertEqual(process.finish(), 2)
        self.assertTrue(any("tasks.db" in x and "newer" in x
                            for x in process.err), process.err)


if __name__ == "__main__":
    unittest.main()
