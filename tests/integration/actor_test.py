"""The orchestrator as an Apify actor: the emulator starts it, moves it to other
machines, aborts it and kills it, as the platform does."""

import json
import os
import signal
import unittest

from harness import BINARY, Case, TOKEN, http, request, wait_until

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "packaging", "apify-actor", ".actor", "input_schema.json")


class ActorCase(Case):
    """An emulator that knows the binary as an Apify actor."""

    def setUp(self):
        super().setUp()
        folder = os.path.join(self.folder, "actors", "orchestrator")
        os.makedirs(os.path.join(folder, ".actor"))
        with open(SCHEMA, encoding="utf-8") as file:
            schema = json.load(file)
        self.write(os.path.join(folder, ".actor", "actor.json"), {
            "actorSpecification": 1, "name": "orchestrator", "version": "0.1",
            "input": schema, "orchestrator": {"command": [BINARY]}})
        self.platform = self.emulator(
            "--actors", os.path.join(self.folder, "actors"))

    def call(self, method, path, body=None):
        return http(method, self.platform.url + path, body,
                    {"Authorization": f"Bearer {TOKEN}"})

    def get(self, path):
        return self.call("GET", path).json["data"]

    def start(self, runs, query="", **more):
        """Starts the orchestrator; returns its run."""
        answer = self.call("POST", "/v2/actors/tester~orchestrator/runs"
                           f"?memory=256{query}", {"runs": runs, **more})
        self.assertEqual(answer.status, 201, answer.text)
        self.parent = answer.json["data"]
        return self.parent

    def run_now(self):
        return self.get(f"/v2/actor-runs/{self.parent['id']}")

    def log(self):
        return self.call(
            "GET", f"/v2/actor-runs/{self.parent['id']}/log").text

    def wait_for_end(self, status, seconds=60):
        try:
            run = wait_until(self.ended, seconds, status)
        except AssertionError as error:
            raise AssertionError(f"{error}, log:\n{self.log()}") from error
        self.assertEqual(run["status"], status, self.log())
        return run

    def ended(self):
        run = self.run_now()
        over = run["status"] in ("SUCCEEDED", "FAILED", "ABORTED", "TIMED-OUT")
        return run if over else None

    def children(self):
        return [x for x in self.platform.runs()
                if x["id"] != self.parent["id"]]

    def wait_for_children(self, count):
        return wait_until(lambda: len(self.children()) >= count and
                          self.children(), 40, f"{count} children")

    def starts(self):
        result = {}
        for run in self.children():
            result[run["key"]] = result.get(run["key"], 0) + 1
        return result

    def items(self):
        return self.call("GET", "/v2/datasets/"
                         f"{self.parent['defaultDatasetId']}/items").json

    def store(self):
        return f"/v2/key-value-stores/{self.parent['defaultKeyValueStoreId']}"

    def record(self, key):
        return self.call("GET", f"{self.store()}/records/{key}")

    def state_keys(self):
        keys = self.get(f"{self.store()}/keys")["items"]
        return [x["key"] for x in keys if x["key"].startswith("ORCHESTRATOR-")]

    def migrate(self):
        self.call("POST",
                  f"/emulator/runs/{self.parent['id']}/migrate")

    def processes(self):
        """The pids of the program of our run."""
        mark = f"ACTOR_RUN_ID={self.parent['id']}".encode()
        result = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as file:
                    if mark in file.read().split(b"\0"):
                        result.append(int(pid))
            except OSError:
                pass
        return result

    def kill_program(self, which=signal.SIGKILL):
        for pid in wait_until(self.processes, what="a process of the run"):
            os.kill(pid, which)

    def assert_each_started_once(self, count):
        self.assertEqual(self.starts(), {f"r{i}": 1 for i in range(count)})


def plan(count, **more):
    return [request(f"r{i}", **more) for i in range(count)]


