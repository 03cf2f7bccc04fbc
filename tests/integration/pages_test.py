"""Batches that walk data sets page by page: `batch run` and `batch …` of a
service, with real programs and files."""

import datetime
import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

from harness import (BINARY, Case, Process, Service, environment, wait_until)

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                        "examples", "batches")

MEMBERS = ["event", "name", "pages", "items", "completed", "failed", "stuck",
           "itemErrors", "maxParallelismAchieved", "startedAt", "finishedAt"]


class PagesCase(Case):
    def setUp(self):
        super().setUp()
        self.seen = os.path.join(self.folder, "seen")

    def rows(self, count, name="rows.ndjson"):
        return self.write(name, "".join(f'{{"id":{i}}}\n'
                                        for i in range(count)))

    def program(self, text, name="page.py"):
        """A program that gets `head` and `items`."""
        return [sys.executable, self.write(name, (
            "import json, os, sys, time\n"
            "lines = sys.stdin.read().splitlines()\n"
            "head = json.loads(lines[0])\n"
            "items = [json.loads(x) for x in lines[1:]]\n"
            f"seen = {self.seen!r}\n"
            "def note(text):\n"
            "    with open(seen, 'a') as file:\n"
            "        file.write(text + '\\n')\n") + text)]

    def noted(self):
        if not os.path.exists(self.seen):
            return []
        with open(self.seen, encoding="utf-8") as file:
            return file.read().split("\n")[:-1]

    def spec(self, command, source=None, **more):
        return dict({"name": "b", "pageSize": 10, "maxParallelism": 3,
                     "source": source or {"kind": "ndjson",
                                          "path": self.rows(25)},
                     "initialBackoffSecs": 0.01,
                     "processor": {"kind": "command", "command": command}},
                    **more)

    def batch(self, spec, *args, expect=0, **more):
        """Runs one to its end; returns its last line."""
        done = self.binary("batch", "run", json.dumps(spec), "--json", "--data",
                           self.data, *args, **more)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        self.errors = done.stderr
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(list(last), MEMBERS)
        return last


