"""The platform's API with a queue in front: `/v2/…` of a service."""

import base64
import concurrent.futures
import http.client
import json
import os
import resource
import signal
import time
import unittest
import urllib.parse

from harness import TOKEN, Case, http as call, wait_until

ACTOR = "emulator~scripted"
AS_USER = {"Authorization": f"Bearer {TOKEN}"}


class Gateway(Case):
    #: Memory in MiB and run slots of the account.
    room = "16384:25"

    def setUp(self):
        super().setUp()
        self.platform = self.emulator(user=f"tester:{TOKEN}:{self.room}")
        self.served = self.service(self.platform)

    def v2(self, method, path, body=None, headers=None, **more):
        return self.served.call(method, "/v2" + path, body,
                                headers=dict(AS_USER, **(headers or {})),
                                **more)

    def start(self, duration=50, query="memory=128", headers=None, **fields):
        answer = self.v2("POST", f"/actors/{ACTOR}/runs?{query}",
                         dict({"durationMs": duration}, **fields),
                         headers=headers)
        self.assertEqual(answer.status, 201, answer.text)
        return answer.json["data"]

    def get(self, run_id, query=""):
        return self.v2("GET", f"/actor-runs/{run_id}{query}", timeout=80).json["data"]

    def wait(self, run_id):
        return wait_until(lambda: (x := self.get(run_id, "?waitForFinish=60"))
                          and x["status"] not in ("READY", "RUNNING") and x)


class Pages(Gateway):
    def test_what_a_web_page_can_send_starts_nothing(self):
        sync = f"/v2/actors/{ACTOR}/run-sync?memory=128"
        override = f"/v2/actors/{ACTOR}/runs?memory=128&method=POST"
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"},
                        {"Host": "evil.example:8484"}):
            for path in (sync, override):
                answer = self.served.get(path, headers=headers)
                self.assertEqual(answer.status, 403, answer.text)
                self.assertEqual(answer.json["error"]["type"], "forbidden")
        for headers in ({"Sec-Fetch-Site": "same-site"},
                        {"Host": "evil.example:8484"}):
            for path in ("/api/v1/runs", "/socket.io/?EIO=4", "/v2/users/me"):
                answer = self.served.get(path, headers=headers)
                self.assertEqual(answer.status, 403, answer.text)
        self.assertEqual(self.platform.stats()["runsStarted"], 0)

    def test_a_get_that_says_who_asks_may_start(self):
        answer = self.v2("GET", f"/actors/{ACTOR}/runs?memory=128&method=POST")
        self.assertEqual(answer.status, 201, answer.text)