class Work(ActorCase):
    def test_a_plan_is_run_and_reported(self):
        self.start(plan(3, more_input={"items": 2}))
        run = self.wait_for_end("SUCCEEDED")
        self.assert_each_started_once(3)
        self.assertEqual({x["name"] for x in self.items()}, {"r0", "r1", "r2"})
        self.assertEqual({x["status"] for x in self.items()}, {"SUCCEEDED"})
        output = self.record("OUTPUT").json
        self.assertEqual((output["runs"], output["succeeded"],
                          output["itemCount"]), (3, 3, 6))
        self.assertEqual(run["statusMessage"], "3 runs of 3 succeeded")
        self.assertTrue(run["isStatusMessageTerminal"])
        self.assertEqual(run["exitCode"], 0)

    def test_a_run_that_fails_fails_it(self):
        self.start([request("r0"),
                    request("r1", more_input={"outcome": "FAILED"})])
        run = self.wait_for_end("FAILED")
        self.assertEqual(run["statusMessage"],
                         "1 run of 2 succeeded, 1 did not")
        self.assertEqual(len(self.items()), 2)

    def test_bad_input_is_said_on_the_platform_and_starts_nothing(self):
        self.start([request("r0", attempts=0)])
        run = self.wait_for_end("FAILED")
        self.assertIn("INPUT: runs[0].attempts: must be 1 to 100",
                      run["statusMessage"])
        self.assertEqual(self.children(), [])

    def test_fixed_input_and_the_watched_parent_go_under_every_input(self):
        self.start(plan(1), fixedInput={"proxy": {"a": 1}, "durationMs": 9000})
        self.wait_for_end("SUCCEEDED")
        child = self.get(f"/v2/actor-runs/{self.children()[0]['id']}")
        given = self.call("GET", "/v2/key-value-stores/"
                          f"{child['defaultKeyValueStoreId']}/records/INPUT").json
        self.assertEqual(given["proxy"], {"a": 1})
        self.assertEqual(given["durationMs"], 50)
        self.assertEqual(given["__watched"]["parentRunId"], self.parent["id"])
        self.assertTrue(given["__watched"]["apifyUserId"])

    def test_the_watched_parent_can_be_left_out(self):
        self.start(plan(1), watchChildren=False)
        self.wait_for_end("SUCCEEDED")
        child = self.get(f"/v2/actor-runs/{self.children()[0]['id']}")
        given = self.call("GET", "/v2/key-value-stores/"
                          f"{child['defaultKeyValueStoreId']}/records/INPUT").json
        self.assertNotIn("__watched", given)

    def test_the_log_has_no_ids_and_no_token(self):
        self.start(plan(2))
        self.wait_for_end("SUCCEEDED")
        log = self.log()
        self.assertIn("run-started", log)
        self.assertNotIn(TOKEN, log)
        for child in self.children():
            self.assertNotIn(child["id"], log)

    def test_the_log_has_ids_if_asked_for(self):
        self.start(plan(1), hideSensitiveInformation=False)
        self.wait_for_end("SUCCEEDED")
        self.assertIn(self.children()[0]["id"], self.log())


class Moves(ActorCase):
    """Same run id, other machine: nothing lost, nothing started twice."""

    def test_migrations_in_the_middle_of_starts(self):
        self.start(plan(24, duration=400), maxConcurrentRuns=4)
        for count in (2, 9, 16):
            self.wait_for_children(count)
            self.migrate()
            wait_until(lambda: self.run_now()["stats"]["migrationCount"] > 0,
                       what="a migration")
        run = self.wait_for_end("SUCCEEDED", 90)
        self.assertGreaterEqual(run["stats"]["migrationCount"], 2)
        self.assert_each_started_once(24)
        self.assertEqual(len(self.items()), 24)

    def test_reboots_in_the_middle_of_starts(self):
        self.start(plan(12, duration=300), maxConcurrentRuns=3)
        for count in (2, 7):
            self.wait_for_children(count)
            self.call("POST", f"/v2/actor-runs/{self.parent['id']}/reboot")
        self.wait_for_end("SUCCEEDED", 90)
        self.assert_each_started_once(12)
        self.assertEqual(len(self.items()), 12)

    def test_kill_and_resurrection(self):
        self.start(plan(12, duration=300), maxConcurrentRuns=3)
        for count in (2, 7):
            self.wait_for_children(count)
            self.kill_program()
            self.wait_for_end("FAILED")
            self.call("POST", f"/v2/actor-runs/{self.parent['id']}/resurrect")
        self.wait_for_end("SUCCEEDED", 90)
        self.assert_each_started_once(12)
        self.assertEqual(len(self.items()), 12)

    def test_a_signal_is_taken_for_a_migration(self):
        self.start(plan(6, duration=500), maxConcurrentRuns=2)
        self.wait_for_children(2)
        self.kill_program(signal.SIGTERM)
        self.wait_for_end("SUCCEEDED", 60)
        self.assert_each_started_once(6)
        self.assertGreaterEqual(self.run_now()["stats"]["rebootCount"], 1)


