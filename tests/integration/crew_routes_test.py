"""Crew's API as its sources say it: what neither a case of its own tests nor a
fault of it concerns."""

import http.server
import json
import os
import sqlite3
import threading
import time
import unittest

from harness import wait_until
from tasks import Crew, is_later, later

NOWHERE = "0" * 24


class Creation(Crew):
    def test_what_is_empty_takes_the_default(self):
        group = self.group()
        for empty in (0, "", False, None):
            task = self.create(group, name="", workgroup="", key="",
                               remainingAttempts=0, priority=0,
                               progressWeight=0, isSeed=False, runAfter=None,
                               input=empty)
            self.assertEqual(
                {name: task[name] for name in (
                    "workgroup", "key", "remainingAttempts", "priority",
                    "progressWeight", "isSeed", "runAfter", "input", "name")},
                {"workgroup": None, "key": None, "remainingAttempts": 5,
                 "priority": 0, "progressWeight": 1, "isSeed": False,
                 "runAfter": None, "input": None, "name": None})

    def test_no_delay_after_an_error_is_a_wish(self):
        group = self.group()
        self.assertEqual(self.create(group, errorDelayInSeconds=0)
                         ["errorDelayInSeconds"], 0)
        self.assertEqual(self.create(group, errorDelayInSeconds=None)
                         ["errorDelayInSeconds"], 30)

    def test_state_and_unknown_fields_are_passed_over(self):
        task = self.create(self.group(), isComplete=True, output=1, errors=[1],
                           isPaused=True, parentsComplete=True, _id=NOWHERE,
                           assignedTo="me", assignedAt=later(0),
                           createdAt=later(9), errorDeleayInSeconds=1)
        self.assertNotEqual(task["_id"], NOWHERE)
        self.assertFalse(is_later(task["createdAt"]))
        self.assertEqual(
            [task[name] for name in ("isComplete", "output", "errors",
                                     "isPaused", "parentsComplete",
                                     "assignedTo", "assignedAt",
                                     "errorDelayInSeconds")],
            [False, None, [], False, False, None, None, 30])
        self.assertNotIn("errorDeleayInSeconds", task)

    def test_an_input_is_any_json(self):
        group = self.group()
        for value in ([], {}, [0], "text", 0.5, True, {"a": {"b": [None]}}):
            self.assertEqual(self.create(group, input=value)["input"], value)

    def test_without_a_channel_nobody_gets_it(self):
        task = self.post(f"task_group/{self.group()}/tasks", {})
        self.assertIsNone(task["name"])
        self.assertIsNone(task["channel"])
        self.assertEqual(self.get("channels"), [])

    def test_times_are_of_any_zone(self):
        group = self.group()
        for given, shown in (
                ("2099-05-06T07:08:09.123Z", "2099-05-06T07:08:09.123Z"),
                ("2099-05-06T07:08:09+02:00", "2099-05-06T05:08:09.000Z"),
                ("2099-05-06T07:08:09", "2099-05-06T07:08:09.000Z"),
                (4081734489123, "2099-05-06T07:08:09.123Z")):
            self.assertEqual(self.create(group, runAfter=given)["runAfter"],
                             shown)

    def test_children_are_paused_as_their_group_is(self):
        group = self.group()
        self.create(group)
        task = self.take()
        self.post(f"task_group/{group}/pause")
        # What a worker has may still be given back.
        self.release(task, output=1, children=[
            {"name": "child", "channel": "c", "isPaused": False}])
        child, = [x for x in self.tasks(group) if x["name"] == "child"]
        self.assertIs(child["isPaused"], True)
        self.assertEqual(child["parentIds"], [task["_id"]])
        self.assertIs(child["parentsComplete"], True)
        self.assertIsNone(self.acquire()["task"])


