"""Schedules: what they make, once for each time, through deaths."""

import datetime
import json
import signal
import unittest

from harness import TOKEN, Process, Service, environment, wait_until
from tasks import Crew


def parsed(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Scheduled(Crew):
    """A service, and what is asked about its schedules."""

    def show(self, name):
        return self.get(f"schedules/{name}")

    def wait_for(self, name, made):
        return wait_until(lambda: (x := self.show(name))["made"] >= made and x)

    def wait_for_due(self, name):
        """Until its next time comes: whether something is made is open."""
        due = parsed(self.show(name)["nextAt"])
        wait_until(lambda: datetime.datetime.now(datetime.timezone.utc) >= due)

    def restart_within_times(self, name):
        """Kills it when a time comes, and when something was just made."""
        self.wait_for_due(name)
        self.restart()
        self.wait_for(name, self.show(name)["made"] + 1)
        self.restart()


class Schedules(Scheduled):
    def add(self, name, status=201, **more):
        return self.post("schedules", dict({"name": name}, **more),
                         status=status)

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
                ({"cron": "@daily", "task": dict(task, parentIds=["zz"])},
                 "task.parentIds"),
                ({"cron": "@daily", "group": {"tasks": [{}]}},
                 "group.tasks[0].channel"),
                ({"cron": "@daily", "group": {"tasks": [
                    dict(task, parentIds=["zz"])]}},
                 "group.tasks[0].parentIds"),
                ({"cron": "@daily", "group": {"tasks": [
                    dict(task, _parent_ids=["x"])]}}, "no child has the id"),
                ({"cron": "@daily", "group": {"tasks": [
                    dict(task, _child_id="a", _parent_ids=["a"])]}},
                 "it would wait for itself"),
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
        for _ in range(2):
            self.restart_within_times("s")
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


class Configured(Crew):
    """Those that stand in the configuration of a service."""

    def setUp(self):
        self.text = ('[[schedules]]\nname = "tidy"\nevery = 3600\n'
                     'task = { channel = "c", input = { a = [1, 2] } }\n'
                     '[[schedules]]\nname = "weekly"\ncron = "@weekly"\n'
                     'time_zone = "Europe/Prague"\npaused = true\n'
                     "group = '{\"tasks\": [{\"channel\": \"d\"}]}'\n")
        super().setUp()

    def serve(self, **more):
        self.file = self.write("orc.toml", self.text)
        return super().serve("--config", self.file, **more)

    def reload(self, text, line):
        """Has the service read another configuration."""
        self.write("orc.toml", text)
        self.served.process.send(signal.SIGHUP)
        return self.served.process.wait_for_line(line)

    def names(self):
        return [x["name"] for x in self.get("schedules")["items"]]

    def test_they_are_those_of_the_file_and_make_what_it_says(self):
        self.assertEqual(self.names(), ["tidy", "weekly"])
        weekly = self.get("schedules/weekly")
        self.assertEqual(weekly["definition"]["timeZone"], "Europe/Prague")
        self.assertIs(weekly["isPaused"], True)
        self.post("schedules/tidy/run")
        self.assertEqual(self.take()["input"], {"a": [1, 2]})

    def test_by_hand_they_are_not_changed(self):
        for method, path, body in (
                ("PUT", "tidy", {"everySecs": 1, "task": {"channel": "c"}}),
                ("POST", "tidy/pause", None), ("POST", "weekly/resume", None),
                ("DELETE", "tidy", None)):
            answer = self.call(method, "schedules/" + path, body, status=409)
            self.assertIn("[[schedules]]", answer["error"]["message"])
        done = self.binary("schedules", "pause", "tidy", "--url",
                           self.served.url)
        self.assertEqual(done.returncode, 2)
        self.assertIn("change it there, then send SIGHUP", done.stderr)
        self.assertEqual(self.names(), ["tidy", "weekly"])
        # One that was made by hand is.
        self.post("schedules", {"name": "mine", "everySecs": 60,
                                "task": {"channel": "c"}}, status=201)
        self.assertIs(self.post("schedules/mine/pause")["isPaused"], True)

    def test_they_change_with_the_file_and_go_with_it(self):
        self.post("schedules/tidy/run")
        before = self.get("schedules/tidy")
        self.post("schedules", {"name": "mine", "everySecs": 60,
                                "task": {"channel": "c"}}, status=201)
        self.text = ('[[schedules]]\nname = "tidy"\nevery = 3600\n'
                     'overlap = "allow"\ntask = { channel = "e" }\n')
        self.restart()
        self.assertEqual(self.names(), ["mine", "tidy"])
        after = self.get("schedules/tidy")
        # Another start is no other schedule, and its times are the same.
        for name in ("createdAt", "nextAt", "made"):
            self.assertEqual(after[name], before[name])
        self.assertEqual(after["definition"]["task"], {"channel": "e"})
        self.text = ""
        self.restart()
        self.assertEqual(self.names(), ["mine"])

    def test_a_hangup_takes_changes_over(self):
        first = self.text.partition("[[schedules]]\nname = \"weekly\"")[0]
        self.reload(first.replace("3600", "1800") +
                    '[[schedules]]\nname = "new"\ncron = "@daily"\n'
                    'task = { channel = "c" }\n',
                    "reloaded changed=schedules.tidy.every,"
                    "schedules.weekly,schedules.new")
        self.assertEqual(self.names(), ["new", "tidy"])
        self.assertEqual(
            self.get("schedules/tidy")["definition"]["everySecs"], 1800)
        # What is wrong changes nothing.
        self.reload(first.replace("3600", "0"),
                    r"reload-failed .*schedules\[0\].every")
        self.assertEqual(self.names(), ["new", "tidy"])

    def test_a_name_that_was_given_by_hand_is_told(self):
        self.post("schedules", {"name": "mine", "everySecs": 60,
                                "task": {"channel": "c"}}, status=201)
        taken = self.text.replace('"tidy"', '"mine"')
        self.reload(taken, "reload-kept schedules: there is a schedule `mine` "
                           "already that was made by hand")
        self.assertEqual(
            self.get("schedules/mine")["definition"]["everySecs"], 60)
        gone = self.served.call("DELETE", "/api/v1/schedules/mine")
        self.assertEqual(gone.status, 204)
        self.served.process.send(signal.SIGHUP)
        wait_until(lambda: "mine" in self.names(), what="the one of the file")
        self.call("DELETE", "schedules/mine", status=409)

    def test_a_pool_by_itself_makes_them_too(self):
        self.served.stop()
        pool = self.keep(Process(
            "pool", "run", "--daemon", "--config", self.write(
                "pool.toml", self.text + "[[pool.workers]]\nchannel = \"c\"\n"
                                         "command = [\"cat\"]\n"),
            cwd=self.folder, env=environment(ORCHESTRATOR_DATA=self.data)))
        self.served.url = pool.wait_for_line(
            r"listening on (http://127\.0\.0\.1:\d+)$").group(1)
        made = self.post("schedules/tidy/run")["fires"][0]["taskId"]
        wait_until(lambda: self.get(f"task/{made}")["isComplete"],
                   what="a worker")


class Runs(Scheduled):
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
        self.restart_within_times("s")
        self.wait_for("s", 3)
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