class Starts(Gateway):
    def test_a_start_answers_with_a_run_that_keeps_its_id(self):
        run = self.start(items=3)
        self.assertRegex(run["id"], r"^[0-9A-Za-z]{17}$")
        self.assertIn(run["status"], ("READY", "RUNNING"))
        ended = self.wait(run["id"])
        self.assertEqual((ended["id"], ended["status"]), (run["id"], "SUCCEEDED"))
        ids = [x["id"] for x in self.platform.runs()]
        self.assertNotIn(run["id"], ids)
        items = self.v2("GET", f"/actor-runs/{run['id']}/dataset/items").json
        self.assertEqual(len(items), 3)

    def test_options_reach_the_platform(self):
        hooks = json.dumps([{"eventTypes": ["ACTOR.RUN.SUCCEEDED"],
                             "requestUrl": "http://127.0.0.1:9/"}])
        query = urllib.parse.urlencode({
            "memory": 256, "timeout": 77, "build": "latest", "maxItems": 5,
            "maxTotalChargeUsd": 0.5, "restartOnError": 1,
            "webhooks": base64.b64encode(hooks.encode()).decode()})
        run = self.get(self.start(query=query)["id"])
        self.assertEqual(run["options"]["memoryMbytes"], 256)
        self.assertEqual(run["options"]["timeoutSecs"], 77)
        self.assertEqual(run["options"]["maxItems"], 5)
        self.wait(run["id"])
        kept = self.v2("GET", "/webhook-dispatches").json["data"]
        self.assertEqual(kept["total"], 1)

    def test_a_name_joins_its_run(self):
        headers = {"X-Orchestrator-Run-Name": "job-1/2"}
        first = self.start(headers=headers)
        self.assertEqual(self.start(headers=headers)["id"], first["id"])
        self.assertEqual(self.served.run("job-1/2", 20)["status"], "SUCCEEDED")
        self.assertEqual(self.start(headers=headers)["id"], first["id"])
        self.assertEqual(self.platform.stats()["runsStarted"], 1)

    def test_an_idempotency_key_joins_too_and_no_name_never_does(self):
        headers = {"Idempotency-Key": "order 66"}
        self.assertEqual(self.start(headers=headers)["id"],
                         self.start(headers=headers)["id"])
        self.assertNotEqual(self.start()["id"], self.start()["id"])
        self.assertEqual(self.platform.stats()["runsStarted"], 3)

    def test_what_the_platform_refuses_is_refused_as_it_does(self):
        gone = self.v2("POST", "/actors/nobody~nothing/runs", {})
        self.assertEqual(gone.status, 404, gone.text)
        self.assertEqual(gone.json["error"]["type"], "record-not-found")
        odd = self.v2("POST", f"/actors/{ACTOR}/runs?memory=100", {})
        self.assertEqual(odd.status, 400, odd.text)
        self.assertIn("memory", odd.json["error"]["message"])
        broken = self.v2("POST", f"/actors/{ACTOR}/runs", '{"a":')
        self.assertEqual(broken.status, 400, broken.text)
        self.assertIn("line 1", broken.json["error"]["message"])

    def test_a_token_that_the_platform_does_not_know_starts_nothing(self):
        path = f"/v2/actors/{ACTOR}/runs"
        wrong = self.served.call("POST", path, {}, headers={
            "Authorization": "Bearer wrong"})
        self.assertEqual(wrong.status, 401, wrong.text)
        accounts = self.served.get("/api/v1/accounts").json["items"]
        self.assertEqual([x["name"] for x in accounts], ["default"])

    def test_a_token_in_the_query_goes_on_as_a_header(self):
        path = f"/v2/actors/{ACTOR}/runs?token={TOKEN}&memory=128"
        run = self.served.call("POST", path, {"durationMs": 10})
        self.assertEqual(run.status, 201, run.text)
        me = self.served.call("GET", f"/v2/users/me?token={TOKEN}")
        self.assertEqual(me.json["data"]["username"], "tester")

    def test_an_input_that_is_no_json_is_started_as_it_is(self):
        answer = self.v2("POST", f"/actors/{ACTOR}/runs", "plain text",
                         headers={"Content-Type": "text/plain"})
        self.assertEqual(answer.status, 201, answer.text)
        store = answer.json["data"]["defaultKeyValueStoreId"]
        kept = self.v2("GET", f"/key-value-stores/{store}/records/INPUT")
        self.assertEqual(kept.text, "plain text")

    def test_a_start_waits_for_the_end_as_long_as_it_is_told(self):
        run = self.start(duration=300, query="memory=128&waitForFinish=30")
        self.assertEqual(run["status"], "SUCCEEDED")

    def test_a_named_start_is_joined_after_the_service_was_killed(self):
        body = {"durationMs": 1500, "key": "killed"}
        path = f"/v2/actors/{ACTOR}/runs?memory=128&waitForFinish=60"
        headers = dict(AS_USER, **{"Idempotency-Key": "once"})
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            first = pool.submit(self.served.call, "POST", path, body,
                                headers=headers, timeout=70)
            wait_until(self.platform.live)
            self.served.stop(signal.SIGKILL)
            with self.assertRaises((OSError, http.client.HTTPException)):
                first.result(20)
        self.served = self.service(self.platform)
        again = self.served.call("POST", path, body, headers=headers, timeout=70)
        self.assertEqual(again.json["data"]["status"], "SUCCEEDED", again.text)
        self.assertEqual(self.platform.starts_by_key(), {"killed": 1})

    def test_a_start_that_a_kill_left_unanswered_is_joined_once(self):
        body = {"durationMs": 2500, "key": "unanswered"}
        path = f"/actors/{ACTOR}/runs?memory=128&waitForFinish=60"

        def ask():
            try:
                self.v2("POST", path, body, timeout=20)
                self.fail("it was answered")
            except (OSError, http.client.HTTPException):
                pass
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            asked = pool.submit(ask)
            wait_until(lambda: self.platform.starts_by_key(), what="a start")
            self.served.stop(signal.SIGKILL)
            asked.result()
        self.served = self.service(self.platform)
        first = self.v2("POST", path, body, timeout=80).json["data"]
        self.assertEqual(first["status"], "SUCCEEDED")
        self.assertEqual(self.platform.starts_by_key(), {"unanswered": 1})
        # It was answered now: the next one is a new wish, after a kill too.
        # That it was answered is durable some milliseconds later.
        time.sleep(0.3)
        self.served.stop(signal.SIGKILL)
        self.served = self.service(self.platform)
        other = self.v2("POST", path, body, timeout=80).json["data"]
        self.assertNotEqual(other["id"], first["id"])
        self.assertEqual(self.platform.starts_by_key(), {"unanswered": 2})

    def test_a_start_whose_client_left_is_joined_by_its_repeat_once(self):
        body = json.dumps({"durationMs": 1500, "key": "left"})
        path = f"/v2/actors/{ACTOR}/runs?memory=128&waitForFinish=60"
        host = urllib.parse.urlsplit(self.served.url).netloc
        leaving = http.client.HTTPConnection(host, timeout=5)
        leaving.request("POST", path, body, dict(
            AS_USER, **{"Content-Type": "application/json"}))
        wait_until(self.platform.live)
        leaving.close()
        time.sleep(0.3)
        for expected in (1, 2):
            again = self.v2("POST", path.removeprefix("/v2"), body, timeout=70)
            self.assertEqual(again.status, 201, again.text)
            self.assertEqual(self.platform.starts_by_key()["left"], expected)