class Work(Crew):
    def test_the_highest_priority_comes_first_then_the_oldest(self):
        group = self.group()
        for name, priority in (("low", -1), ("old", 0), ("young", 0),
                               ("half", 0.5), ("high", 2)):
            self.create(group, name=name, priority=priority)
        self.assertEqual(self.names_left(),
                         ["high", "half", "old", "young", "low"])

    def test_to_be_taken_costs_no_attempt(self):
        self.create(self.group(), remainingAttempts=1)
        self.assertEqual(self.take()["remainingAttempts"], 1)

    def test_an_empty_output_is_null(self):
        group = self.group()
        for empty in (0, False, "", None):
            self.create(group)
            self.assertIsNone(self.do(output=empty)["output"])

    def test_an_error_counts_more_than_an_output(self):
        self.create(self.group(), errorDelayInSeconds=0)
        failed = self.release(self.take(), output=1, error={"code": 7})
        self.assertEqual((failed["isComplete"], failed["output"],
                          failed["errors"]), (False, None, [{"code": 7}]))
        # One that is empty is none.
        done = self.release(self.take(), output=1, error="")
        self.assertEqual((done["isComplete"], done["output"]), (True, 1))

    def test_what_is_complete_stays_as_it_is(self):
        self.create(self.group())
        done = self.do(output="first")
        for more in ({"output": "second"}, {"error": "late"}):
            self.assertEqual(self.release(done, "anybody", **more), done)

    def test_an_error_waits_for_its_delay(self):
        self.create(self.group(), errorDelayInSeconds=40)
        failed = self.release(self.take(), error="no")
        self.assertTrue(is_later(failed["runAfter"], 30))
        self.assertIsNone(failed["assignedTo"])
        self.assertIsNone(self.acquire()["task"])

    def test_a_failure_delays_its_workgroup_with_itself(self):
        group = self.group()
        self.create(group, workgroup="site", errorDelayInSeconds=0)
        other = self.create(self.group("other"), "d", workgroup="site")
        failed = self.release(self.take(), error="429",
                              workgroupDelayInSeconds=50)
        self.assertTrue(is_later(self.task(failed)["runAfter"], 40))
        self.assertTrue(is_later(self.task(other)["runAfter"], 40))

    def test_new_children_are_delayed_with_their_workgroup(self):
        group = self.group()
        self.create(group, workgroup="site")
        self.do(workgroupDelayInSeconds=50, children=[
            {"name": "child", "channel": "c", "workgroup": "site"}])
        child, = [x for x in self.tasks(group) if x["name"] == "child"]
        self.assertTrue(is_later(child["runAfter"], 40))

    def test_a_delay_without_a_workgroup_delays_nobody(self):
        group = self.group()
        self.create(group)
        other = self.create(group)
        self.do(workgroupDelayInSeconds=50)
        self.assertIsNone(self.task(other)["runAfter"])

    def test_a_paused_or_waiting_double_is_done_too(self):
        group, paused = self.group(), self.group("paused", isPaused=True)
        parent = self.create(group, "other")
        doubles = [self.create(paused, key="k"),
                   self.create(group, key="k", parentIds=[parent["_id"]])]
        self.create(group, key="k")
        task = self.take()
        for double in doubles:
            self.assertEqual(self.task(double)["assignedTo"], "w1")
        self.release(task, output="once")
        for double in doubles:
            now = self.task(double)
            self.assertEqual((now["isComplete"], now["output"]),
                             (True, "once"))


