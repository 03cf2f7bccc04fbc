"""The service over a message bus: a NATS server of the test's own."""

import concurrent.futures
import contextlib
import http.client
import os
import signal
import sqlite3
import unittest

import nats_bus
import nats_keys
from harness import Case, request, wait_until


class BusCase(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()
        self.bus = self.keep(self.bus_server())

    def bus_server(self, **more):
        folder = os.path.join(self.folder, "nats")
        os.makedirs(folder, exist_ok=True)
        return nats_bus.Server(folder, **more)

    def client(self):
        return self.keep(nats_bus.Client(self.bus.port))

    def serve(self, *args, **more):
        service = self.service(self.platform, "--nats", self.bus.url,
                               "--nats-instance", "test", *args, **more)
        service.process.wait_for_line("bus-up")
        return service

    def ask(self, client, verb, body=b"", **more):
        return client.request("orchestrator.test.cmd." + verb, body, **more)

    def order(self, client, verb, body, identity):
        """Sends a durable command; returns what the stream says."""
        return client.store("orchestrator.test.work." + verb, body,
                            {"Nats-Msg-Id": identity})

    def events(self, client):
        return client.replay("orchestrator-test-evt")

    def wait_for_end(self, client, *names):
        for name in names:
            ended = self.ask(client, "run.wait", {"name": name}, timeout=90)
            self.assertEqual(ended.json["state"], "finished", ended.data)


class RequestsTest(BusCase):
    """Requests and their answers; one service for all."""

    def test_verbs_do_what_http_does(self):
        service = self.serve()
        client = self.client()
        made = self.ask(client, "run.submit", request("a"))
        self.assertEqual((made.status, made.json["name"]), (201, "a"))
        again = self.ask(client, "run.submit", request("a"))
        self.assertEqual(again.status, 200)
        ended = self.ask(client, "run.wait", {"name": "a"})
        self.assertEqual(ended.json["state"], "finished")
        self.assertEqual(self.ask(client, "run.get", {"name": "a"}).json,
                         service.run("a"))

        many = self.ask(client, "run.submit", [
            request(f"b/{i}", more_input={"items": 2}) for i in range(3)])
        self.assertEqual([run["name"] for run in many.json],
                         ["b/0", "b/1", "b/2"])
        self.wait_for_end(client, "b/0", "b/1", "b/2")
        items = self.ask(client, "run.items", {"name": "b/1", "limit": 1})
        self.assertEqual(len(items.json), 1)
        lines = self.ask(client, "run.items", {"name": "b/1",
                                               "format": "ndjson"})
        self.assertIn("ndjson", lines.headers["Content-Type"])
        self.assertEqual(len(lines.data.splitlines()), 2)
        page = self.ask(client, "run.list", {"limit": 2, "state": "finished"})
        self.assertEqual(len(page.json["items"]), 2)
        self.assertEqual(self.ask(client, "report.get").json["totals"],
                         service.get("/api/v1/report").json["totals"])
        self.assertEqual(self.ask(client, "account.list").json.keys(),
                         service.get("/api/v1/accounts").json.keys())

        self.ask(client, "run.submit", request("long", duration=60000))
        stopped = self.ask(client, "run.abort", {"name": "long"})
        self.assertEqual(stopped.status, 200, stopped.data)
        self.ask(client, "run.submit", request("long/2", duration=60000))
        swept = self.ask(client, "run.abort-all", {"all": True})
        self.assertEqual(swept.status, 200, swept.data)
        for name in ("long", "long/2"):
            ended = self.ask(client, "run.wait", {"name": name})
            self.assertIn(ended.json["state"], ("finished", "cancelled"))

        group = self.ask(client, "group.create", {"name": "night"}).json
        task = self.ask(client, "task.create",
                        {"id": group["_id"], "name": "t", "channel": "c",
                         "input": {}})
        self.assertEqual(task.status, 200, task.data)
        taken = self.ask(client, "task.acquire",
                         {"id": "c", "workerId": "w", "waitSecs": 5})
        self.assertEqual(taken.json["task"]["_id"], task.json["_id"])
        listed = self.ask(client, "task.list", {"id": group["_id"]})
        self.assertEqual(len(listed.json), 1)

    def test_errors_are_those_of_http(self):
        service = self.serve()
        client = self.client()
        for verb, body, method, path in (
                ("run.get", {"name": "none"}, "GET", "/api/v1/runs/none"),
                ("run.submit", {"actor": 7}, "POST", "/api/v1/runs"),
                ("run.submit", b'{"actor":', "POST", "/api/v1/runs"),
                ("run.abort-all", {}, "POST", "/api/v1/runs/abort"),
                ("run.list", {"stat": "x"}, "GET", "/api/v1/runs?stat=x")):
            told = self.ask(client, verb, body)
            same = service.call(method, path, body if method == "POST" else None)
            self.assertEqual(told.headers["Nats-Service-Error-Code"],
                             str(same.status), verb)
            self.assertEqual(told.json, same.json, verb)
            self.assertEqual(told.headers["Nats-Service-Error"],
                             same.json["error"]["message"], verb)
        for verb, code, says in (("run.fly", "404", "run.fly"),
                                 ("event.stream", "400", ".evt."),
                                 ("batch.ended", "400", "batch.wait"),
                                 ("run.get", "400", "name: is missing")):
            told = self.ask(client, verb)
            self.assertEqual(told.headers["Nats-Service-Error-Code"], code)
            self.assertIn(says, told.json["error"]["message"])
        told = self.ask(client, "run.items", {"name": "a", "follow": True})
        self.assertIn("follow", told.json["error"]["message"])

    def test_an_answer_too_large_for_the_bus_says_what_to_do(self):
        self.serve()
        client = self.client()
        self.ask(client, "run.submit", request("big", more_input={
            "items": 3000, "itemBytes": 1000}))
        self.wait_for_end(client, "big")
        told = self.ask(client, "run.items", {"name": "big"})
        if told.status == 200:
            self.assertLess(len(told.data), 1 << 20)
            return
        self.assertEqual(told.status, 413)
        self.assertIn("limit", told.json["error"]["message"])

    def test_it_is_a_micro_service(self):
        self.serve()
        client = self.client()
        self.ask(client, "run.get", {"name": "none"})
        self.ask(client, "account.list")
        ping = client.request("$SRV.PING").json
        self.assertEqual(ping["type"], "io.nats.micro.v1.ping_response")
        self.assertEqual(ping["name"], "apify-orchestrator")
        self.assertEqual(ping["metadata"]["instance"], "test")
        for subject in ("$SRV.PING.apify-orchestrator",
                        "$SRV.PING.apify-orchestrator." + ping["id"]):
            self.assertEqual(client.request(subject).json, ping)
        info = client.request("$SRV.INFO").json
        self.assertEqual(info["type"], "io.nats.micro.v1.info_response")
        subjects = [x["subject"] for x in info["endpoints"]]
        self.assertIn("orchestrator.test.cmd.run.submit", subjects)
        self.assertEqual(len(subjects), len(set(subjects)))
        stats = client.request("$SRV.STATS").json
        by_name = {x["name"]: x for x in stats["endpoints"]}
        self.assertEqual(by_name["run_get"]["num_errors"], 1)
        self.assertIn("none", by_name["run_get"]["last_error"])
        self.assertEqual(by_name["account_list"]["num_requests"], 1)
        self.assertGreater(by_name["account_list"]["processing_time"], 0)

    def test_too_many_requests_are_refused_at_once(self):
        self.config = self.write("orc.toml", "[nats]\nmax_requests = 2\n")
        self.serve()
        client = self.client()
        self.ask(client, "run.submit", request("long", duration=3000))
        answers = client.subscribe("late.*")
        for i in range(3):
            client.publish("orchestrator.test.cmd.run.wait",
                           {"name": "long"}, f"late.{i}")
        first = answers.get(timeout=10)
        self.assertEqual((first.subject, first.status), ("late.2", 503))
        self.assertEqual(answers.get(timeout=20).status, 200)


class WorkTest(BusCase):
    """Durable commands."""

    def test_a_command_takes_effect_once_and_tells_of_it(self):
        self.serve()
        client = self.client()
        here = client.subscribe("answers.here")
        events = self.events_when_there(client)
        for _ in range(2):
            client.store("orchestrator.test.work.run.submit", request("a"),
                         {"Nats-Msg-Id": "one", "Reply-To": "answers.here"})
        told = here.get(timeout=20)
        self.assertEqual((told.status, told.json["name"]), (201, "a"))
        self.wait_for_end(client, "a")
        done = [x.json for x in nats_bus.drain(events, 0.3)
                if x.subject == "orchestrator.test.evt.command.done"]
        self.assertEqual(len(done), 1)
        self.assertEqual(done[0]["subject"], "one")
        self.assertEqual(done[0]["data"]["verb"], "run.submit")
        self.assertEqual(done[0]["data"]["status"], 201)
        self.assertEqual(done[0]["data"]["answer"]["name"], "a")
        self.assertEqual(self.platform.starts_by_key(), {"a": 1})

    def events_when_there(self, client):
        return wait_until(lambda: self.try_events(client), 60, "the stream")

    def try_events(self, client):
        try:
            return self.events(client)
        except AssertionError:
            return None

    def test_without_a_name_and_an_id_each_message_is_one_run(self):
        self.serve()
        client = self.client()
        for _ in range(3):
            client.store("orchestrator.test.work.run.submit", {
                "actor": "emulator/scripted", "input": {"key": "k"}})
        wait_until(lambda: self.platform.starts_by_key() == {"k": 3})

    def test_what_makes_no_sense_is_parked_with_the_reason(self):
        self.serve()
        client = self.client()
        for verb, body, identity in (("run.submit", b'{"actor":', "bad"),
                                     ("run.abort", {"name": "none"}, "none"),
                                     ("run.fly", {}, "fly")):
            self.order(client, verb, body, identity)
        parked = client.replay("orchestrator-test-parked")
        found = {}
        for _ in range(3):
            message = parked.get(timeout=20)
            self.assertEqual(message.subject, "orchestrator.test.parked")
            found[message.headers["Nats-Msg-Id"]] = message
        self.assertEqual(found["bad"].data, b'{"actor":')
        self.assertEqual(found["bad"].headers["Orchestrator-Subject"],
                         "orchestrator.test.work.run.submit")
        self.assertIn("bad-json", found["bad"].headers["Orchestrator-Reason"])
        self.assertEqual(found["none"].headers["Orchestrator-Status"], "404")
        self.assertIn("run.fly", found["fly"].headers["Orchestrator-Reason"])
        failed = client.replay("orchestrator-test-evt",
                               "orchestrator.test.evt.command.failed")
        self.assertEqual({failed.get(timeout=20).json["subject"]
                          for _ in range(3)}, {"bad", "none", "fly"})
        # The bus has forgotten them.
        info = client.request("$JS.API.STREAM.INFO.orchestrator-test-work").json
        self.assertEqual(info["state"]["messages"], 0)

    def test_an_answer_to_no_subject_is_dropped_and_the_command_done(self):
        service = self.serve()
        client = self.client()
        client.store("orchestrator.test.work.run.submit", request("a"),
                     {"Nats-Msg-Id": "one", "Reply-To": "bad subject"})
        service.process.wait_for_line("answer-dropped")
        self.wait_for_end(client, "a")
        wait_until(lambda: self.held_by("work", client) == 0)
        self.assertFalse([x for x in service.process.err if "bus-down" in x])

    def held_by(self, stream, client):
        return client.request("$JS.API.STREAM.INFO.orchestrator-test-"
                              + stream).json["state"]["messages"]

    def test_what_fills_a_message_is_parked_without_its_body(self):
        service = self.serve()
        client = self.client()
        self.order(client, "run.submit", b"{bad" + b"x" * (client.info["max_payload"]
                                                      - 100), "large")
        message = client.replay("orchestrator-test-parked").get(timeout=20)
        self.assertEqual(message.headers["Nats-Msg-Id"], "large")
        self.assertEqual(message.headers["Orchestrator-Truncated"], "true")
        self.assertEqual(message.data, b"")
        wait_until(lambda: self.held_by("work", client) == 0)
        self.assertEqual(service.get("/api/v1/bus").json["commandsParked"], 1)

    def test_killed_anywhere_every_command_takes_effect_once(self):
        client = self.client()
        number = 0
        for point in ("command-begun", "command-called", "command-ended",
                      "event-published", "submitted"):
            service = self.serve(env={"ORCHESTRATOR_FAULT_POINT": point + ":2"})
            for _ in range(4):
                number += 1
                self.order(client, "run.submit", {
                    "actor": "emulator/scripted",
                    "input": {"key": f"k{number}"}}, f"id-{number}")
            self.assertEqual(service.process.finish(), -9, point)
        service = self.serve()
        # What was delivered to the dead comes again after 30 s at most.
        keys = {f"k{i + 1}": 1 for i in range(number)}
        wait_until(lambda: len(self.platform.starts_by_key()) == number, 60)
        wait_until(lambda: self.ask(client, "report.get").json["totals"][
            "states"].get("finished") == number, 60)
        self.assertEqual(self.platform.starts_by_key(), keys)


    def test_what_makes_tasks_is_done_once_although_we_are_killed(self):
        service = self.serve()
        group = service.call("POST", "/api/v1/task_groups",
                             {"name": "night"}).json["_id"]
        known = service.call("POST", f"/api/v1/task_group/{group}/tasks",
                             {"name": "known", "channel": "c"}).json["_id"]
        service.stop()
        service = self.serve(env={
            "ORCHESTRATOR_FAULT_POINT": "command-called:2"})
        client = self.client()
        for verb, body in (("group.create", {"name": "new"}),
                           ("task.create", {"id": group, "name": "one",
                                            "channel": "c"}),
                           ("task.pluck", {"id": known})):
            self.order(client, verb, body, verb)
        self.assertEqual(service.process.finish(), -9)
        service = self.serve()
        # What was delivered to the dead comes again after 30 s at most.
        facts = client.replay("orchestrator-test-evt",
                              "orchestrator.test.evt.command.*")
        done = {facts.get(timeout=60).subject for _ in range(3)}
        self.assertEqual(done, {"orchestrator.test.evt.command.done"})
        names = sorted(x["name"] for x in service.get(
            "/api/v1/task_groups").json)
        self.assertEqual(names, ["Pluck Task " + known, "new", "night"])
        tasks = service.get(f"/api/v1/task_group/{group}/tasks").json
        self.assertEqual(sorted(x["name"] for x in tasks), ["known", "one"])

    def test_what_is_noted_under_its_id_is_done_once_although_we_are_killed(
            self):
        service = self.serve()
        group = service.call("POST", "/api/v1/task_groups",
                             {"name": "g"}).json["_id"]
        tasks = [service.call("POST", f"/api/v1/task_group/{group}/tasks",
                              {"name": name, "channel": "c"}).json["_id"]
                 for name in ("first", "second")]
        service.call("POST", "/api/v1/schedules", {
            "name": "night", "everySecs": 86400,
            "group": {"tasks": [{"channel": "made"}]}})
        service.stop()
        client = self.client()
        orders = {
            "operator.create": {"channel": "far", "url": "http://127.0.0.1:9"},
            "schedule.create": {"name": "day", "everySecs": 86400,
                                "group": {"tasks": [{"channel": "made"}]}},
            "schedule.run": {"name": "night"},
            "task.acquire": {"id": "c", "workerId": "w", "leaseSecs": 600}}
        for verb, body in orders.items():
            service = self.serve(env={
                "ORCHESTRATOR_FAULT_POINT": "command-called:1"})
            self.order(client, verb, body, verb)
            self.assertEqual(service.process.finish(), -9, verb)
        service = self.serve()
        # What was delivered to the dead comes again after 30 s at most.
        facts = client.replay("orchestrator-test-evt",
                              "orchestrator.test.evt.command.*")
        done = [facts.get(timeout=60) for _ in orders]
        self.assertEqual({x.subject for x in done},
                         {"orchestrator.test.evt.command.done"})
        answers = {x.json["data"]["verb"]: x.json["data"]["answer"]
                   for x in done}
        operator, = service.get("/api/v1/operators").json
        self.assertEqual(answers["operator.create"]["_id"], operator["_id"])
        schedules = service.get("/api/v1/schedules").json["items"]
        self.assertEqual([x["name"] for x in schedules], ["day", "night"])
        self.assertEqual([x["made"] for x in schedules], [0, 1])
        channels = {x["name"]: x for x in service.get("/api/v1/channels").json}
        self.assertEqual(channels["made"]["totalCount"], 1)
        self.assertEqual(answers["task.acquire"]["task"]["_id"], tasks[0])
        second = service.get("/api/v1/task/" + tasks[1]).json
        self.assertIsNone(second["assignedTo"])


class StatusTest(BusCase):
    """How the bridge stands, and what changes on the way."""

    def test_route_and_metrics_tell_how_it_stands(self):
        service = self.serve()
        client = self.client()
        self.order(client, "run.submit", request("a"), "one")
        self.order(client, "run.fly", {}, "two")
        self.ask(client, "run.wait", {"name": "a"})

        def told():
            told = self.ask(client, "bus.get").json
            return told if (told["commandsDone"], told["commandsParked"],
                            told["eventsOwed"]) == (1, 1, 0) else None
        found = wait_until(told, what="an empty outbox")
        self.assertTrue(found["connected"] and found["hasStreams"])
        self.assertEqual((found["instance"], found["connects"]), ("test", 1))
        self.assertIn(str(self.bus.port), found["server"])
        self.assertGreater(found["eventsPublished"], 3)
        self.assertGreater(found["messagesIn"], 3)
        metrics = service.call("GET", "/metrics").text
        for line in ("orchestrator_bus_connected 1",
                     'orchestrator_bus_commands_total{end="parked"} 1',
                     "orchestrator_bus_events_owed 0"):
            self.assertIn("\n" + line + "\n", metrics)
        self.bus.kill()
        service.process.wait_for_line("bus-down")
        service.submit(request("b"))
        away = wait_until(lambda: self.owed(service), what="facts that wait")
        self.assertFalse(away["connected"])

    def owed(self, service):
        found = service.get("/api/v1/bus").json
        return found if found["eventsOwed"] else None

    def test_without_a_bus_there_is_nothing_to_tell(self):
        service = self.service(self.platform)
        self.assertEqual(service.call("GET", "/api/v1/bus").status, 404)
        self.assertNotIn("orchestrator_bus",
                         service.call("GET", "/metrics").text)

    def test_sighup_has_it_connect_anew_as_configured(self):
        def configure(server, instance="test"):
            self.config = self.write("orc.toml", (
                f'[nats]\nurl = "{server.url}"\ninstance = "{instance}"\n'
                f'max_requests = {server.port}\n'))
        other = os.path.join(self.folder, "other")
        os.makedirs(other)
        other = self.keep(nats_bus.Server(other))
        configure(self.bus)
        service = self.service(self.platform)
        service.process.wait_for_line("bus-up.*:%d" % self.bus.port)
        service.submit(request("a"))
        configure(other, "elsewhere")
        service.process.send(signal.SIGHUP)
        service.process.wait_for_line("bus-up.*:%d" % other.port)
        service.process.wait_for_line("nats.instance needs a restart")
        client = self.keep(nats_bus.Client(other.port))
        self.assertEqual(self.ask(client, "run.get", {"name": "a"}).status, 200)
        self.wait_for_end(client, "a")
        before = self.client()
        gone = before.request("orchestrator.test.cmd.run.get", {"name": "a"})
        self.assertEqual(gone.headers["Status"], "503")


class OutageTest(BusCase):
    """The bus dies, and so do we."""

    def test_a_plan_survives_kills_of_the_bus_and_of_us(self):
        service = self.serve()
        client = self.client()
        names = [f"run-{i}" for i in range(24)]
        for name in names[:8]:
            self.order(client, "run.submit", request(name, duration=300), name)
        self.bus.kill()
        service.process.wait_for_line("bus-down")
        # It works on without the bus.
        service.submit(request("by-http"))
        self.assertEqual(service.run("by-http", 20)["state"], "finished")
        self.bus.start()
        client = self.client()
        for name in names[8:16]:
            self.order(client, "run.submit", request(name, duration=300), name)
        service.stop(signal.SIGKILL)
        for name in names[16:]:
            self.order(client, "run.submit", request(name, duration=300), name)
        service = self.serve()
        for name in names:
            wait_until(lambda: self.ask(client, "run.get", {"name": name}).status
                       == 200, 60, name)
        self.wait_for_end(client, *names)
        expected = {name: 1 for name in names + ["by-http"]}
        self.assertEqual(self.platform.starts_by_key(), expected)
        self.check_events(client, expected)

    def check_events(self, client, expected):
        """Each fact came at least once, in order for each run."""
        events = client.replay("orchestrator-test-evt",
                               "orchestrator.test.evt.run.*")
        seen = {}

        def complete():
            for message in nats_bus.drain(events):
                event = message.json
                self.assertEqual(message.subject, "orchestrator.test.evt."
                                 + event["type"].split(".", 1)[1])
                self.assertEqual(message.headers["Nats-Msg-Id"], event["id"])
                line = seen.setdefault(event["subject"], {})
                line.setdefault(event["id"], event["type"].split(".", 1)[1])
            return all("run.ended" in seen.get("default/" + name, {}).values()
                       for name in expected)
        wait_until(complete, 60, "all facts")
        for name in expected:
            kinds = list(seen["default/" + name].values())
            self.assertEqual(kinds[0], "run.submitted", name)
            order = [x for x in kinds if x in ("run.submitted", "run.started",
                                               "run.ended")]
            self.assertEqual(order, ["run.submitted", "run.started",
                                     "run.ended"], name)

    def test_without_a_bus_it_starts_works_and_catches_up(self):
        self.bus.kill()
        service = self.service(self.platform, "--nats", self.bus.url,
                               "--nats-instance", "test")
        service.process.wait_for_line("bus-unreachable")
        service.submit(request("a"))
        self.assertEqual(service.run("a", 20)["state"], "finished")
        self.bus.start()
        service.process.wait_for_line("bus-up")
        client = self.client()
        self.assertEqual(self.ask(client, "run.get", {"name": "a"}).status, 200)
        self.check_events(client, {"a": 1})

    def test_no_fact_about_a_task_is_lost_with_us(self):
        service = self.serve()
        group = service.call("POST", "/api/v1/task_groups",
                             {"name": "night"}).json["_id"]
        service.stop()
        service = self.serve(env={"ORCHESTRATOR_FAULT_POINT": "fact-heard:1"})
        # It dies before it answers, or after.
        with contextlib.suppress(OSError, http.client.HTTPException):
            service.call("POST", f"/api/v1/task_group/{group}/tasks",
                         {"name": "t", "channel": "c"})
        self.assertEqual(service.process.finish(), -9)
        service = self.serve()
        service.process.wait_for_line("facts-recovered")
        events = self.client().replay("orchestrator-test-evt",
                                      "orchestrator.test.evt.task.*")
        event = events.get(timeout=20).json
        self.assertEqual((event["subject"], event["data"]["name"]),
                         (group, "t"))
        wait_until(lambda: self.marks() == 0, what="marks that are dropped")

    def fact(self, kind):
        """The first one of its kind, from the stream."""
        facts = self.client().replay("orchestrator-test-evt",
                                     "orchestrator.test.evt." + kind)
        return facts.get(timeout=30).json

    def killed_at(self, point, act):
        """A service that dies there while it does something, and the next."""
        service = self.serve(env={"ORCHESTRATOR_FAULT_POINT": point + ":1"})
        # It dies before it answers, or after.
        with contextlib.suppress(OSError, http.client.HTTPException):
            act(service)
        self.assertEqual(service.process.finish(60), -9, point)
        return self.serve()

    def told_after(self, point, act, *kinds):
        """What the next service tells of what the killed one did."""
        service = self.killed_at(point, act)
        events = [self.fact(kind) for kind in kinds]
        service.stop()
        return events

    def test_no_fact_about_a_run_is_lost_with_us(self):
        event, = self.told_after("facts-saved", lambda service: service.submit(
            request("stuck", duration=600_000, stuck={"afterSecs": 5},
                    more_input={"items": 2, "itemEveryMs": 100,
                                "gracefulAbortMs": 100,
                                "resurrectedDurationMs": 100})), "run.stuck")
        self.assertEqual((event["subject"], event["data"]["event"]),
                         ("default/stuck", "run.stuck"))
        self.assertIn("nothing new for", event["data"]["note"])
        event, = self.told_after("facts-saved", lambda service: service.submit(
            request("large", maxMemoryMbytes=512,
                    more_input={"needsMemoryMbytes": 256})),
            "run.memory-raised")
        self.assertEqual(event["data"]["run"]["memoryMbytes"], 256)

    def test_no_fact_about_a_budget_is_lost_with_us(self):
        self.config = self.write("orc.toml", """
[timing]
cost_patience = 0.5
[[budgets]]
name = "all"
cap_usd = 1.0
warn_at = 0.5
""")
        cap = {"maxTotalChargeUsd": 0.6}
        costs = {"usageTotalUsd": 0.6}
        event, = self.told_after("facts-saved", lambda service: service.submit(
            request("a", options=cap, more_input=costs)), "budget.warned")
        self.assertEqual(event["subject"], "default/a")
        event, = self.told_after("facts-saved", lambda service: service.submit(
            request("b", options=cap, more_input=costs)), "budget.reached")
        self.assertEqual(event["subject"], "default/b")
        self.assertIn("run needs 0.60", event["data"]["note"])

    def test_no_fact_about_a_key_or_a_workgroup_is_lost_with_us(self):
        service = self.serve()
        group = service.call("POST", "/api/v1/task_groups",
                             {"name": "night"}).json["_id"]
        task = service.call("POST", f"/api/v1/task_group/{group}/tasks",
                            {"channel": "c", "key": "k", "workgroup": "w"}
                            ).json["_id"]
        service.stop()
        event, = self.told_after("fact-heard", lambda service: service.call(
            "POST", "/api/v1/channel/c/acquire",
            {"workerId": "me", "leaseSecs": 600}), "task.acquire.key")
        self.assertEqual((event["subject"], event["data"]["key"],
                          event["data"]["update"]["assignedTo"]),
                         (group, "k", "me"))
        released, delayed = self.told_after(
            "fact-heard", lambda service: service.call(
                "POST", f"/api/v1/task/{task}/release",
                {"workerId": "me", "error": {"why": "no"},
                 "workgroupDelayInSeconds": 600}),
            "task.release.key", "workgroup.delay")
        self.assertEqual(released["data"]["update"]["error"], {"why": "no"})
        self.assertEqual((delayed["subject"], delayed["data"]["workgroup"]),
                         (group, "w"))

    def test_no_fact_about_an_operator_is_lost_with_us(self):
        made, = self.told_after("operator-saved", lambda service: service.call(
            "POST", "/api/v1/operators",
            {"channel": "far", "url": "http://127.0.0.1:9"}),
            "operator.create")
        self.assertEqual(made["subject"], "operators")
        gone, = self.told_after("fact-heard", lambda service: service.call(
            "DELETE", "/api/v1/operator/" + made["data"]["_id"]),
            "operator.delete")
        self.assertEqual(gone["data"]["_id"], made["data"]["_id"])

    def marks(self):
        with contextlib.closing(sqlite3.connect(
                f"file:{self.data}/tasks.db?mode=ro", uri=True)) as db:
            return db.execute("SELECT count(*) FROM task_marks").fetchone()[0]

    def test_a_server_that_another_one_names_takes_over(self):
        self.bus.kill()
        ports = [nats_bus.free_port() for _ in range(2)]
        routes = ", ".join(f"nats://127.0.0.1:{x}" for x in ports)
        servers = []
        for port in ports:
            folder = os.path.join(self.folder, f"cluster-{port}")
            os.makedirs(folder)
            servers.append(self.keep(nats_bus.Server(folder, (
                f"cluster {{ name: c, listen: 127.0.0.1:{port}, "
                f"routes: [{routes}] }}"), jetstream=False)))
        self.bus, other = servers
        clients = [self.keep(nats_bus.Client(x.port)) for x in servers]
        wait_until(lambda: self.hears(*clients), what="a cluster")
        service = self.serve()
        self.assertEqual(self.ask(clients[1], "bus.get").status, 200)
        self.bus.kill()
        service.process.wait_for_line("bus-up.*:%d" % other.port)
        wait_until(lambda: self.ask(clients[1], "bus.get").json["connects"]
                   == 2, what="a second connection")

    def hears(self, speaker, listener):
        """Does a message go from one server to the other?"""
        heard = listener.subscribe("hear")
        listener.flush()
        speaker.publish("hear", "x")
        speaker.flush()
        return nats_bus.drain(heard, 0.2)

    def test_a_bus_that_falls_silent_is_given_up(self):
        service = self.serve()
        self.bus.process.send_signal(signal.SIGSTOP)
        service.submit(request("a"))
        # Asked after 10 s of silence, it has 15 s to answer.
        service.process.wait_for_line("bus-down.*silent", 60)
        service.process.wait_for_line("bus-unreachable", 20)
        self.bus.process.send_signal(signal.SIGCONT)
        client = self.client()
        wait_until(lambda: self.ask(client, "run.get", {"name": "a"}).status
                   == 200, what="an answer of the service")
        self.wait_for_end(client, "a")
        self.check_events(client, {"a": 1})

    def test_a_late_subscriber_replays_and_facts_about_tasks_are_there(self):
        service = self.serve()
        group = service.call("POST", "/api/v1/task_groups",
                             {"name": "night"}).json
        service.call("POST", f"/api/v1/task_group/{group['_id']}/tasks",
                     {"name": "t", "channel": "c", "input": {}})
        client = self.client()
        events = client.replay("orchestrator-test-evt",
                               "orchestrator.test.evt.task.create")
        event = events.get(timeout=20).json
        self.assertEqual(event["specversion"], "1.0")
        self.assertEqual(event["subject"], group["_id"])
        self.assertEqual(event["data"]["name"], "t")

    def test_a_bus_without_streams_still_takes_requests(self):
        self.bus.kill()
        self.bus = self.keep(self.bus_server(jetstream=False))
        service = self.serve()
        service.process.wait_for_line("bus-has-no-streams")
        client = self.client()
        self.assertEqual(self.ask(client, "run.submit", request("a")).status,
                         201)
        self.wait_for_end(client, "a")


class DoorsTest(Case):
    """How the bus knows us, and we the bus."""

    def setUp(self):
        super().setUp()
        self.platform = self.emulator()

    def start_bus(self, more):
        folder = os.path.join(self.folder, "nats")
        os.makedirs(folder, exist_ok=True)
        return self.keep(nats_bus.Server(folder, more))

    def serve(self, config, bus, scheme="nats", host="127.0.0.1"):
        self.config = self.write("orc.toml", f"""
[nats]
url = "{scheme}://{host}:{bus.port}"
instance = "test"
{config}
""")
        return self.service(self.platform)

    def refused_then(self, wrong, right, bus, secret):
        service = self.serve(wrong, bus)
        service.process.wait_for_line("bus-unreachable")
        service.stop()
        self.assertNotIn(secret, "\n".join(service.process.err))
        service = self.serve(right, bus)
        service.process.wait_for_line("bus-up")
        shown = self.binary("config", "--config", self.config).stdout
        self.assertNotIn(secret, shown)

    def test_a_token_opens_it(self):
        bus = self.start_bus('authorization { token: "s3cr3t-token" }')
        self.refused_then('token = "wr0ng-token"', 'token = "s3cr3t-token"',
                          bus, "wr0ng-token")

    def test_a_user_and_a_password_open_it(self):
        bus = self.start_bus(
            'authorization { user: "orc", password: "pass-w0rd" }')
        path = self.write("password", "pass-w0rd\n")
        self.refused_then('user = "orc"\npassword = "wr0ng"',
                          f'user = "orc"\npassword_file = "{path}"', bus,
                          "wr0ng")

    def test_an_nkey_opens_it(self):
        seed = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY"
        bus = self.start_bus(
            "authorization { users: [ { nkey: UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAH"
            "AHFRGZNEEJCPQTT2M7NLCNF4 } ] }")
        path = self.write("seed.nk", seed + "\n")
        self.refused_then("", f'nkey_file = "{path}"', bus, seed)

    def test_credentials_open_it_and_few_permissions_do(self):
        operator = nats_keys.Operator(self.folder)
        bus = self.start_bus(operator.for_server)
        # As docs/bus.md has it.
        ours = operator.user(
            ("orchestrator.test.>", "$JS.API.>", "$JS.ACK.>", "_INBOX.>",
             "answers.>"),
            ("orchestrator.test.cmd.>", "$SRV.>", "_INBOX.>"))
        other = nats_keys.Operator(self.folder).user()
        wrong = self.write("other.creds", other.credentials)
        right = self.write("ours.creds", ours.credentials)
        self.refused_then(f'credentials_file = "{wrong}"',
                          f'credentials_file = "{right}"', bus, ours.seed)
        client = self.keep(nats_bus.Client(bus.port, user=operator.user()))
        here = client.subscribe("answers.here")
        client.store("orchestrator.test.work.run.submit", request("a"),
                     {"Nats-Msg-Id": "one", "Reply-To": "answers.here"})
        self.assertEqual(here.get(timeout=20).status, 201)
        told = client.request("orchestrator.test.cmd.run.wait", {"name": "a"})
        self.assertEqual(told.json["state"], "finished")
        self.assertEqual(client.request("$SRV.PING").json["name"],
                         "apify-orchestrator")
        ended = client.replay("orchestrator-test-evt",
                              "orchestrator.test.evt.run.ended")
        self.assertEqual(ended.get(timeout=20).json["subject"], "default/a")

    def test_tls_is_checked(self):
        made = nats_bus.Certificates(self.folder)
        bus = self.start_bus(made.for_server)
        service = self.serve(f'ca_file = "{made.path("other.pem")}"', bus,
                             "tls", "localhost")
        service.process.wait_for_line("bus-unreachable")
        service.stop()
        self.serve_over_tls(made, bus)
        client = self.keep(nats_bus.Client(bus.port, tls=made.for_client))
        self.assertEqual(
            client.request("orchestrator.test.cmd.account.list").status, 200)

    def serve_over_tls(self, made, bus):
        service = self.serve(f'ca_file = "{made.path("ca.pem")}"', bus, "tls",
                             "localhost")
        service.process.wait_for_line("bus-up")
        return service

    def test_a_server_that_is_silent_in_the_handshake_is_passed_over(self):
        made = nats_bus.Certificates(self.folder)
        bus = self.start_bus(made.for_server)
        silent = self.keep(nats_bus.SilentServer())
        more = f'ca_file = "{made.path("ca.pem")}"'
        service = self.serve(more, silent, "tls", "localhost")
        service.process.wait_for_line("bus-unreachable.*let us in", 30)
        service.stop()
        self.assertGreater(silent.handshakes, 0)
        self.config = self.write("orc.toml", f"""
[nats]
url = "tls://localhost:{silent.port},tls://localhost:{bus.port}"
instance = "test"
{more}
""")
        service = self.service(self.platform)
        service.process.wait_for_line("bus-up.*:%d" % bus.port, 30)

    def test_over_tls_nothing_is_lost_in_either_direction(self):
        made = nats_bus.Certificates(self.folder)
        bus = self.start_bus(made.for_server)
        service = self.serve_over_tls(made, bus)

        def ask(worker):
            """What is large comes in while what is large goes out."""
            client = self.keep(nats_bus.Client(bus.port, tls=made.for_client))
            for i in range(25):
                name = f"{worker}/{i}"
                body = request(name, more_input={"text": "x" * 60_000})
                told = client.request("orchestrator.test.cmd.run.submit", body)
                self.assertEqual(told.status, 201, told.data)
                told = client.request("orchestrator.test.cmd.run.list",
                                      {"limit": 50})
                self.assertEqual(told.status, 200, told.data)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            for done in [pool.submit(ask, worker) for worker in range(6)]:
                done.result()
        bus.kill()
        service.process.wait_for_line("bus-down")
        bus.start()
        client = self.keep(nats_bus.Client(bus.port, tls=made.for_client))
        wait_until(lambda: client.request(
            "orchestrator.test.cmd.run.get", {"name": "0/0"}).status == 200,
            what="an answer after the break")

    def test_settings_that_make_no_sense_are_named(self):
        for text, option in (
                ('url = "http://a"', "nats.url"),
                ('url = "nats://a"\ninstance = "a.b"', "nats.instance"),
                ('url = "nats://a"\ntoken = "a"\nuser = "b"', "nats.token"),
                ('url = "nats://a"\ncert_file = "a"', "nats.cert_file"),
                ('url = "nats://a"\nmax_in_flight = 0', "nats.max_in_flight"),
                ('url = "nats://a"\nreplicas = 9', "nats.replicas")):
            told = self.binary("config", "--config",
                               self.write("bad.toml", "[nats]\n" + text))
            self.assertEqual(told.returncode, 2, told.stdout)
            self.assertIn(option, told.stderr)


if __name__ == "__main__":
    unittest.main()