class RunTest(PagesCase):
    def test_a_command_gets_its_page_and_the_last_line_tells_all(self):
        last = self.batch(self.spec(
            self.program("note(json.dumps([head, items]))"), args={"a": 1}))
        self.assertEqual((last["event"], last["name"]), ("batch", "b"))
        self.assertEqual((last["pages"], last["items"], last["completed"],
                          last["failed"], last["stuck"], last["itemErrors"]),
                         (3, 25, 3, 0, 0, 0))
        self.assertLessEqual(last["startedAt"], last["finishedAt"])
        pages = sorted((json.loads(x) for x in self.noted()),
                       key=lambda x: x[0]["page"])
        self.assertEqual(list(pages[0][0]),
                         ["batch", "page", "cursor", "attempt", "args"])
        self.assertEqual(pages[0][0], {"batch": "b", "page": 0, "cursor": "",
                                       "attempt": 1, "args": {"a": 1}})
        self.assertEqual([x["id"] for page in pages for x in page[1]],
                         list(range(25)))

    def test_bo_28_the_program_reports_its_next_cursor_early(self):
        text = ("at = int(head['cursor'] or 0)\n"
                "if at < 4:\n"
                "    print(json.dumps({'nextCursor': str(at + 1)}), flush=True)\n"
                "time.sleep(0.5)\n"
                "print(json.dumps({'items': 7}))\n")
        began = time.monotonic()
        last = self.batch(self.spec(self.program(text), {"kind": "processor"},
                                    maxParallelism=5))
        self.assertEqual((last["pages"], last["completed"], last["items"]),
                         (5, 5, 35))
        self.assertGreater(last["maxParallelismAchieved"], 1)
        self.assertLess(time.monotonic() - began, 30)

    def test_a_line_that_is_no_json_does_not_end_the_walk_unseen(self):
        text = ("at = int(head['cursor'] or 0)\n"
                "note(str(at))\n"
                "say = {0: '\\ufeff  {\"nextCursor\": 1}', 1: '{noise\\n'\n"
                "       '{\"nextCursor\": 2}'}.get(at, \"{'nextCursor': 3}\")\n"
                "sys.stdout.buffer.write(say.encode())\n")
        last = self.batch(self.spec(
            self.program(text), {"kind": "processor"}, initialAttempts=2,
            extendedRetrySecs=0), expect=1)
        self.assertEqual((last["completed"], last["failed"]), (2, 1))
        self.assertEqual(self.noted(), ["0", "1", "2", "2"])
        self.assertIn("no JSON is {'nextCursor': 3}", self.errors)

    def test_exit_75_and_others_are_tried_again(self):
        text = "note('x')\nsys.exit([75, 3, 0][head['attempt'] - 1])"
        last = self.batch(self.spec(self.program(text),
                                    {"kind": "ndjson", "path": self.rows(1)}))
        self.assertEqual((last["completed"], last["failed"]), (1, 0))
        self.assertEqual(len(self.noted()), 3)

    def test_bo_14_the_type_of_an_exception_or_an_exit_code_may_be_final(self):
        for name, text, final in (("e", "raise ValueError('odd')", "ValueError"),
                                  ("x", "sys.exit(3)", "exit-3")):
            last = self.batch(
                self.spec(self.program("note('x')\n" + text), name=name,
                          nonRetryable=[final],
                          source={"kind": "ndjson", "path": self.rows(1)}),
                expect=1)
            self.assertEqual(last["failed"], 1)
        self.assertEqual(len(self.noted()), 2)
        self.assertIn("exit code 3", self.errors)

    def test_bo_16_a_page_that_takes_too_long_is_tried_again(self):
        text = "note('x')\nif head['attempt'] == 1:\n    time.sleep(20)\n"
        last = self.batch(self.spec(
            self.program(text), {"kind": "ndjson", "path": self.rows(1)},
            pageTimeoutSecs=1, initialAttempts=1, extendedRetrySecs=0.1))
        self.assertEqual((last["completed"], last["failed"]), (1, 0))
        self.assertEqual(len(self.noted()), 2)

    def test_items_that_failed_are_told_and_redriven_alone(self):
        text = ("note(json.dumps(items))\n"
                "if 'items' not in head and head['page'] == 1:\n"
                "    print(json.dumps({'item': 3, 'error': 'odd'}))\n")
        spec = self.spec(self.program(text))
        last = self.batch(spec, expect=1)
        self.assertEqual((last["completed"], last["itemErrors"]), (3, 1))
        self.assertIn("odd", self.errors)
        last = self.batch(spec, "--redrive")
        self.assertEqual((last["completed"], last["itemErrors"]), (3, 0))
        self.assertEqual(json.loads(self.noted()[-1]), [{"id": 13}])

    def test_bo_x8_a_broken_chain_tells_where_to_go_on(self):
        text = ("at = int(head['cursor'] or 0)\n"
                "if at == 2:\n    sys.exit(1)\n"
                "if at < 4:\n"
                "    print(json.dumps({'nextCursor': str(at + 1)}))\n")
        spec = self.spec(self.program(text), {"kind": "processor"},
                         initialAttempts=1, extendedRetrySecs=0)
        last = self.batch(spec, expect=1)
        self.assertEqual((last["completed"], last["failed"]), (2, 1))
        self.assertIn('chain broken at cursor "2"', self.errors)
        spec["name"] = "rest"
        spec["firstCursor"] = "3"
        self.assertEqual(self.batch(spec)["completed"], 2)

    def test_a_mended_program_heals_stuck_pages(self):
        command = self.program("note('x')\nsys.exit(1)")
        spec = self.spec(command, initialAttempts=1, extendedRetrySecs=0.2)
        running = self.keep(Process(
            "batch", "run", json.dumps(spec), "--json", "--data", self.data,
            env=environment(), cwd=self.folder))
        wait_until(lambda: len(self.noted()) > 3)
        self.program("note('good')\n")
        self.assertEqual(running.finish(), 0)
        self.assertEqual(running.events[-1]["completed"], 3)
        self.assertEqual(running.events[-1]["stuck"], 0)

    def test_the_same_command_rejoins_and_a_finished_batch_returns_at_once(self):
        spec = self.spec(self.program("note(str(head['page']))"))
        self.assertEqual(self.batch(spec)["completed"], 3)
        self.assertEqual(self.batch(spec)["completed"], 3)
        self.assertEqual(sorted(self.noted()), ["0", "1", "2"])

    def test_kill_9_loses_no_page(self):
        text = "time.sleep(0.05)\nnote(str(head['page']))\n"
        spec = self.spec(self.program(text), pageSize=1)
        for _ in range(2):
            running = Process("batch", "run", json.dumps(spec), "--data",
                              self.data, env=environment(), cwd=self.folder)
            before = len(self.noted())
            wait_until(lambda: len(self.noted()) > before + 3)
            running.stop(signal.SIGKILL)
        last = self.batch(spec)
        self.assertEqual((last["pages"], last["completed"]), (25, 25))
        self.assertEqual(sorted(set(self.noted()), key=int),
                         [str(x) for x in range(25)])

    def test_kill_9_repeats_no_page_that_is_done_at_most_once(self):
        text = "note(str(head['page']))\ntime.sleep(0.05)\n"
        spec = self.spec(self.program(text), pageSize=1, maxParallelism=3,
                         retryMode="at-most-once")
        for _ in range(3):
            running = Process("batch", "run", json.dumps(spec), "--data",
                              self.data, env=environment(), cwd=self.folder)
            before = len(self.noted())
            wait_until(lambda n=before: len(self.noted()) > n + 2)
            running.stop(signal.SIGKILL)
        last = self.batch(spec, expect=1)
        self.assertEqual((last["pages"], last["stuck"]), (25, 0))
        self.assertEqual(last["completed"] + last["failed"], 25)
        # Those that were under way have failed, none was begun again.
        self.assertTrue(1 <= last["failed"] <= 9, last)
        self.assertEqual(len(self.noted()), len(set(self.noted())))

    def test_an_interrupt_lets_pages_end(self):
        text = "note('begin')\ntime.sleep(0.7)\nnote('end')\n"
        running = self.keep(Process(
            "batch", "run", json.dumps(self.spec(self.program(text),
                                                 pageSize=1)),
            "--data", self.data, env=environment(), cwd=self.folder))
        wait_until(lambda: "begin" in self.noted())
        running.send(signal.SIGINT)
        self.assertEqual(running.finish(), 130)
        self.assertEqual(self.noted().count("begin"), self.noted().count("end"))
        self.assertLess(self.noted().count("end"), 25)

    def test_mistakes_are_told_before_anything_starts(self):
        good = self.spec(["true"])
        for change, what in (({"maxParallelism": -1}, "maxParallelism"),
                             ({"pageSise": 1}, "pageSize"),
                             ({"name": ""}, "name"),
                             ({"retryMode": "at-most-once",
                               "initialAttempts": 2}, "initialAttempts")):
            done = self.binary("batch", "run", json.dumps(dict(good, **change)),
                               "--data", self.data)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(what, done.stderr)
        self.assertFalse(os.path.exists(self.data))

    def test_what_cannot_be_opened_is_told_at_the_start(self):
        for processor, what in (
                ({"kind": "http", "url": "nonsense"}, "processor.url"),
                ({"kind": "http", "url": "ftp://x"}, "processor.url"),
                ({"kind": "command", "command": ["a", 1]}, "command")):
            done = self.binary("batch", "run", json.dumps(
                dict(self.spec([]), processor=processor)), "--data", self.data)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(what, done.stderr)

    def test_bo_20_log_lines_name_the_batch(self):
        done = self.binary("batch", "run", json.dumps(self.spec(["false"],
                           initialAttempts=1, extendedRetrySecs=0)), "--data",
                           self.data, "--log-level", "info")
        lines = [x for x in done.stderr.splitlines() if " batch " in x
                 and " opened" not in x]
        self.assertGreater(len(lines), 2, done.stderr)
        for line in lines:
            self.assertIn("batch=b", line)

    def test_bo_20_a_program_knows_its_batch_and_its_words_are_passed_on(self):
        self.batch(self.spec(
            ["sh", "-c", 'echo "page $BATCH_PAGE of $BATCH_NAME" >&2']))
        for page in range(3):
            self.assertIn(f"page {page} of b", self.errors)

    def test_what_is_missing_is_told_with_what_to_write(self):
        for spec, words in (
                ({"name": "x"}, "source: is missing: where the items come from"),
                ({"name": "x", "source": {"kind": "processor"}},
                 "kinds are command (command), http (url or urlEnv)"),
                ({"name": "x", "source": {"kind": "sqlite"},
                  "processor": {"kind": "command", "command": "true"}},
                 "source.path: is missing: the file of the database")):
            done = self.binary("batch", "run", json.dumps(spec), "--data",
                               self.data)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(words, done.stderr)

    def test_the_last_step_and_the_tracker_get_the_outcome(self):
        told = os.path.join(self.folder, "told")
        spec = self.spec(
            ["true"], trackerIntervalSecs=60,
            tracker={"kind": "command", "command": f"cat >> {told}",
                     "args": "t"},
            reduce={"kind": "command", "command": f"cat >> {told}",
                    "args": "r"})
        self.batch(spec)
        with open(told, encoding="utf-8") as file:
            lines = [json.loads(x) for x in file]
        self.assertEqual([x["args"] for x in lines], ["t", "r", "t"])
        self.assertEqual([x["isFinished"] for x in lines],
                         [False, False, True])
        self.assertEqual(lines[-1]["completed"], 3)