class Changes(Crew):
    def test_an_edit_changes_no_state(self):
        group = self.group()
        task = self.create(group)
        self.release(self.take(), error="kept")
        before = self.task(task)
        state = {"isPaused": True, "parentsComplete": True, "isComplete": True,
                 "assignedTo": "me", "assignedAt": later(0), "errors": [],
                 "executeMessageId": "x", "examineMessageId": "x",
                 "createdAt": later(9), "taskGroupId": NOWHERE, "output": 1}
        self.assertEqual(self.call("PUT", f"task/{task['_id']}", state), before)

    def test_an_edit_sets_all_else(self):
        task = self.create(self.group())
        wanted = {"name": "n", "channel": "d", "workgroup": "w", "key": "k",
                  "remainingAttempts": 0, "priority": -2.5,
                  "runAfter": later(60), "progressWeight": 0, "isSeed": True,
                  "errorDelayInSeconds": 0, "input": [1], "parentIds": []}
        edited = self.call("PUT", f"task/{task['_id']}", wanted)
        self.assertEqual({name: edited[name] for name in wanted}, wanted)
        self.assertIsNone(self.acquire("d")["task"])

    def test_an_edit_moves_a_task_to_another_channel(self):
        task = self.create(self.group())
        self.call("PUT", f"task/{task['_id']}", {"channel": "d"})
        self.assertIsNone(self.acquire("c")["task"])
        self.take("d")

    def test_a_group_is_renamed_and_nothing_else(self):
        group = self.group("name")
        before = self.get(f"task_group/{group}")
        path = f"task_group/{group}"
        self.assertEqual(self.call("PUT", path, {
            "isPaused": True, "createdAt": later(9)}), before)
        self.assertEqual(self.call("PUT", path, {"name": "other"}),
                         dict(before, name="other"))

    def test_a_reset_makes_a_task_as_if_new(self):
        group = self.group()
        parent = self.create(group)
        task = self.create(group, parentIds=[parent["_id"]])
        self.do()
        self.release(self.take(), error="no")
        self.post(f"task/{task['_id']}/reset", {"remainingAttempts": 0})
        reset = self.task(task)
        self.assertEqual(
            [reset[name] for name in ("errors", "runAfter", "output",
                                      "remainingAttempts", "parentsComplete")],
            [[], None, None, 2, True])
        self.take()

    def test_a_reset_takes_a_task_from_its_worker(self):
        task = self.create(self.group())
        self.take()
        self.post(f"task/{task['_id']}/reset")
        self.assertIsNone(self.task(task)["assignedTo"])
        self.release(task, status=409, output="late")
        self.take(worker="other")

    def test_a_retry_sets_attempts_and_nothing_else(self):
        task = self.create(self.group())
        failed = self.release(self.take(), error="no")
        again = self.post(f"task/{task['_id']}/retry", {"remainingAttempts": 9})
        self.assertEqual(again, dict(failed, remainingAttempts=9))

    def test_a_group_is_reset_as_if_new_whatever_is_asked_for(self):
        group = self.group()
        parent = self.create(group)
        child = self.create(group, parentIds=[parent["_id"]])
        self.do()
        self.release(self.take(), error="no")
        self.post(f"task_group/{group}/reset", {"remainingAttempts": 1})
        for task in (parent, child):
            now = self.task(task)
            self.assertEqual(
                [now[name] for name in ("parentsComplete", "errors",
                                        "runAfter", "remainingAttempts")],
                [False, [], None, 5])
        # Parents come first again.
        self.assertEqual(self.names_left(), [parent["name"], child["name"]])

    def test_a_group_is_retried_where_it_was_given_up(self):
        group = self.group()
        self.create(group, remainingAttempts=1, errorDelayInSeconds=60)
        dead = self.release(self.take(), error="no")
        alive = self.create(group, "d", remainingAttempts=1)
        self.post(f"task_group/{group}/retry", {"remainingAttempts": 4})
        self.assertEqual(self.task(dead), dict(dead, remainingAttempts=4))
        self.assertEqual(self.task(alive)["remainingAttempts"], 1)
        self.post(f"task_group/{group}/retry", {"remainingAttempts": 0})

    def test_a_group_goes_with_its_tasks(self):
        group = self.group()
        task = self.create(group)
        self.assertEqual(self.call("DELETE", f"task_group/{group}"),
                         {"acknowledged": True, "deletedCount": 1})
        self.get(f"task/{task['_id']}", status=404)
        self.get(f"task_group/{group}", status=404)
        self.assertEqual(self.get("task_groups"), [])
        self.assertIsNone(self.acquire()["task"])

    def test_what_is_not_there_is_named(self):
        group, task = f"task_group/{NOWHERE}", f"task/{NOWHERE}"
        for method, path, message in (
                ("PUT", group, "TaskGroup with id"),
                ("POST", group + "/pause", "TaskGroup with id"),
                ("POST", group + "/resume", "TaskGroup with id"),
                ("POST", group + "/reset", "TaskGroup with id"),
                ("POST", group + "/retry", "TaskGroup with id"),
                ("PUT", task, "Task with id"),
                ("DELETE", task, "Task with id"),
                ("POST", task + "/reset", "Task with id"),
                ("POST", task + "/retry", "Task with id"),
                ("GET", f"operator/{NOWHERE}", "Operator with id"),
                ("PUT", f"operator/{NOWHERE}", "Operator with id")):
            with self.subTest(path):
                answer = self.call(method, path, {}, status=404)
                self.assertEqual(answer["message"],
                                 f"{message} {NOWHERE} not found!")