class Sync(Gateway):
    def test_run_sync_answers_with_a_record_and_with_items(self):
        path = f"/actors/{ACTOR}/run-sync-get-dataset-items?memory=128&limit=2"
        items = self.v2("POST", path, {"durationMs": 50, "items": 5})
        self.assertEqual(items.status, 201, items.text)
        self.assertEqual(len(items.json), 2)
        path = f"/actors/{ACTOR}/run-sync?memory=128&outputRecordKey=INPUT"
        record = self.v2("POST", path, {"durationMs": 50})
        self.assertEqual(record.status, 201, record.text)
        self.assertEqual(record.json["durationMs"], 50)
        none = self.v2("POST", f"/actors/{ACTOR}/run-sync?memory=128",
                       {"durationMs": 10})
        self.assertEqual((none.status, none.text), (201, ""))

    def test_run_sync_tells_of_a_run_that_failed(self):
        answer = self.v2("POST", f"/actors/{ACTOR}/run-sync?memory=128",
                         {"durationMs": 10, "outcome": "FAILED"})
        self.assertEqual(answer.status, 400, answer.text)
        self.assertEqual(answer.json["error"]["type"], "run-failed")


class Queue(Gateway):
    """An account that fits two runs of 128 MiB."""

    room = "256:8"

    def fill(self):
        """Takes all memory."""
        runs = [self.start(duration=600_000) for _ in range(2)]
        wait_until(lambda: len(self.platform.live()) == 2)
        return runs

    def test_a_run_that_waits_is_ready_and_has_storages(self):
        live = self.fill()
        waiting = self.start(items=2)
        self.assertEqual(waiting["status"], "READY")
        run_id = waiting["id"]
        self.assertEqual(self.get(run_id)["id"], run_id)
        self.assertIn("0 MiB free", self.get(run_id)["statusMessage"])
        empty = self.v2("GET", f"/datasets/{waiting['defaultDatasetId']}/items")
        self.assertEqual(empty.json, [])
        self.assertEqual(empty.headers["X-Apify-Pagination-Total"], "0")
        self.assertEqual(
            self.v2("GET", f"/actor-runs/{run_id}/log").status, 200)
        self.assertEqual(self.v2("GET", f"/key-value-stores/{run_id}/records/A")
                         .status, 404)
        self.v2("POST", f"/actor-runs/{live[0]['id']}/abort")
        self.assertEqual(self.wait(run_id)["status"], "SUCCEEDED")
        # What the first answer named is still found.
        items = self.v2("GET", f"/datasets/{waiting['defaultDatasetId']}/items")
        self.assertEqual(len(items.json), 2)
        keys = self.v2("GET", f"/key-value-stores/{run_id}/keys").json["data"]
        self.assertEqual([x["key"] for x in keys["items"]], ["INPUT"])
        head = self.v2("GET", f"/request-queues/{run_id}/head")
        self.assertEqual(head.status, 200, head.text)

    def test_a_run_that_waits_is_in_the_lists(self):
        live = self.fill()
        waiting = [self.start()["id"] for _ in range(3)]
        newest = waiting[::-1] + [live[1]["id"], live[0]["id"]]

        def ids(query, path=f"/actors/{ACTOR}/runs"):
            answer = self.v2("GET", f"{path}?{query}")
            self.assertEqual(answer.status, 200, answer.text)
            self.assertEqual(answer.json["data"]["count"],
                             len(answer.json["data"]["items"]))
            return [x["id"] for x in answer.json["data"]["items"]]

        self.assertEqual(ids("desc=1"), newest)
        self.assertEqual(ids("desc=1", "/actor-runs"), newest)
        self.assertEqual(ids(""), newest[::-1])
        for offset in range(6):
            self.assertEqual(ids(f"desc=1&offset={offset}&limit=2"),
                             newest[offset:offset + 2])
            self.assertEqual(ids(f"offset={offset}&limit=2"),
                             newest[::-1][offset:offset + 2])
        self.assertEqual(ids("desc=1&status=RUNNING"), newest[3:])
        self.assertEqual(sorted(ids("status=READY")), sorted(waiting))
        last = self.v2("GET", f"/actors/{ACTOR}/runs/last").json["data"]
        self.assertEqual(last["id"], newest[0])
        running = self.v2("GET", f"/actors/{ACTOR}/runs/last?status=RUNNING")
        self.assertEqual(running.json["data"]["id"], live[1]["id"])

    def test_a_run_that_waits_can_be_aborted(self):
        self.fill()
        waiting = self.start()
        aborted = self.v2("POST", f"/actor-runs/{waiting['id']}/abort")
        self.assertEqual(aborted.json["data"]["status"], "ABORTED")
        self.assertEqual(self.get(waiting["id"])["status"], "ABORTED")
        self.assertEqual(self.platform.stats()["runsStarted"], 2)

    def test_lack_of_memory_never_reaches_a_client(self):
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            runs = list(pool.map(lambda _: self.start(duration=100), range(12)))
        for run in runs:
            self.assertEqual(self.wait(run["id"])["status"], "SUCCEEDED")
        live = self.fill()
        path = f"/actor-runs/{runs[0]['id']}/resurrect"
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            answer = pool.submit(self.v2, "POST", path)
            time.sleep(0.5)
            self.assertFalse(answer.done())
            for run in live:
                self.v2("POST", f"/actor-runs/{run['id']}/abort")
            self.assertEqual(answer.result(20).status, 200)
            self.assertEqual(answer.result().json["data"]["id"], runs[0]["id"])

    def test_ids_survive_a_restart(self):
        self.fill()
        waiting = self.start()
        self.served.stop()
        again = self.service(self.platform)
        self.served = again
        self.assertEqual(self.get(waiting["id"])["status"], "READY")
        for run in self.platform.live():
            call("POST", f"{self.platform.url}/v2/actor-runs/{run['id']}/abort",
                 headers=AS_USER)
        self.assertEqual(self.wait(waiting["id"])["status"], "SUCCEEDED")


