"""What Crew does wrong and this service must not: a test a fault."""

import concurrent.futures
import json
import socket
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
        self.assertLess(time.monotonic() - began, 25)


class Edits(Crew):
    def edit(self, task, status=200, **fields):
        return self.call("PUT", f"task/{task['_id']}", fields, status=status)

    def state(self, task):
        return self.get(f"task/{task['_id']}/why")["state"]

    def test_edits_of_other_fields_are_all_there(self):
        group = self.group()
        wanted = {"name": "N", "priority": 7, "workgroup": "W", "key": "K",
                  "input": {"q": 1}}
        with concurrent.futures.ThreadPoolExecutor(5) as pool:
            for _ in range(20):
                task = self.create(group)
                list(pool.map(lambda x: self.edit(task, **dict([x])),
                              wanted.items()))
                now = self.task(task)
                self.assertEqual({x: now[x] for x in wanted}, wanted)

    def test_an_edit_gives_no_attempt_back(self):
        group = self.group()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for _ in range(30):
                task = self.create(group)
                self.take()
                name = pool.submit(self.edit, task, name="N")
                self.release(task, error="no")
                name.result()
                now = self.task(task)
                self.assertEqual(now["remainingAttempts"], 4)
                self.assertIsNotNone(now["runAfter"])

    def test_ids_of_parents_may_be_in_upper_case(self):
        group = self.group()
        parent, child = self.create(group), self.create(group, "d")
        upper = [parent["_id"].upper()]
        edited = self.edit(child, parentIds=upper)
        self.assertEqual(edited["parentIds"], [parent["_id"]])
        self.assertNotEqual(self.state(child), "ready")
        made = self.create(group, "d", parentIds=upper)
        self.assertEqual(made["parentIds"], [parent["_id"]])
        self.assertIsNone(self.acquire("d")["task"])

    def test_a_parent_that_is_not_there_is_named(self):
        group = self.group()
        parent, child = self.create(group), self.create(group)
        answer = self.edit(child, status=404, parentIds=["f" * 24])
        self.assertIn("f" * 24, answer["message"])
        self.edit(child, parentIds=[parent["_id"]])
        # One that went is no reason to refuse an edit.
        kept = self.create(group, isSeed=True, parentIds=[parent["_id"]])
        self.post(f"task_group/{group}/reset")
        edited = self.edit(kept, name="N", parentIds=kept["parentIds"])
        self.assertEqual((edited["name"], edited["parentIds"]),
                         ("N", [parent["_id"]]))

    def test_a_task_cannot_wait_for_itself(self):
        group = self.group()
        one = self.create(group)
        two = self.create(group, parentIds=[one["_id"]])
        three = self.create(group, parentIds=[two["_id"]])
        for parent in (one, two, three):
            answer = self.edit(one, status=400, parentIds=[parent["_id"]])
            self.assertIn("would wait for itself", answer["message"])
        self.assertEqual(self.task(one)["parentIds"], [])
        self.edit(three, parentIds=[one["_id"]])
        self.edit(two, parentIds=[three["_id"]])
        self.assertEqual([self.do()["_id"] for _ in range(3)],
                         [one["_id"], three["_id"], two["_id"]])


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

    def test_a_name_that_is_no_text_is_refused(self):
        for method, path in (
                ("PUT", "workgroup/%FF/limits"), ("PUT", "channel/%C3/limits"),
                ("POST", "channel/%FF/acquire"), ("GET", "channel/%FF/tasks"),
                ("POST", f"task/{'0' * 24}/release?acquire=%FF")):
            answer = self.served.call(
                method, "/api/v1/" + path,
                None if method == "GET" else {"concurrency": 1,
                                              "workerId": "w"})
            self.assertEqual(answer.status, 400, path)
            self.assertIn("must be UTF-8", answer.text)
        self.assertEqual(self.get("workgroups"), {"items": []})

    def test_who_has_closed_its_half_gets_no_task(self):
        task = self.create(self.group())
        host, port = self.served.url[len("http://"):].split(":")
        body = b'{"workerId":"w1"}'
        with socket.create_connection((host, int(port)), 10) as client:
            client.sendall(b"POST /api/v1/channel/c/acquire HTTP/1.1\r\n"
                           b"Host: localhost\r\nContent-Length: %d\r\n\r\n%s"
                           % (len(body), body))
            client.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: client.recv(4096), b""))
        given = json.loads(answer.partition(b"\r\n\r\n")[2])
        # It has gone before the answer as good as always.
        if given["task"]:
            return self.assertIsNone(self.acquire(worker="w2")["task"])
        again = wait_until(lambda: self.acquire(worker="w2")["task"],
                           what="the task again")
        self.assertEqual(again["_id"], task["_id"])

    def test_a_body_is_one_value(self):
        group = self.group()
        for body in ('[{"channel":"a"}],"tasks":[{"channel":"b"}]',
                     '[{"channel":"a"}],"x":1', '[{"channel":"a"}] 1'):
            self.call("POST", f"task_group/{group}/tasks", body, status=400)
        self.assertEqual(self.tasks(group), [])

    def test_a_zero_is_a_zero_however_it_is_written(self):
        group = self.group()
        for text, secs in (("0", 0), ("0.0", 0), ("-0", 0), ("0e3", 0),
                           ("null", 30), ('""', 30), ("0.5", 0.5)):
            made = self.call("POST", f"task_group/{group}/tasks",
                             '{"errorDelayInSeconds": %s}' % text)
            self.assertEqual(made["errorDelayInSeconds"], secs, text)

    def test_a_time_has_a_year_of_four_digits(self):
        group = self.group()
        last = self.create(group, runAfter=253402300799999)
        self.assertEqual(last["runAfter"], "9999-12-31T23:59:59.999Z")
        first = self.create(group, runAfter=-62167219200000)
        self.assertEqual(first["runAfter"], "0000-01-01T00:00:00.000Z")
        for millis in (253402300800000, 1e15, -62167219200001):
            answer = self.post(f"task_group/{group}/tasks",
                               {"runAfter": millis}, status=400)
            self.assertIn("runAfter", answer["message"])

    def test_who_still_works_on_what_is_complete_is_told(self):
        self.create(self.group())
        done = self.do(output=1)
        answer = self.heartbeat(done, status=409)
        self.assertEqual(answer["message"], "Worker id did not match!")
        self.post(f"task/{'0' * 24}/heartbeat", {"workerId": "w"}, status=404)

    def test_a_list_of_no_ids_redrives_nothing(self):
        self.create(self.group(), remainingAttempts=1)
        dead = self.release(self.take(), error="no")
        self.assertEqual(self.post("dead_tasks/redrive", {"ids": []}),
                         {"redriven": 0})
        self.assertEqual(self.task(dead)["remainingAttempts"], 0)
        self.assertEqual(self.post("dead_tasks/redrive", {}), {"redriven": 1})

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