class Lists(Crew):
    def test_fifty_are_shown_where_nobody_says_how_many(self):
        for i in range(52):
            group = self.group(f"g{i}")
        for _ in range(52):
            self.create(group)
        for path, all_of_it in (("task_groups", 52), ("channel/c/tasks", 52)):
            self.assertEqual(len(self.get(path)), 50)
            self.assertEqual(len(self.get(path + "?limit=0")), all_of_it)
            self.assertEqual(len(self.get(path + "?skip=51")), 1)
        self.assertEqual(len(self.get(f"task_group/{group}/tasks")), 52)
        self.assertEqual(len(self.get(f"task_group/{group}/tasks?limit=-1")),
                         52)

    def test_a_channel_may_have_any_name(self):
        group = self.group()
        task = self.create(group, "a b/ü")
        quoted = "a%20b%2F%C3%BC"
        self.assertEqual(self.get(f"channel/{quoted}/tasks")[0]["_id"],
                         task["_id"])
        self.assertEqual(self.acquire(quoted)["task"]["_id"], task["_id"])
        self.assertEqual(self.get("channels")[0]["name"], "a b/ü")


class Operators(Crew):
    def add(self, **more):
        return self.post("operators", dict({
            "channel": "x", "url": "http://127.0.0.1:9/", "isPaused": True},
            **more))

    def test_operators_are_made_shown_changed_and_removed(self):
        made = self.add(requestConfig={"timeout": 5}, url="http://127.0.0.1/a")
        self.assertEqual(set(made), {"_id", "channel", "url", "requestConfig",
                                     "isPaused", "createdAt"})
        path = f"operator/{made['_id']}"
        self.assertEqual(self.get(path), made)
        edited = self.call("PUT", path, {"channel": "y", "createdAt": later(9)})
        self.assertEqual(edited, dict(made, channel="y"))
        self.restart()
        self.assertEqual(self.get("operators"), [edited])
        for count in (1, 0):
            self.assertEqual(self.call("DELETE", path),
                             {"acknowledged": True, "deletedCount": count})

    def test_operators_are_counted_and_paged(self):
        ids = [self.add(channel=f"c{i}")["_id"] for i in range(4)][::-1]
        self.assertEqual(self.get("operators/count"), {"count": 4})
        self.assertEqual([x["_id"] for x in self.get("operators")], ids)
        self.assertEqual([x["_id"] for x in self.get(
            "operators?limit=2&skip=1")], ids[1:3])


class Endpoint(http.server.ThreadingHTTPServer):
    """Does every task; knows what was asked of it."""

    def __init__(self):
        self.paths = []
        super().__init__(("127.0.0.1", 0), EndpointAnswer)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class EndpointAnswer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.paths.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"output": 1}')

    def log_message(self, *_):
        pass


class VirtualOperator(Crew):
    def setUp(self):
        self.endpoint = Endpoint()
        self.addCleanup(self.endpoint.stop)
        super().setUp()

    def serve(self, *args, **more):
        return super().serve(
            *args, **more,
            CREW_VIRTUAL_OPERATOR_BASE_URL=self.endpoint.url + "/execute/")

    def test_a_channel_may_have_any_name(self):
        group = self.group()
        names = {"v b": "v%20b", "ž": "%C5%BE", "a#b?c": "a%23b%3Fc",
                 "a/b:c": "a/b:c", "%41": "%2541"}
        made = [self.create(group, x) for x in names]
        wait_until(lambda: all(self.task(x)["isComplete"] for x in made),
                   what="the tasks")
        self.assertEqual(sorted(self.endpoint.paths),
                         sorted("/execute/" + x for x in names.values()))

    def test_it_gets_no_task_that_is_done_by_a_run(self):
        group = self.group()
        for _ in range(5):
            self.create(group, "apify:one/two")
        last = self.create(group, "other")
        wait_until(lambda: self.task(last)["isComplete"], what="the last task")
        self.assertEqual(self.endpoint.paths, ["/execute/other"])