class Passing(Gateway):
    def test_changes_of_a_run_are_passed_on(self):
        run = self.start(duration=600_000)
        wait_until(lambda: self.get(run["id"])["status"] == "RUNNING")
        told = self.v2("PUT", f"/actor-runs/{run['id']}",
                       {"runId": run["id"], "statusMessage": "half way"})
        self.assertEqual(told.json["data"]["statusMessage"], "half way")
        self.assertEqual(told.json["data"]["id"], run["id"])
        ended = self.v2("POST", f"/actor-runs/{run['id']}/abort")
        self.assertIn(ended.json["data"]["status"], ("ABORTING", "ABORTED"))
        self.wait(run["id"])
        gone = self.v2("DELETE", f"/actor-runs/{run['id']}")
        self.assertEqual(gone.status, 204)
        self.assertEqual(
            self.v2("GET", f"/actor-runs/{run['id']}").status, 404)

    def test_what_is_no_run_passes_untouched(self):
        store = self.v2("POST", "/key-value-stores?name=mine").json["data"]["id"]
        path = f"/key-value-stores/{store}/records/bytes"
        body = bytes(range(256)) * 4096
        put = self.v2("PUT", path, body,
                      headers={"Content-Type": "application/octet-stream"})
        self.assertEqual(put.status, 201, put.text)
        host = urllib.parse.urlsplit(self.served.url).netloc
        link = http.client.HTTPConnection(host, timeout=20)
        self.addCleanup(link.close)
        link.request("GET", "/v2" + path, headers=AS_USER)
        answer = link.getresponse()
        self.assertEqual(answer.getheader("Content-Type"),
                         "application/octet-stream")
        self.assertEqual(answer.read(), body)
        link.request("HEAD", "/v2" + path, headers=AS_USER)
        self.assertEqual(link.getresponse().status, 200)
        # The platform's own words, whatever they are.
        unknown = self.v2("GET", "/no-such-thing")
        direct = call("GET", self.platform.url + "/v2/no-such-thing",
                      headers=AS_USER)
        self.assertEqual((unknown.status, unknown.text),
                         (direct.status, direct.text))

    def test_a_log_is_streamed_while_the_run_works(self):
        run = self.start(duration=2000, logLines=3)
        host = urllib.parse.urlsplit(self.served.url).netloc
        link = http.client.HTTPConnection(host, timeout=20)
        self.addCleanup(link.close)
        link.request("GET", f"/v2/actor-runs/{run['id']}/log?stream=1",
                     headers=AS_USER)
        answer = link.getresponse()
        self.assertTrue(answer.readline())
        self.assertEqual(self.get(run["id"])["status"], "RUNNING")
        answer.read()
        self.assertEqual(self.get(run["id"])["status"], "SUCCEEDED")


    def test_a_service_with_open_streams_stops_in_order(self):
        run = self.start(duration=600_000, logLines=1)
        host = urllib.parse.urlsplit(self.served.url).netloc
        links = []
        for path in (f"/actor-runs/{run['id']}/log?stream=1",
                     f"/actor-runs/{run['id']}?waitForFinish=60"):
            link = http.client.HTTPConnection(host, timeout=20)
            self.addCleanup(link.close)
            link.request("GET", "/v2" + path, headers=AS_USER)
            links.append(link)
        wait_until(lambda: self.platform.live())
        time.sleep(0.3)
        self.assertEqual(self.served.stop(), 0)


