"""Limits of workgroups and channels: at a time, and by a bucket of tokens."""

import json
import socket
import threading
import time
import unittest

from harness import environment, wait_until
from tasks import Crew, later


class Limits(Crew):
    def limit(self, name, kind="workgroup", status=200, **limits):
        return self.call("PUT", f"{kind}/{name}/limits", limits, status)

    def why(self, task):
        return self.get(f"task/{task['_id']}/why")

    def fill(self, count, channel="c", **more):
        group = self.group()
        return [self.create(group, channel, **more) for _ in range(count)]

    def taken(self, channel="c", most=100):
        result = []
        while len(result) < most:
            task = self.acquire(channel)["task"]
            if task is None:
                break
            result.append(task)
        return result

    def test_so_many_tasks_of_a_workgroup_are_handed_out_at_a_time(self):
        standing = self.limit("w", concurrency=2)
        self.assertEqual(standing["concurrency"], 2)
        tasks = self.fill(4, workgroup="w")
        others = self.fill(1)
        taken = self.taken()
        self.assertEqual([x["_id"] for x in taken],
                         [tasks[0]["_id"], tasks[1]["_id"], others[0]["_id"]])
        standing = self.get("workgroup/w/limits")
        self.assertEqual((standing["running"], standing["waiting"]), (2, 2))
        self.assertEqual(standing["blocked"], "2 of 2 tasks are with workers")
        why = self.why(tasks[2])
        self.assertEqual(why["state"], "workgroup")
        self.assertIn("workgroup w is at its limit", why["reason"])
        self.release(taken[0], output=1)
        self.assertEqual(self.take()["_id"], tasks[2]["_id"])
        # A failure gives its slot back, too.
        self.release(taken[1], error="no")
        self.assertEqual(self.take()["_id"], tasks[3]["_id"])

    def test_limits_hold_over_channels_and_groups(self):
        self.limit("w", concurrency=1)
        self.fill(1, "c", workgroup="w")
        self.fill(1, "d", workgroup="w")
        first = self.take("c")
        self.assertIsNone(self.acquire("d")["task"])
        self.release(first, output=1)
        self.take("d")

    def test_who_waits_is_woken_when_a_slot_comes_back(self):
        self.limit("w", concurrency=1)
        tasks = self.fill(2, workgroup="w")
        first = self.take()
        got = []
        waiter = threading.Thread(target=lambda: got.append(
            self.acquire(worker="w2", query="?waitSecs=20")["task"]))
        began = time.monotonic()
        waiter.start()
        time.sleep(0.2)
        self.assertEqual(got, [])
        self.release(first, output=1)
        waiter.join()
        self.assertEqual(got[0]["_id"], tasks[1]["_id"])
        self.assertLess(time.monotonic() - began, 15)

    def test_tokens_come_back_at_their_rate(self):
        self.limit("w", ratePerSec=4, burst=2)
        tasks = self.fill(4, workgroup="w")
        self.assertEqual(len(self.taken()), 2)
        why = self.why(tasks[2])
        self.assertEqual(why["state"], "workgroup")
        self.assertIsNotNone(why["until"])
        began = time.monotonic()
        self.assertIsNotNone(self.acquire(query="?waitSecs=10")["task"])
        self.assertIsNotNone(self.acquire(query="?waitSecs=10")["task"])
        took = time.monotonic() - began
        self.assertGreater(took, 0.2)
        self.assertLess(took, 10)

    def test_a_restart_fills_no_bucket_and_forgets_no_limit(self):
        self.limit("w", ratePerSec=0.01, burst=3)
        self.limit("x", concurrency=1)
        self.limit("c", "channel", concurrency=50)
        self.fill(5, workgroup="w")
        self.fill(2, workgroup="x")
        self.assertEqual(len(self.taken()), 4)
        self.restart()
        self.assertEqual(self.taken(), [])
        standing = self.get("workgroup/w/limits")
        self.assertLess(standing["tokens"], 1)
        self.assertEqual(self.get("workgroup/x/limits")["running"], 1)
        self.assertEqual(self.get("channel/c/limits")["running"], 4)
        self.assertEqual([x["name"] for x in self.get("workgroups")["items"]],
                         ["w", "x"])

    def test_a_channel_has_limits_of_its_own(self):
        self.limit("c", "channel", concurrency=1)
        tasks = self.fill(2)
        self.take()
        self.assertIsNone(self.acquire()["task"])
        self.assertEqual(self.why(tasks[1])["state"], "channel")
        self.assertEqual(
            [x["name"] for x in self.get("channel_limits")["items"]], ["c"])

    def test_limits_are_taken_away(self):
        self.limit("w", concurrency=1)
        self.fill(3, workgroup="w")
        self.take()
        self.assertEqual(self.call("DELETE", "workgroup/w/limits"),
                         {"acknowledged": True, "deletedCount": 1})
        self.assertEqual(len(self.taken()), 2)
        self.call("GET", "workgroup/w/limits", status=404)
        self.restart()
        self.call("GET", "workgroup/w/limits", status=404)

    def test_tasks_of_one_key_take_one_slot(self):
        self.limit("w", concurrency=2)
        self.fill(3, key="k", workgroup="w")
        self.fill(1, key="l", workgroup="w")
        self.assertEqual(len(self.taken()), 2)
        self.assertEqual(self.get("workgroup/w/limits")["running"], 2)

    def test_a_lease_that_ends_gives_its_slot_back(self):
        self.limit("w", concurrency=1)
        self.fill(2, workgroup="w")
        self.take(leaseSecs=0.3)
        self.assertIsNotNone(self.acquire(query="?waitSecs=10")["task"])

    def test_what_makes_no_sense_is_refused(self):
        for limits in ({}, {"concurrency": 0}, {"ratePerSec": 0},
                       {"burst": 3}, {"ratePerSec": 1, "burst": 0.5},
                       {"concurrency": "x"}, {"rate": 1}):
            self.assertIn("message", self.limit("w", status=400, **limits))

    def test_a_task_says_why_it_waits(self):
        group = self.group()
        parent = self.create(group, "p")
        child = self.create(group, parentIds=[parent["_id"]])
        far = self.create(group, runAfter=later(3600))
        dead = self.create(group, "d", remainingAttempts=1)
        self.release(self.take("d"), error="no")
        states = {x["_id"]: self.why(x) for x in (parent, child, far, dead)}
        self.assertEqual([x["state"] for x in states.values()],
                         ["ready", "parents", "delayed", "given-up"])
        self.assertEqual(states[far["_id"]]["until"], far["runAfter"])
        self.take("p")
        self.assertEqual(self.why(parent)["state"], "assigned")
        self.release(parent, output=1)
        self.assertEqual(self.why(parent)["state"], "complete")
        self.post(f"task_group/{group}/pause")
        self.assertEqual(self.why(child)["state"], "paused")
        self.call("GET", f"task/{'0' * 24}/why", status=404)

    def test_the_command_line_sets_and_shows_limits(self):
        def run(*args):
            done = self.binary("workgroups", *args, "--url",
                               self.served.url)
            self.assertEqual(done.returncode, 0, done.stderr)
            return done.stdout
        run("limit", "w", "--concurrency", "1", "--rate", "5")
        self.fill(2, workgroup="w")
        self.take()
        self.assertIn("1 of 1 tasks are with workers", run())
        shown = json.loads(run("show", "w", "--json"))
        self.assertEqual((shown["concurrency"], shown["ratePerSec"],
                          shown["burst"]), (1, 5, 5))
        run("unlimit", "w")
        self.assertIn("Nothing is limited", run("list"))
        run("limit", "--channel", "c", "--concurrency", "3")
        self.assertIn("c ", run("list", "--channels"))