class Abortions(ActorCase):
    def abort(self):
        self.call("POST",
                  f"/v2/actor-runs/{self.parent['id']}/abort?gracefully=1")

    def test_without_the_kill_switch_runs_go_on_and_are_rejoined(self):
        self.start(plan(4, duration=5000), maxConcurrentRuns=2)
        self.wait_for_children(2)
        self.abort()
        run = self.wait_for_end("ABORTED", 30)
        self.assertIn("Aborted", run["statusMessage"])
        self.assertEqual({x["status"] for x in self.children()}, {"RUNNING"})
        self.call("POST", f"/v2/actor-runs/{self.parent['id']}/resurrect")
        self.wait_for_end("SUCCEEDED", 60)
        self.assert_each_started_once(4)

    def test_with_it_they_end_first_and_go_on_after_a_resurrection(self):
        self.start(plan(6, duration=4000), maxConcurrentRuns=3,
                   abortOnExit=True)
        self.wait_for_children(2)
        self.abort()
        self.wait_for_end("ABORTED", 30)
        wait_until(lambda: {x["status"] for x in self.children()}
                   == {"ABORTED"}, what="the end of all children")
        self.assertEqual(len(self.items()), 6)
        self.call("POST", f"/v2/actor-runs/{self.parent['id']}/resurrect")
        self.wait_for_end("SUCCEEDED", 60)
        self.assert_each_started_once(6)


class Keys(ActorCase):
    def put_input(self, **more):
        self.call("PUT", f"{self.store()}/records/INPUT",
                  dict({"runs": plan(2)}, **more))

    def test_the_state_is_encrypted_and_a_wrong_key_changes_nothing(self):
        self.start(plan(2), encryptionKey="right")
        self.wait_for_end("SUCCEEDED")
        before = {key: self.record(key).text for key in self.state_keys()}
        self.assertTrue(before)
        for key, text in before.items():
            self.assertNotIn("emulator/scripted", text, key)
        self.put_input(encryptionKey="wrong")
        self.call("POST", f"/v2/actor-runs/{self.parent['id']}/resurrect")
        run = self.wait_for_end("FAILED")
        self.assertIn("encryption key", run["statusMessage"])
        self.assertEqual({key: self.record(key).text
                          for key in self.state_keys()}, before)
        self.put_input(encryptionKey="right")
        self.call("POST", f"/v2/actor-runs/{self.parent['id']}/resurrect")
        self.wait_for_end("SUCCEEDED")
        self.assert_each_started_once(2)

    def test_a_damaged_state_is_refused_and_left_alone(self):
        self.start(plan(2))
        self.wait_for_end("SUCCEEDED")
        key = next(x for x in self.state_keys() if "-J" in x)
        self.call("PUT", f"{self.store()}/records/{key}", "nonsense")
        before = {x: self.record(x).text for x in self.state_keys()}
        self.call("POST", f"/v2/actor-runs/{self.parent['id']}/resurrect")
        run = self.wait_for_end("FAILED")
        self.assertIn("damaged", run["statusMessage"])
        self.assertEqual({x: self.record(x).text for x in self.state_keys()},
                         before)
        self.assert_each_started_once(2)


class Elsewhere(Case):
    """The key-value store as the store of `run` on any machine."""

    def test_state_in_a_key_value_store_outlives_the_machine(self):
        platform = self.emulator()
        self.config = self.write("kvs.toml", 'store = "kvs"\n[kvs]\n'
                                 'store = "orchestrator-state"\n')
        work = self.plan(*[request(f"r{i}") for i in range(4)])
        self.run_plan(platform, work, "--json")
        self.assertFalse(os.path.exists(self.data))
        again = self.run_plan(platform, work, "--json")
        self.assertEqual(again.events[-1]["joined"], 4)
        self.assertEqual(platform.starts_by_key(),
                         {f"r{i}": 1 for i in range(4)})

    def test_actor_needs_to_be_one(self):
        done = self.binary("actor", APIFY_TOKEN=TOKEN)
        self.assertEqual(done.returncode, 2)
        self.assertIn("APIFY_IS_AT_HOME", done.stderr)


if __name__ == "__main__":
    unittest.main()