class Endpoint(http.server.BaseHTTPRequestHandler):
    """Answers as the server's script says, and keeps what it got."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.got.append((self.path, body))
            status, answer = self.server.script(self.path, body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class EndpointTest(PagesCase):
    def listen(self, script):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
        server.got, server.script = [], script
        server.lock = threading.Lock()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        server.url = f"http://127.0.0.1:{server.server_port}"
        return server

    def test_pages_a_tracker_and_the_last_step_by_http(self):
        server = self.listen(lambda path, _: (200, {}))
        def at(path):
            return {"kind": "http", "url": server.url + path, "args": path}
        last = self.batch(dict(self.spec([]), processor=at("/page"),
                               tracker=at("/tracker"), reduce=at("/reduce"),
                               trackerIntervalSecs=60))
        self.assertEqual((last["completed"], last["items"]), (3, 25))
        paths = [path for path, _ in server.got]
        self.assertEqual([paths.count(x) for x in
                          ("/page", "/tracker", "/reduce")], [3, 2, 1])
        for path, body in server.got:
            self.assertEqual(body["args"], path)
        first = min((x for path, x in server.got if path == "/page"),
                    key=lambda x: x["page"])
        self.assertEqual(first["items"], [{"id": i} for i in range(10)])

    def test_a_server_that_is_busy_gets_fewer_pages_and_all_are_done(self):
        refused = set()

        def script(_, body):
            if body["page"] % 5 == 4 and body["page"] not in refused:
                refused.add(body["page"])
                return 429, {"error": "slow down"}
            return 200, {}
        server = self.listen(script)
        last = self.batch(dict(
            self.spec([], pageSize=1, rampUp="auto", maxParallelism=8),
            processor={"kind": "http", "url": server.url}))
        self.assertEqual((last["completed"], last["failed"]), (25, 0))
        self.assertEqual(len(server.got), 30)
        self.assertLess(last["maxParallelismAchieved"], 8)

    def test_an_answer_may_be_final_and_tell_of_items(self):
        server = self.listen(lambda _, body: (
            (422, {"error": "odd", "retryable": False}) if body["page"] == 1
            else (200, {"itemErrors": [{"item": 2, "error": "too long"}]})))
        last = self.batch(dict(self.spec([]), processor={
            "kind": "http", "url": server.url}), expect=1)
        self.assertEqual((last["completed"], last["failed"],
                          last["itemErrors"]), (2, 1, 2))
        self.assertEqual(len(server.got), 3)
        self.assertIn("odd", self.errors)


class ServiceTest(PagesCase):
    def serve(self):
        return self.keep(Service(
            env=environment(ORCHESTRATOR_DATA=self.data), cwd=self.folder))

    def held_up(self):
        """A program whose tenth page goes on when there is a file `go`."""
        go = os.path.join(self.folder, "go")
        return self.program(
            "time.sleep(0.1)\n"
            f"while head['page'] > 9 and not os.path.exists({go!r}):\n"
            "    time.sleep(0.02)\n")

    def verb(self, service, *args, expect=0):
        done = self.binary("batch", *args, "--url", service.url)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout

    def test_a_batch_is_steered_from_other_processes(self):
        service = self.serve()
        spec = self.spec(self.held_up(), pageSize=1, maxParallelism=0)
        self.verb(service, "start", json.dumps(spec))
        self.assertIn("0 of 0", self.verb(service, "status", "b"))
        self.verb(service, "parallelism", "b", "2")
        self.verb(service, "parallelism", "b", "4")
        self.verb(service, "restore", "b")
        path = "/api/v1/batches/b"
        now = service.get(path).json
        self.assertEqual(now["maxParallelism"], 2)
        wait_until(lambda: service.get(path).json["completed"] > 2)
        self.verb(service, "pause", "b")
        self.write("go", "")
        wait_until(lambda: service.get(path).json["processing"] == 0)
        still = service.get(path).json["completed"]
        # It would have ended, or gone on, within that.
        later = service.get(path + "?waitSecs=1", timeout=60).json
        self.assertEqual((later["completed"], later["isFinished"]),
                         (still, False))
        self.verb(service, "resume", "b")
        end = service.get(path + "?waitSecs=40", timeout=60).json
        self.assertEqual((end["state"], end["completed"]), ("finished", 25))
        self.assertIn("finished", self.verb(service, "list"))
        self.verb(service, "pause", "b", expect=2)

    def test_reports_tell_how_batches_stand_and_how_fast_they_are(self):
        service = self.keep(Service(
            "--report-interval", "0.2", "--log-level", "info",
            env=environment(ORCHESTRATOR_DATA=self.data), cwd=self.folder))
        self.verb(service, "start", json.dumps(self.spec(
            self.held_up(), pageSize=1, expectedItems=25)))
        service.process.wait_for_line(
            r"reporter report-batch batch=b state=running pages=\d+ .*"
            r"itemsPerSec=\d+\.\d left=\d+s")

        def listed():
            one = service.get("/api/v1/batches").json["items"][0]
            return one["itemsPerSec"] > 0 and one["etaSecs"] is not None
        wait_until(listed, what="a rate in the list")
        self.verb(service, "pause", "b")
        shown = self.binary("report", "--url", service.url)
        self.assertRegex(shown.stdout, r"(?m)^b +paused .* -$")
        self.verb(service, "resume", "b")
        self.write("go", "")
        service.get("/api/v1/batches/b?waitSecs=40", timeout=60)
        service.process.wait_for_line("report-batch batch=b state=finished")
        shown = self.binary("report", "--url", service.url)
        self.assertNotIn("BATCH", shown.stdout)

    def test_a_killed_service_goes_on_by_itself(self):
        service = self.serve()
        spec = self.spec(self.program(
            "time.sleep(0.1)\nnote(str(head['page']))"), pageSize=1)
        self.verb(service, "start", json.dumps(spec))
        wait_until(lambda: len(self.noted()) > 4)
        service.stop(signal.SIGKILL)
        end = self.serve().get("/api/v1/batches/b?waitSecs=40", timeout=60).json
        self.assertEqual(end["completed"], 25)
        self.assertEqual(len(set(self.noted())), 25)

    def test_a_task_of_the_process_before_does_the_page(self):
        service = self.serve()
        spec = dict(self.spec([], source={"kind": "ndjson",
                                          "path": self.rows(2)}),
                    processor={"kind": "task", "channel": "c"})
        service.call("POST", "/api/v1/batches", spec)

        def post(path, **body):
            return service.call("POST", f"/api/v1/{path}", body).json
        had = wait_until(lambda: post("channel/c/acquire", workerId="w",
                                      waitSecs=5)["task"])
        service.stop(signal.SIGKILL)
        service = self.serve()
        # The page has another task now, of the same key.
        wait_until(lambda: service.get("/api/v1/channels").json[0][
            "totalCount"] == 2, what="another task")
        post(f"task/{had['_id']}/release", workerId="w",
             output={"itemErrors": [{"item": 1, "error": "odd"}]})
        end = service.get("/api/v1/batches/b?waitSecs=20", timeout=60).json
        self.assertEqual((end["state"], end["completed"], end["itemErrors"]),
                         ("finished", 1, 1))

    def test_a_page_whose_worker_is_lost_is_not_done_twice(self):
        service = self.serve()
        spec = dict(self.spec([], source={"kind": "ndjson",
                                          "path": self.rows(2)}),
                    processor={"kind": "task", "channel": "c"}, pageSize=1,
                    retryMode="at-most-once")
        service.call("POST", "/api/v1/batches", spec)

        def post(path, **body):
            return service.call("POST", f"/api/v1/{path}", body)

        def acquire(**more):
            return post("channel/c/acquire?waitSecs=5", **more).json["task"]
        lost = acquire(workerId="dies", leaseSecs=0.5)
        self.assertEqual((lost["failOnLeaseEnd"], lost["remainingAttempts"]),
                         (True, 1))
        other = acquire(workerId="lives")
        self.assertNotEqual(other["_id"], lost["_id"])
        self.assertEqual(post(f"task/{other['_id']}/release", workerId="lives",
                              output={}).status, 200)
        end = service.get("/api/v1/batches/b?waitSecs=20", timeout=60).json
        self.assertEqual((end["state"], end["completed"], end["failed"]),
                         ("finished", 1, 1))
        failed = service.get("/api/v1/batches/b/pages?state=failed").json
        self.assertIn("worker dies", failed["items"][0]["error"])
        # Nobody gets it any more, and what comes late counts for nothing.
        self.assertIsNone(post("channel/c/acquire", workerId="x").json["task"])
        late = post(f"task/{lost['_id']}/release", workerId="dies", output={})
        self.assertEqual(late.status, 409)

    def test_failed_pages_are_listed_and_redriven_and_a_batch_is_cancelled(self):
        service = self.serve()
        flag = os.path.join(self.folder, "mended")
        spec = self.spec(self.program(
            f"sys.exit(0 if os.path.exists({flag!r}) else 'a bug')"),
            initialAttempts=1, extendedRetrySecs=0)
        path = "/api/v1/batches"
        self.assertEqual(service.call("POST", path, spec).status, 201)
        end = service.get(path + "/b?waitSecs=20", timeout=60).json
        self.assertEqual(end["failed"], 3)
        pages = service.get(path + "/b/pages?state=failed").json["items"]
        self.assertEqual([x["page"] for x in pages], [0, 1, 2])
        self.assertIn("a bug", pages[0]["error"])
        self.assertIn("a bug", self.verb(service, "status", "b"))
        self.write("mended", "")
        self.verb(service, "redrive", "b")
        end = service.get(path + "/b?waitSecs=20", timeout=60).json
        self.assertEqual((end["failed"], end["completed"]), (0, 3))
        service.call("POST", path, self.spec(["sleep", "30"], name="long"))
        self.verb(service, "cancel", "long")
        end = service.get(path + "/long?waitSecs=20", timeout=60).json
        self.assertEqual(end["state"], "cancelled")
        self.assertEqual(service.get(path + "/none").status, 404)
        self.assertEqual(
            service.call("POST", path + "/b/parallelism",
                         {"maxParallelism": -1}).status, 400)


class SamplesTest(PagesCase):
    """The examples, as they are but for the number of products."""

    def setUp(self):
        super().setUp()
        for name in os.listdir(EXAMPLES):
            shutil.copy(os.path.join(EXAMPLES, name), self.folder)
        self.products = 10_000
        subprocess.run([sys.executable, "make_shop.py", "shop.db",
                        str(self.products)], cwd=self.folder, check=True,
                       stdout=subprocess.DEVNULL, timeout=60)

    def example(self, name, **more):
        with open(os.path.join(self.folder, name), encoding="utf-8") as file:
            return dict(json.load(file), **more)

    def sample(self, name):
        """Runs one of samples.py, which checks what came of it."""
        done = subprocess.run(
            [sys.executable, os.path.join(EXAMPLES, "samples.py"), "--products",
             str(self.products), "--binary", BINARY, name],
            cwd=self.folder, text=True, capture_output=True, check=False,
            timeout=110, env=environment())
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_bo_s1_every_row_is_migrated_as_if_once(self):
        self.assertRegex(self.sample("migrate"),
                         r"^migrate: 10000 rows in 50 pages; \d+ were there")

    def test_bo_s2_a_batch_is_paused_in_the_middle_and_goes_on(self):
        self.assertRegex(self.sample("pause"),
                         r"^pause: paused after \d+ of 200 pages")

    def test_bo_s3_another_process_changes_the_limit_by_the_name(self):
        self.assertRegex(self.sample("limit"),
                         r"^limit: 200 pages, [2-8] at a time at most")

    def test_bo_s4_workers_do_the_pages_and_ctrl_c_stops_all(self):
        self.assertRegex(self.sample("workers"),
                         r"^workers: 50 pages; Ctrl-C ended [2-5] workers")

    def test_bo_24_bo_25_the_sample_tracker_warns(self):
        def told(stuck, hours):
            began = (datetime.datetime.now(datetime.timezone.utc)
                     - datetime.timedelta(hours=hours))
            return subprocess.run(
                [sys.executable, "tracker.py"], cwd=self.folder, text=True,
                input=json.dumps({"name": "b", "stuck": stuck,
                                  "startedAt": began.isoformat(),
                                  "args": {"hours": 1}}),
                capture_output=True, check=True).stderr
        self.assertEqual(told(0, 0), "")
        self.assertEqual(told(3, 0), "b: 3 pages are stuck\n")
        self.assertEqual(told(0, 1.5), "b: has taken 1.5 hours\n")

    def test_an_endpoint_and_a_tracker_with_a_last_step(self):
        endpoint = subprocess.Popen(
            [sys.executable, "endpoint.py", "0"], cwd=self.folder, text=True,
            stdout=subprocess.PIPE)
        self.addCleanup(endpoint.wait)
        self.addCleanup(endpoint.kill)
        self.addCleanup(endpoint.stdout.close)
        url = f"http://127.0.0.1:{int(endpoint.stdout.readline())}/"
        last = self.batch(self.example("endpoint.json", processor={
            "kind": "http", "url": url}))
        self.assertEqual((last["pages"], last["completed"]), (10, 10))
        last = self.batch(self.example("tracked.json"))
        with open(os.path.join(self.folder, "outcome.json"),
                  encoding="utf-8") as file:
            self.assertEqual(json.load(file)["items"], last["items"])

    def test_runs_do_the_pages_and_are_rejoined(self):
        platform = self.emulator()
        spec = self.spec(["true"], pageSize=5, name="by-runs", processor={
            "kind": "run", "actor": "emulator/scripted", "input": {
                "durationMs": 50, "list": {"$items": "$item"}}})
        variables = self.environment(platform)
        for _ in range(2):
            done = self.binary("batch", "run", json.dumps(spec), "--json",
                               **{k: v for k, v in variables.items()
                                  if k.startswith(("APIFY_", "ORCH"))})
            self.assertEqual(done.returncode, 0, done.stderr)
            last = json.loads(done.stdout.splitlines()[-1])
            self.assertEqual((last["pages"], last["completed"]), (5, 5))
        self.assertEqual(len(platform.runs()), 5)


if __name__ == "__main__":
    unittest.main()