class Answers(Crew):
    def test_a_task_whose_answer_is_lost_goes_back_at_once(self):
        """The client is gone by the time a task is there for it."""
        group = self.group()
        host, port = self.served.url.removeprefix("http://").split(":")
        body = '{"workerId":"gone"}'
        for _ in range(5):
            with socket.create_connection((host, int(port))) as client:
                client.sendall(
                    f"POST /api/v1/channel/c/acquire?waitSecs=30 HTTP/1.1\r\n"
                    f"Host: localhost\r\nContent-Length: {len(body)}\r\n\r\n{body}"
                    .encode())
                time.sleep(0.05)
            # At the same moment as the client goes.
            task = self.create(group)
            wait_until(lambda: self.task(task)["assignedTo"] is None,
                       20)
            self.assertEqual(self.take()["_id"], task["_id"])
            self.assertEqual(self.task(task)["remainingAttempts"], 5)
            self.release(task, output=1)


class Bulk(Crew):
    def test_an_array_of_tasks_is_made_or_none(self):
        group = self.group()
        made = self.post(f"task_group/{group}/tasks", [
            {"name": "b", "channel": "c", "_child_id": "b",
             "_parent_ids": ["a"]},
            {"name": "a", "channel": "c", "_child_id": "a", "input": [1]}])
        self.assertEqual([x["name"] for x in made], ["b", "a"])
        self.assertEqual(made[0]["parentIds"], [made[1]["_id"]])
        self.assertEqual(self.names_left(), ["a", "b"])
        for wrong, where in (
                ([{"channel": "c"}, 5], "tasks[1]"),
                ([{"channel": "c", "_parent_ids": ["x"]}], "tasks[0]"),
                ([{"channel": "c", "parentIds": ["x"]}],
                 "tasks[0].parentIds")):
            answer = self.post(f"task_group/{group}/tasks", wrong, status=400)
            self.assertIn(where, answer["message"])
        self.post(f"task_group/{group}/tasks",
                  [{"channel": "c"}, {"channel": "c",
                                      "parentIds": ["0" * 24]}], status=404)
        self.assertEqual(len(self.tasks(group)), 2)

    def test_tasks_of_an_array_may_have_parents_that_are_there(self):
        group = self.group()
        parent = self.create(group)
        made = self.post(f"task_group/{group}/tasks", [
            {"channel": "d", "parentIds": [parent["_id"]]}])
        self.assertIsNone(self.acquire("d")["task"])
        self.do(output="x")
        given = self.acquire("d")
        self.assertEqual(given["task"]["_id"], made[0]["_id"])
        self.assertEqual(given["parents"][0]["output"], "x")

    def test_what_was_given_up_is_tried_again_in_bulk(self):
        one, other = self.group("one"), self.group("other")
        for group, channel in ((one, "c"), (one, "d"), (other, "c")):
            self.create(group, channel, remainingAttempts=1)
            self.release(self.take(channel), error="no")
        self.create(other, "c")
        self.assertEqual(len(self.get("dead_tasks")), 3)
        dead = self.get("dead_tasks?channel=d")
        self.assertEqual(
            self.post("dead_tasks/redrive", {"ids": [dead[0]["_id"]]}),
            {"redriven": 1})
        self.assertEqual(self.task(dead[0])["remainingAttempts"], 2)
        self.assertEqual(self.post("dead_tasks/redrive", {
            "taskGroupId": one, "channel": "c", "remainingAttempts": 7}),
            {"redriven": 1})
        done = self.binary("tasks", "redrive", "--json", "--url",
                           self.served.url)
        self.assertEqual(json.loads(done.stdout), {"redriven": 1})
        self.assertEqual(self.get("dead_tasks"), [])
        self.assertEqual(self.post("dead_tasks/redrive"), {"redriven": 0})
        self.post("dead_tasks/redrive", {"remainingAttempts": 0}, status=400)
        self.post("dead_tasks/redrive", {"taskGroupId": "0" * 24}, status=404)


if __name__ == "__main__":
    unittest.main()