class Crowd(Gateway):
    def setUp(self):
        # As many shells have it: the service takes more by itself.
        least, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE,
                        (least, most))
        resource.setrlimit(resource.RLIMIT_NOFILE, (500, most))
        super().setUp()
        resource.setrlimit(resource.RLIMIT_NOFILE, (least, most))

    def test_any_number_of_clients_that_wait_hold_up_no_other(self):
        run = self.start(duration=600_000)["id"]
        wait_until(lambda: self.get(run)["status"] == "RUNNING")
        host = urllib.parse.urlsplit(self.served.url).netloc
        for _ in range(300):
            link = http.client.HTTPConnection(host, timeout=60)
            self.addCleanup(link.close)
            link.request("GET", f"/v2/actor-runs/{run}?waitForFinish=60",
                         headers=AS_USER)
        files = f"/proc/{self.served.process.process.pid}/fd"
        wait_until(lambda: len(os.listdir(files)) > 550,
                   what="300 long polls and their connections")
        me = self.v2("GET", "/users/me", timeout=25)
        self.assertEqual(me.status, 200, me.text)


class Tokens(Case):
    """A service with a token of its own."""

    def setUp(self):
        super().setUp()
        self.platform = self.emulator("--user", "other:other-token:1024:8")
        self.served = self.service(
            self.platform, env={"ORCHESTRATOR_TOKEN": "our-own-token"})

    def start(self, token, body=None):
        return self.served.call(
            "POST", f"/v2/actors/{ACTOR}/runs?memory=128",
            body or {"durationMs": 600_000},
            headers={"Authorization": f"Bearer {token}"})

    def test_our_token_stands_for_the_account_and_never_leaves(self):
        run = self.start("our-own-token")
        self.assertEqual(run.status, 201, run.text)
        self.assertEqual(len(self.platform.live()), 1)
        me = self.served.get("/v2/users/me", headers={
            "Authorization": "Bearer our-own-token"})
        self.assertEqual(me.json["data"]["username"], "tester")

    def test_an_apify_token_starts_on_its_own_account(self):
        run = self.start("other-token").json["data"]
        accounts = self.served.get("/api/v1/accounts", headers={
            "Authorization": "Bearer our-own-token"}).json["items"]
        self.assertEqual([x.get("username") for x in accounts
                          if x["name"] != "default"], ["other"])
        # Nobody else may end it.
        path = f"/v2/actor-runs/{run['id']}/abort"
        foreign = self.served.call("POST", path, headers=AS_USER)
        self.assertEqual(foreign.status, 404, foreign.text)
        own = self.served.call("POST", path, headers={
            "Authorization": "Bearer other-token"})
        self.assertEqual(own.status, 200, own.text)

    def test_a_name_never_leads_to_the_run_of_another_account(self):
        path = f"/v2/actors/{ACTOR}/runs?memory=128"
        name = {"X-Orchestrator-Run-Name": "shop-1"}
        ours = self.served.call("POST", path, {"durationMs": 10}, headers=dict(
            name, Authorization="Bearer our-own-token"))
        self.assertEqual(ours.status, 201, ours.text)
        theirs = self.served.call("POST", path, {"durationMs": 10}, headers=dict(
            name, Authorization="Bearer other-token"))
        self.assertEqual(theirs.status, 409, theirs.text)
        self.assertEqual(theirs.json["error"]["type"], "name-conflict")
        self.assertNotIn(ours.json["data"]["id"], theirs.text)

    def test_a_key_of_a_token_that_is_new_joins_too(self):
        path = f"/v2/actors/{ACTOR}/runs?memory=128"
        headers = {"Authorization": "Bearer other-token",
                   "Idempotency-Key": "once"}
        runs = [self.served.call("POST", path, {"durationMs": 50},
                                 headers=headers).json["data"]["id"]
                for _ in range(3)]
        self.assertEqual(len(set(runs)), 1)
        self.assertEqual(self.platform.stats()["runsStarted"], 1)

    def test_nothing_starts_without_a_token(self):
        answer = self.served.call("POST", f"/v2/actors/{ACTOR}/runs", {})
        self.assertEqual(answer.status, 401, answer.text)
        self.assertEqual(answer.json["error"]["type"], "token-not-provided")


if __name__ == "__main__":
    unittest.main()