class OperatorRequests(Crew):
    def test_an_array_of_parameters_is_sent_as_axios_does(self):
        endpoint = Endpoint()
        self.addCleanup(endpoint.stop)
        self.post("operators", {
            "channel": "c", "url": endpoint.url + "/do", "requestConfig": {
                "params": {"d": [1, "x y"], "e": None, "f": True}}})
        task = self.create(self.group())
        wait_until(lambda: self.task(task)["isComplete"], what="the task")
        self.assertEqual(endpoint.paths, ["/do?d[]=1&d[]=x%20y&f=true"])

    def test_headers_that_cannot_be_sent_are_refused(self):
        for name in ("X A", "", "X:A", "ž"):
            answer = self.post("operators", {
                "channel": "c", "url": "http://127.0.0.1:9/",
                "requestConfig": {"headers": {name: "v"}}}, status=400)
            self.assertIn("requestConfig.headers", answer["message"])


class Events(Crew):
    def test_a_watcher_sees_the_largest_of_tasks(self):
        path = "/socket.io/?EIO=4&transport=polling"
        opened = self.served.get(path).text
        path += "&sid=" + json.loads(opened[1:])["sid"]
        group = self.group()
        for packet in ("40", '42["watchTaskGroup",{"taskGroupId":"%s"}]'
                       % group):
            self.served.call("POST", path, packet)
        wait_until(lambda: "40" in self.served.get(path).text, what="a socket")
        self.create(group, input="x" * 9_000_000)
        # Whoever is behind is thrown out at the next second.
        time.sleep(2.5)
        got = self.served.get(path)
        self.assertEqual(got.status, 200, got.text[:200])
        self.assertIn("task:create", got.text[:100])


class Upkeep(Crew):
    def test_upkeep_is_done_by_any_method(self):
        for path in ("clean?batch=20", "bootstrap?batch=100",
                     "sync?batch=100"):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                self.assertEqual(self.call(method, path), {"success": True})
            head = self.served.call("HEAD", "/api/v1/" + path)
            self.assertEqual(head.status, 200)

    def test_who_tells_of_a_task_is_thanked(self):
        task = self.create(self.group())
        for verb in ("examine", "execute"):
            self.assertEqual(self.post(f"task/{task['_id']}/{verb}"
                                       "?accessToken=x"), {"success": True})
            self.assertEqual(self.post(f"task/{NOWHERE}/{verb}"),
                             {"task": None})

    def test_it_says_that_it_is_well(self):
        answer = self.served.get("/healthz")
        self.assertEqual(answer.status, 200)
        self.assertIs(answer.json["healthy"], True)

    def test_what_is_too_large_or_no_json_is_refused(self):
        path = f"/api/v1/task_group/{self.group()}/tasks"
        large = self.served.call("POST", path, {"input": "x" * 17_000_000})
        self.assertEqual(large.status, 413)
        self.assertEqual(self.served.call("POST", path, "{").status, 400)

    def test_groups_that_are_old_go_with_their_tasks(self):
        task = self.create(self.group("old"))
        self.served.stop()
        with sqlite3.connect(os.path.join(self.data, "tasks.db")) as store:
            store.execute("UPDATE task_groups SET created_at=created_at-?",
                          [8 * 86_400_000])
        self.served = self.serve()
        young = self.group("young")
        self.assertEqual(self.post("clean"), {"success": True})
        self.assertEqual([x["_id"] for x in self.get("task_groups")], [young])
        self.get(f"task/{task['_id']}", status=404)
        self.assertIsNone(self.acquire()["task"])


if __name__ == "__main__":
    unittest.main()
