"""`serve` by HTTP, and the commands that are its clients."""

import http.client
import json
import os
import signal
import threading
import time
import unittest
import urllib.parse

from harness import Case, Process, http as call, request, wait_until


class Served(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()
        self.served = self.service(self.platform)

    def assert_error(self, answer, status, *says):
        self.assertEqual(answer.status, status, answer.text)
        error = answer.json["error"]
        self.assertEqual(sorted(error), ["message", "type"])
        for text in says:
            self.assertIn(text, error["message"])
        return error


class Submissions(Served):
    def test_a_new_run_is_201_and_a_joined_one_200(self):
        first = self.served.submit(request("job-1/3"))
        self.assertEqual(first.status, 201)
        run = first.json
        self.assertEqual((run["name"], run["namespace"]), ("job-1/3", "default"))
        second = self.served.submit(request("job-1/3"))
        self.assertEqual(second.status, 200)
        self.assertEqual(self.served.run("job-1/3", 20)["status"], "SUCCEEDED")
        self.assertEqual(self.platform.stats()["runsStarted"], 1)

    def test_an_array_is_answered_by_an_array(self):
        answer = self.served.submit([request("a"), request("b")])
        self.assertEqual(answer.status, 201)
        self.assertEqual([x["name"] for x in answer.json], ["a", "b"])
        mixed = self.served.submit([request("a"), request("c")])
        self.assertEqual(mixed.status, 201)

    def test_a_name_is_made_where_none_is_given(self):
        body = request("x")
        del body["name"]
        names = {self.served.submit(body).json["name"] for _ in range(2)}
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertEqual(self.served.run(name, 20)["status"], "SUCCEEDED")

    def test_an_idempotency_key_does_the_same_again(self):
        body = request("x")
        del body["name"]
        headers = {"Idempotency-Key": "order 66/7"}
        first = self.served.submit(body, headers=headers)
        second = self.served.submit(body, headers=headers)
        self.assertEqual((first.status, second.status), (201, 200))
        self.assertEqual(first.json["name"], second.json["name"])
        other = self.served.submit(request("y"), headers=headers)
        self.assert_error(other, 409, "order 66/7")
        self.served.run(first.json["name"], 20)
        self.served.stop(signal.SIGKILL)
        self.served = self.service(self.platform)
        third = self.served.submit(body, headers=headers)
        self.assertEqual((third.status, third.json["name"]),
                         (200, first.json["name"]))
        self.assertEqual(self.platform.stats()["runsStarted"], 1)

    def test_thousands_of_runs_are_taken_at_once(self):
        body = [request(f"many/{i}", duration=1, options={"build": "latest"})
                for i in range(3000)]
        self.assertEqual(self.served.submit(body).status, 201)
        report = self.served.get("/api/v1/report").json
        began = time.monotonic()
        self.assertEqual(self.served.stop(), 0)
        self.assertLess(time.monotonic() - began, 15)
        self.assertEqual(sum(report["totals"]["states"].values()), 3000)

    def test_a_rejoin_keeps_what_is_named_differently_apart(self):
        self.served.submit(dict(request("n"), namespace="one"))
        second = self.served.submit(dict(request("n"), namespace="two"))
        self.assertEqual(second.status, 201)
        shown = self.served.get("/api/v1/runs/n?namespace=one&waitSecs=20").json
        self.assertEqual(shown["namespace"], "one")
        self.assert_error(self.served.get("/api/v1/runs/n"), 404, "n")


class BadRequests(Served):
    def test_every_error_names_the_field_and_starts_nothing(self):
        big = request("x", more_input={"text": "x" * 9_500_000})
        cases = [
            ('{"name":"a",', 400, ["line 1"]),
            ('{"name":"a","actor":"x"}}', 400, ["line 1", "column"]),
            ({"name": "a", "actr": "x"}, 400, ["actr", "actor"]),
            ({"name": "a", "actor": 7}, 400, ["actor"]),
            ({"name": "a"}, 400, ["actor", "task"]),
            ({"name": "a", "actor": "x", "task": "y"}, 400, ["actor", "task"]),
            ({"name": "a b", "actor": "x"}, 400, ["name"]),
            ({"name": "", "actor": "x"}, None, []),
            (dict(request("m"), options={"memoryMbytes": 1000}), 400,
             ["options.memoryMbytes", "power of two"]),
            (dict(request("m"), options={"memoryMbytes": 65536}), 400,
             ["options.memoryMbytes"]),
            (dict(request("m"), options={"memoryMbytes": "512"}), 400,
             ["options.memoryMbytes"]),
            (dict(request("m"), options={"timeoutSecs": -1}), 400,
             ["options.timeoutSecs"]),
            (dict(request("m"), attempts=0), 400, ["attempts"]),
            (dict(request("m"), attempts=2.5), 400, ["attempts"]),
            (dict(request("m"), priority="high"), 400, ["priority"]),
            (dict(request("m"), onAborted="explode"), 400, ["onAborted"]),
            (dict(request("m"), onSucceeded="resurrect"), 400, ["onSucceeded"]),
            (dict(request("m"), account="nobody"), 404, ["nobody"]),
            ([request("twice"), request("twice")], 400, ["twice"]),
            ([request("fine"), {"name": "bad"}], 400, ["runs[1]"]),
            ([], 400, []),
            ("", 400, []),
            ("7", 400, []),
            ("null", 400, []),
            (b"\xff\xfe{}", 400, []),
            (big, 413, ["input", "9437184"]),
        ]
        for body, status, says in cases:
            if status is None:
                continue
            with self.subTest(body=str(body)[:80]):
                self.assert_error(self.served.submit(body), status, *says)
        self.assertEqual(self.platform.stats()["runsStarted"], 0)
        self.assertEqual(self.served.get("/api/v1/runs").json["items"], [])

    def test_a_name_of_another_actor_is_409(self):
        self.served.submit(request("x"))
        answer = self.served.submit(request("x", actor="me/other"))
        self.assert_error(answer, 409, "x")

    def test_bad_questions_get_4xx(self):
        self.served.submit(request("x"))
        for path, status, says in (
                ("/api/v1/runs?limit=0", 400, ["limit"]),
                ("/api/v1/runs?limit=ten", 400, ["limit"]),
                ("/api/v1/runs?state=sleeping", 400, ["state"]),
                ("/api/v1/runs?cursor=nonsense!", 400, ["cursor"]),
                ("/api/v1/runs/x?waitSecs=-1", 400, ["waitSecs"]),
                ("/api/v1/runs/unknown", 404, ["unknown"]),
                ("/api/v1/runs/unknown/items", 404, ["unknown"]),
                ("/api/v1/runs/x/items?format=doc", 400, ["format"]),
                ("/api/v1/nothing", 404, []),
                ("/nowhere", 404, [])):
            with self.subTest(path=path):
                self.assert_error(self.served.get(path), status, *says)
        self.assert_error(self.served.call("DELETE", "/api/v1/runs"), 405)
        self.assert_error(
            self.served.call("POST", "/api/v1/runs/unknown/abort"), 404)
        self.assert_error(
            self.served.call("POST", "/api/v1/runs/abort", {}), 400, "names")


class Questions(Served):
    def test_runs_are_paged_newest_first(self):
        for i in range(7):
            self.served.submit(request(f"p{i}"))
        names = []
        cursor = ""
        while cursor is not None:
            page = self.served.get(f"/api/v1/runs?limit=3&cursor={cursor}").json
            self.assertLessEqual(len(page["items"]), 3)
            names += [x["name"] for x in page["items"]]
            cursor = page["nextCursor"]
            # What is new does not shift what comes.
            if len(names) == 3:
                self.served.submit(request("late"))
        self.assertEqual(names, [f"p{i}" for i in reversed(range(7))])

    def test_runs_are_listed_by_state(self):
        self.served.submit([request("long", duration=30000), request("short")])
        self.served.run("short", 20)
        wait_until(self.platform.live)
        def listed(states):
            return [x["name"] for x in self.served.get(
                f"/api/v1/runs?state={states}").json["items"]]
        self.assertEqual(listed("finished"), ["short"])
        wait_until(lambda: listed("running") == ["long"])
        self.assertEqual(sorted(listed("finished,running")), ["long", "short"])
        self.assertEqual(listed("queued"), [])

    def test_wait_answers_when_the_run_ends_or_the_time_is_up(self):
        self.served.submit(request("x", duration=1500))
        self.assertIn(self.served.run("x", 0)["state"],
                      ("queued", "starting", "running"))
        self.assertIn(self.served.run("x", 1)["state"], ("starting", "running"))
        self.assertEqual(self.served.run("x", 20)["status"], "SUCCEEDED")

    def test_a_queued_run_says_why_it_waits(self):
        self.served.submit([request("first", memory=16384, duration=30000)])
        wait_until(self.platform.live)
        self.served.submit(request("second", memory=4096))
        reason = wait_until(lambda: self.served.run("second")["reason"])
        self.assertIn("4096", reason)

    def test_items_come_in_every_format(self):
        self.served.submit(request("a/b", more_input={
            "items": [{"n": 1}, {"n": 2}, {"n": 3}]}))
        self.served.run("a/b", 20)
        path = "/api/v1/runs/a%2Fb/items"
        self.assertEqual(self.served.get(path).json,
                         [{"n": 1}, {"n": 2}, {"n": 3}])
        lines = self.served.get(path + "?format=ndjson&offset=1").text
        self.assertEqual([json.loads(x)["n"] for x in lines.splitlines()], [2, 3])
        self.assertEqual(self.served.get(path + "?format=json&limit=1").json,
                         [{"n": 1}])
        # Like the platform, with a byte order mark; there is a way around it.
        table = self.served.get(path + "?format=csv").text.lstrip("\ufeff")
        self.assertEqual(table.split(), ["n", "1", "2", "3"])

    def test_many_items_come_as_one_table(self):
        self.served.submit(request("many", more_input={"items": 2500}))
        self.served.run("many", 20)
        path = "/api/v1/runs/many/items?format="
        self.assertEqual(len(self.served.get(path + "json").json), 2500)
        table = self.served.get(path + "csv").text
        self.assertEqual(len(table.splitlines()), 2501)
        self.assertNotIn("\ufeff", table[1:])

    def test_the_state_of_everything(self):
        self.served.submit(request("x", more_input={"items": 2}))
        self.served.run("x", 20)
        accounts = self.served.get("/api/v1/accounts").json["items"]
        self.assertEqual((accounts[0]["name"], accounts[0]["username"],
                          accounts[0]["memoryLimitMbytes"]),
                         ("default", "tester", 16384))
        report = self.served.get("/api/v1/report").json
        self.assertEqual(report["totals"]["statuses"], {"SUCCEEDED": 1})
        self.assertEqual(report["runs"][0]["itemCount"], 2)
        self.assertEqual(self.served.get("/healthz").status, 200)
        self.assertTrue(self.served.get("/readyz").json["ready"])
        metrics = self.served.get("/metrics")
        self.assertIn("text/plain", metrics.headers["Content-Type"])
        self.assertRegex(metrics.text, r"(?m)^\w+(\{.*\})? 1$")
        document = self.served.get("/openapi.json").json
        self.assertIn("/api/v1/runs/{name}", document["paths"])

    def test_events_are_streamed(self):
        address = urllib.parse.urlsplit(self.served.url)
        connection = http.client.HTTPConnection(address.netloc, timeout=20)
        connection.request("GET", "/api/v1/events")
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        self.assertIn("text/event-stream", stream.getheader("Content-Type"))
        self.served.submit(request("seen"))
        kinds = []
        while "run.ended" not in kinds:
            line = stream.readline().decode().rstrip()
            if line.startswith("event: "):
                kinds.append(line[7:])
            elif line.startswith("data: "):
                self.assertEqual(json.loads(line[6:])["run"]["name"], "seen")
        connection.close()
        self.assertIn("run.started", kinds)


class Aborts(Served):
    def live_three(self):
        self.served.submit([request(f"a/{i}", duration=60000)
                            for i in range(3)])
        wait_until(lambda: len(self.platform.live()) == 3)

    def test_one_some_and_all(self):
        self.live_three()
        one = self.served.call("POST", "/api/v1/runs/a%2F0/abort")
        self.assertEqual((one.status, one.json["name"]), (200, "a/0"))
        self.assertEqual(self.served.run("a/0", 20)["status"], "ABORTED")
        some = self.served.call("POST", "/api/v1/runs/abort",
                                {"names": ["a/1", "nobody"]})
        self.assertEqual(some.json, {"aborted": 1, "unknown": ["nobody"]})
        self.assertEqual(self.served.run("a/1", 20)["status"], "ABORTED")
        self.assertEqual(len(self.platform.live()), 1)
        every = self.served.call("POST", "/api/v1/runs/abort", {"all": True})
        self.assertEqual(every.json["aborted"], 1)
        self.served.run("a/2", 20)
        self.assertEqual(self.platform.live(), [])
        again = self.served.call("POST", "/api/v1/runs/a%2F0/abort")
        self.assertEqual((again.status, again.json["status"]), (200, "ABORTED"))

    def test_a_queued_run_is_cancelled(self):
        self.served.submit(request("big", memory=16384, duration=60000))
        wait_until(self.platform.live)
        self.served.submit(request("waits", memory=1024))
        self.served.call("POST", "/api/v1/runs/waits/abort")
        self.assertEqual(self.served.run("waits", 20)["state"], "cancelled")
        self.assertEqual(self.platform.stats()["runsStarted"], 1)

    def test_an_abort_outlives_a_kill(self):
        self.live_three()
        self.served.call("POST", "/api/v1/runs/abort", {"all": True})
        self.served.stop(signal.SIGKILL)
        self.served = self.service(self.platform)
        for i in range(3):
            self.assertEqual(self.served.run(f"a/{i}", 20)["status"], "ABORTED")
        self.assertEqual(self.platform.live(), [])


class Restarts(Served):
    def test_a_kill_with_live_and_queued_runs_loses_nothing(self):
        self.served.stop()
        arguments = ["--max-concurrent-runs", "4"]
        self.served = self.service(self.platform, *arguments)
        self.served.submit([request(f"k{i}", duration=700) for i in range(16)])
        for _ in range(3):
            before = len(self.platform.runs())
            wait_until(lambda: len(self.platform.runs()) > before)
            self.served.stop(signal.SIGKILL)
            self.served = self.service(self.platform, *arguments)
        for i in range(16):
            self.assertEqual(self.served.run(f"k{i}", 30)["status"], "SUCCEEDED")
        self.assertEqual(set(self.platform.starts_by_key().values()), {1})
        self.assertEqual(len(self.platform.runs()), 16)

    def test_waiters_get_an_answer_when_it_stops(self):
        self.served.submit(request("x", duration=60000))
        wait_until(self.platform.live)
        answers = []
        def wait():
            try:
                answers.append(self.served.get("/api/v1/runs/x?waitSecs=60"))
            except OSError as error:
                answers.append(error)
        waiter = threading.Thread(target=wait)
        waiter.start()
        wait_until(waiter.is_alive)
        self.assertEqual(self.served.stop(), 0)
        waiter.join(10)
        self.assertFalse(waiter.is_alive())
        self.assertEqual(len(self.platform.live()), 1)

    def test_abort_on_exit_aborts_what_lives(self):
        self.served.stop()
        served = self.service(self.platform, "--abort-on-exit")
        served.submit([request(f"x{i}", duration=60000) for i in range(6)])
        wait_until(lambda: len(self.platform.live()) >= 2)
        self.assertEqual(served.stop(), 0)
        self.assertEqual(self.platform.live(), [])

    def test_a_platform_that_is_down_does_not_keep_it_from_starting(self):
        self.served.submit(request("x", duration=500))
        wait_until(self.platform.live)
        self.served.stop(signal.SIGKILL)
        call("POST", self.platform.url + "/emulator/faults",
             {"rates": "get.500=1,list.500=1,any.500=1"})
        served = self.service(self.platform)
        self.assertEqual(served.get("/healthz").status, 200)
        call("POST", self.platform.url + "/emulator/faults", {"rates": ""})
        self.assertEqual(served.run("x", 30)["status"], "SUCCEEDED")
        self.assertEqual(self.platform.starts_by_key(), {"x": 1})


class Clients(Served):
    def client(self, *args, expect=0, **variables):
        variables.setdefault("ORCHESTRATOR_URL", self.served.url)
        done = self.binary(*args, **variables)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout if expect != 2 else done.stderr

    def test_status_shows_runs(self):
        self.served.submit([request("s/1"), request("s/2", more_input={
            "outcome": "FAILED"})])
        self.served.run("s/1", 20)
        self.served.run("s/2", 20)
        text = self.client("status")
        self.assertIn("s/1", text)
        self.assertIn("FAILED", text)
        one = json.loads(self.client("status", "s/1", "--json"))
        one = one[0] if isinstance(one, list) else one
        self.assertEqual(one["name"], "s/1")
        self.assertIn("nobody", self.client("status", "nobody", expect=2))

    def test_wait_tells_how_it_ended(self):
        self.served.submit([request("good", duration=600),
                            request("bad", more_input={"outcome": "FAILED"})])
        run = json.loads(self.client("wait", "good", "--json"))
        self.assertEqual(run["status"], "SUCCEEDED")
        self.client("wait", "good", "bad", expect=1)
        self.client("wait", "nobody", expect=2)

    def test_wait_outlives_a_service_that_starts_again(self):
        self.served.submit([request("ended"), request("x", duration=60000)])
        self.assertEqual(self.served.run("ended", 20)["status"], "SUCCEEDED")
        wait_until(self.platform.live)
        port = self.served.url.rsplit(":", 1)[1]
        waiter = self.keep(Process("wait", "ended", "x", "--url",
                                   self.served.url))
        # That service has answered.
        waiter.wait_for_line("ended")
        self.served.stop()
        waiter.wait_for_line("asking again until it answers")
        self.served = self.service(self.platform, listen="127.0.0.1:" + port)
        self.served.call("POST", "/api/v1/runs/x/abort")
        self.assertEqual(waiter.finish(), 1, waiter.err)
        self.assertEqual(len(waiter.err), 1, waiter.err)

    def test_wait_gives_up_in_time(self):
        self.served.submit(request("x", duration=60000))
        self.client("wait", "x", "--timeout", "1", expect=1)

    def test_abort(self):
        self.served.submit([request(x, duration=60000) for x in ("a", "b")])
        wait_until(lambda: len(self.platform.live()) == 2)
        answer = json.loads(self.client("abort", "a", "--json"))
        self.assertEqual(answer["aborted"], 1)
        self.client("abort", "--all")
        self.client("wait", "a", "b", expect=1)
        self.assertEqual(self.platform.live(), [])
        self.client("abort", expect=2)
        self.client("abort", "nobody", expect=2)

    def test_items(self):
        self.served.submit([request("i/1", more_input={"items": [{"n": 1}]}),
                            request("i/2", more_input={"items": [{"n": 2}]})])
        self.client("wait", "i/1", "i/2")
        lines = self.client("items", "i/1", "i/2").splitlines()
        self.assertEqual([json.loads(x)["n"] for x in lines], [1, 2])
        self.assertEqual(json.loads(self.client("items", "i/1", "--json")),
                         [{"n": 1}])
        path = os.path.join(self.folder, "items.csv")
        self.client("items", "i/1", "i/2", "--output", path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read().split(), ["n", "1", "2"])
        told = self.binary("items", "i/1", "i/2", "--output", path,
                           "--url", self.served.url).stderr
        self.assertIn("2 items in", told)
        self.client("items", "nobody", expect=2)

    def test_report(self):
        self.served.submit(request("r"))
        self.client("wait", "r")
        self.assertIn("r", self.client("report"))
        report = json.loads(self.client("report", "--json"))
        self.assertEqual(report["totals"]["statuses"], {"SUCCEEDED": 1})


class Access(Case):
    def test_a_token_is_asked_for_and_shown_nowhere(self):
        platform = self.emulator()
        served = self.service(platform, env={"ORCHESTRATOR_TOKEN": "door-key-9"})
        for headers in ({}, {"Authorization": "Bearer wrong"}):
            answer = served.get("/api/v1/runs", headers=headers)
            self.assertEqual(answer.status, 401)
            self.assertEqual(sorted(answer.json["error"]), ["message", "type"])
        self.assertEqual(served.get("/healthz").status, 200)
        right = {"Authorization": "Bearer door-key-9"}
        self.assertEqual(served.get("/api/v1/runs", headers=right).status, 200)
        bare = self.binary("status", "--url", served.url)
        self.assertEqual(bare.returncode, 2)
        self.assertIn("ORCHESTRATOR_TOKEN", bare.stderr)
        done = self.binary("status", "--url", served.url,
                           ORCHESTRATOR_TOKEN="door-key-9")
        self.assertEqual(done.returncode, 0, done.stderr)
        served.stop()
        self.assertNotIn("door-key-9",
                         "\n".join(served.process.out + served.process.err))

    def test_one_process_a_port(self):
        platform = self.emulator()
        served = self.service(platform)
        second = Process("serve", "--listen", served.url[7:], "--data",
                         os.path.join(self.folder, "other"), "--config",
                         self.config, env=self.environment(platform),
                         cwd=self.folder)
        # Not 2: whoever has the port may go, so a restart may help.
        self.assertEqual(second.finish(), 1)
        self.assertIn(served.url[7:], "\n".join(second.err))


if __name__ == "__main__":
    unittest.main()
