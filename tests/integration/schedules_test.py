"""Schedules: what they make, once for each time, through deaths."""

import datetime
import json
import time
import unittest

from harness import TOKEN, Service, environment, wait_until
from tasks import Crew


def parsed(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Schedules(Crew):
    def add(self, name, status=201, **more):
        return self.post("schedules", dict({"name": name}, **more),
                         status=status)

    def show(self, name):
        return self.get(f"schedules/{name}")

    def wait_for(self, name, made):
        return wait_until(lambda: (x := self.show(name))["made"] >= made and x)

    def test_a_task_is_made_every_second(self):
        group = self.group()
        self.add("tidy", everySecs=1, overlap="allow", task={
            "taskGroupId": group, "channel": "c", "input": {"a": 1}})
        self.wait_for("tidy", 2)
        self.assertEqual(self.take()["input"], {"a": 1})
        shown = self.show("tidy")
        dues = [x["due"] for x in shown["fires"]]
        self.assertEqual(len(dues), len(set(dues)))
        ids = {x["taskId"] for x in shown["fires"]}
        self.assertLessEqual(ids, {x["_id"] for x in self.tasks(group)})

    def test_a_group_is_made_and_no_other_before_it_is_done(self):
        self.add("graph", everySecs=1, group={"name": "nightly", "tasks": [
            {"name": "last", "channel": "c", "_parent_ids": ["a"]},
            {"name": "first", "channel": "c", "_child_id": "a"}]})
        shown = wait_until(
            lambda: (x := self.show("graph"))["skipped"] >= 1 and x)
        self.assertEqual(shown["made"], 1)
        group = shown["fires"][-1]["taskGroupId"]
        self.assertEqual(self.get(f"task_group/{group}")["name"], "nightly")
        self.assertEqual([self.do()["name"], self.do()["name"]],
                         ["first", "last"])
        self.wait_for("graph", 2)

    def test_pause_resume_run_and_remove(self):
        self.add("s", cron="0 0 1 1 *", task={"channel": "c"})
        self.assertIsNotNone(self.show("s")["nextAt"])
        self.assertIs(self.post("schedules/s/pause")["isPaused"], True)
        self.assertIsNone(self.show("s")["nextAt"])
        ran = self.post("schedules/s/run")
        self.assertEqual(ran["made"], 1)
        self.assertEqual(self.take()["_id"], ran["fires"][0]["taskId"])
        self.restart()
        self.assertIs(self.show("s")["isPaused"], True)
        self.assertIs(self.post("schedules/s/resume")["isPaused"], False)
        answer = self.served.call("DELETE", "/api/v1/schedules/s")
        self.assertEqual(answer.status, 204)
        self.call("GET", "schedules/s", status=404)
        self.restart()
        self.assertEqual(self.get("schedules"), {"items": []})

    def test_times_are_shown_before_they_come(self):
        times = self.get("schedule_times?cron=30%202%20*%20*%20*"
                         "&timeZone=Europe%2FPrague&count=3")["items"]
        self.assertEqual(len(times), 3)
        for at in times:
            self.assertIn(parsed(at).hour, (0, 1))
        self.add("s", everySecs=3600, task={"channel": "c"})
        shown = self.get("schedules/s/next?count=2")["items"]
        self.assertEqual(parsed(shown[1]) - parsed(shown[0]),
                         datetime.timedelta(hours=1))

    def test_what_makes_no_sense_is_refused(self):
        task = {"channel": "c"}
        for wrong, word in (
                ({"task": task}, "everySecs"),
                ({"cron": "* * * *", "task": task}, "five parts"),
                ({"cron": "0 0 31 2 *", "task": task}, "never"),
                ({"cron": "@daily", "timeZone": "Mars/One", "task": task},
                 "timeZone"),
                ({"cron": "@daily"}, "one of task, group and run"),
                ({"cron": "@daily", "task": {}}, "task.channel"),
                ({"cron": "@daily", "run": {}}, "run"),
                ({"cron": "@daily", "run": {"actor": "a/b", "name": "n"}},
                 "run.name"),
                ({"cron": "@daily", "task": task, "overlap": "x"},
                 "overlap")):
            answer = self.add("s", status=400, **wrong)
            self.assertIn(word, answer["error"]["message"])
        self.add("s", cron="@daily", task=task)
        self.add("s", status=409, cron="@daily", task=task)
        changed = self.call("PUT", "schedules/s", {
            "cron": "@hourly", "task": task})
        self.assertEqual(changed["definition"]["cron"], "@hourly")

    def test_each_time_comes_once_however_often_it_is_killed(self):
        group = self.group()
        self.add("s", everySecs=1, overlap="allow", catchUp="all", task={
            "taskGroupId": group, "channel": "c"})
        for pause in (1.1, 0.95, 0.4, 1.02, 0.7):
            time.sleep(pause)
            self.restart()
        self.wait_for("s", 4)
        self.post("schedules/s/pause")
        shown = wait_until(lambda: (x := self.show("s"))["made"] == len(
            self.tasks(group)) and x)
        dues = sorted(x["due"] for x in shown["fires"])
        self.assertEqual(len(dues), len(set(dues)))
        self.assertEqual(len(dues), shown["made"])
        # None is left out, either.
        self.assertEqual(parsed(dues[-1]) - parsed(dues[0]),
                         datetime.timedelta(seconds=len(dues) - 1))

    def test_the_command_line_manages_schedules(self):
        def run(*args, code=0):
            done = self.binary("schedules", *args, "--url",
                               self.served.url)
            self.assertEqual(done.returncode, code, done.stderr)
            return done.stdout
        self.assertIn("There are no schedules", run())
        run("add", "s", "--cron", "@daily", "--task", '{"channel":"c"}')
        self.assertIn("@daily", run("list"))
        self.assertEqual(len(run("next", "s", "--count", "3").split()), 3)
        self.assertEqual(
            len(run("next", "--cron", "*/5 * * * *").split()), 5)
        self.assertIn("made", run("run", "s"))
        self.assertIn("paused", run("pause", "s"))
        run("resume", "s")
        self.assertEqual(json.loads(run("show", "s", "--json"))["made"], 1)
        run("add", "s", "--every", "60", "--task", '{"channel":"c"}',
            "--replace")
        self.assertIn("every 60 s", run("list"))
        run("remove", "s")
        run("show", "s", code=2)


class Runs(Crew):
    def serve(self, *args, **more):
        # One platform for all processes of a test.
        if not hasattr(self, "platform"):
            self.platform = self.emulator()
        return self.keep(Service(
            *self.options, *args, "--config", self.config, cwd=self.folder,
            env=self.environment(self.platform, **more)))

    def test_a_run_is_started_once_for_each_time(self):
        self.post("schedules", {
            "name": "s", "everySecs": 1, "overlap": "allow", "catchUp": "all",
            "run": {"actor": "emulator/scripted",
                    "input": {"key": "k", "durationMs": 10},
                    "options": {"memoryMbytes": 128}}}, status=201)
        for pause in (1.1, 1.0):
            time.sleep(pause)
            self.restart()
        wait_until(lambda: self.get("schedules/s")["made"] >= 3)
        shown = self.post("schedules/s/pause")
        names = [x["runName"] for x in shown["fires"]]
        self.assertEqual(len(names), len(set(names)))
        for name in names:
            self.assertEqual(self.served.run(name, 20)["status"], "SUCCEEDED")
        self.assertEqual(len(self.platform.runs()), len(names))

    def test_no_run_is_started_while_the_last_one_goes_on(self):
        self.post("schedules", {
            "name": "s", "everySecs": 1, "overlap": "skip",
            "run": {"actor": "emulator/scripted",
                    "input": {"key": "k", "durationMs": 60000},
                    "options": {"memoryMbytes": 128}}}, status=201)
        wait_until(lambda: self.get("schedules/s")["skipped"] >= 1)
        self.assertEqual(self.get("schedules/s")["made"], 1)


if __name__ == "__main__":
    unittest.main()
