"""Where the items of a batch come from: each example of examples/batches, and
APIs that do what they like."""

import collections
import http.server as web
import json
import os
import shutil
import subprocess
import sys
import threading
import unittest

from harness import TOKEN, Case, Process, http, request, wait_until

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
EXAMPLES = os.path.join(ROOT, "examples", "batches")
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))

import postgres  # noqa: E402


class Batch(Case):
    def run_batch(self, spec, expect=0, **variables):
        """Returns what the batch said at its end."""
        done = self.binary("batch", "run", spec, "--data", self.data, "--json",
                           seconds=60, **variables)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        last = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(last["event"], "batch")
        return last

    def spec(self, source, command, **more):
        return self.write("spec.json", {
            "name": "b", "source": source, "maxParallelism": 2,
            "initialBackoffSecs": 0.05,
            "processor": {"kind": "command", "command": command}, **more})

    def keeping(self):
        """A command that keeps all items in files of its own."""
        return ["sh", "-c", f"tail -n +2 > {self.folder}/page-$$"]

    def items(self):
        """Returns how often each item was seen."""
        seen = collections.Counter()
        for name in os.listdir(self.folder):
            if name.startswith("page-"):
                with open(os.path.join(self.folder, name), encoding="utf-8") as x:
                    seen.update(x.read().splitlines())
        return seen


class Examples(Batch):
    COUNT = 5000

    def setUp(self):
        super().setUp()
        shutil.copytree(EXAMPLES, self.folder, dirs_exist_ok=True)
        subprocess.run([sys.executable, "make_products.py", str(self.COUNT)],
                       cwd=self.folder, check=True, timeout=30)

    def check(self, name, **variables):
        # Items failed, so not all is well.
        last = self.run_batch(f"{name}.json", expect=1, **variables)
        self.assertEqual(
            {"name": f"products-{name}", "completed": 5, "failed": 0, "stuck": 0,
             "pages": 5, "itemErrors": 5},
            {key: last[key] for key in ("name", "completed", "failed", "stuck",
                                        "pages", "itemErrors")})
        return last

    def test_files(self):
        for name in ("ndjson", "csv", "json"):
            with self.subTest(name):
                self.assertEqual(self.check(name)["items"], self.COUNT)

    def test_an_sqlite_database(self):
        self.assertEqual(self.check("sqlite")["items"], self.COUNT)

    def test_a_postgresql_database(self):
        with postgres.Cluster() as cluster:
            with open(os.path.join(self.folder, "products.sql"),
                      encoding="utf-8") as sql:
                cluster.sql(sql.read())
            last = self.check("postgres", PRODUCTS_DB=cluster.url)
            self.assertEqual(last["items"], self.COUNT)
            for path, text in self.texts_below(self.data):
                self.assertNotIn(postgres.PASSWORD.encode(), text, path)

    def test_an_http_api(self):
        api = subprocess.Popen(
            [sys.executable, "products_api.py", "0"], cwd=self.folder, text=True,
            env={**os.environ, "PRODUCTS_TOKEN": "s3cret"},
            stdout=subprocess.PIPE)
        self.addCleanup(api.stdout.close)
        self.addCleanup(api.wait)
        self.addCleanup(api.kill)
        last = self.check("http", PRODUCTS_URL=api.stdout.readline().strip(),
                          PRODUCTS_AUTHORIZATION="Bearer s3cret")
        self.assertEqual(last["items"], self.COUNT)

    def test_a_processor_that_fetches_its_pages(self):
        self.assertEqual(self.check("processor")["items"], self.COUNT)


class Faults(Batch):
    def test_what_is_wrong_with_a_source_names_the_member(self):
        for source, words in (
                ({"kind": "csv"}, "source.path: is missing"),
                ({"kind": "cvs", "path": "x"}, "kinds are ndjson (path), csv (path)"),
                ({"kind": "csv", "path": "x", "pathh": 1}, "did you mean `path`"),
                ({"kind": "postgres", "url": "nope", "table": "t",
                  "key": "id"}, "source.url: must be a PostgreSQL URL"),
                ({"kind": "sqlite", "path": "x", "query": "SELECT 1"},
                 "source.query: must say where a page begins")):
            done = self.binary("batch", "run", self.spec(source, ["true"]),
                               "--data", self.data)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(words, done.stderr)

    def test_without_libpq_it_says_what_to_install(self):
        broken = os.path.join(self.folder, "libraries")
        os.mkdir(broken)
        self.write("libraries/libpq.so.5", "no library")
        done = self.binary(
            "batch", "run", self.spec(
                {"kind": "postgres", "url": "postgresql://localhost/x",
                 "table": "t", "key": "id"}, ["true"]),
            "--data", self.data, LD_LIBRARY_PATH=broken)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("install libpq5", done.stderr)

    def test_a_malformed_line_breaks_the_chain_where_it_is(self):
        self.write("rows.ndjson", "1\n2\n3\n{4\n5\n")
        done = self.binary(
            "batch", "run",
            self.spec({"kind": "ndjson", "path": "rows.ndjson"},
                      self.keeping(), pageSize=2, initialAttempts=2),
            "--data", self.data, "--json")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn("rows.ndjson, line 4, byte 6", done.stdout + done.stderr)
        self.assertEqual(sorted(self.items()), ["1", "2"])


class Numbers(web.BaseHTTPRequestHandler):
    """An API of the numbers from 0 on, a fault on every other request."""

    protocol_version = "HTTP/1.1"
    COUNT = 300
    FAULTS = ("too many", "broken", "cut off", "closed", "no JSON", "few",
              "many", "wait")

    def do_GET(self):
        self.server.asked += 1
        fault = ""
        if self.server.asked % 2 == 0:
            fault = self.FAULTS[self.server.asked // 2 % len(self.FAULTS)]
        query = self.path.partition("?")[2]
        given = dict(x.split("=") for x in query.split("&") if x)
        size = int(given.get("limit", 7))
        size = {"few": 1, "many": size + 5}.get(fault, size)
        at = int(given.get("cursor", 0))
        end = min(self.COUNT, at + size)
        body = json.dumps({"items": list(range(at, end)),
                           "next": end if end < self.COUNT else None}).encode()
        if fault == "closed":
            self.close_connection = True
            return
        status = {"too many": 429, "broken": 500, "wait": 503}.get(fault, 200)
        if fault == "no JSON":
            body = b"<html>Back soon</html>"
        self.send_response(status)
        if fault == "wait":
            self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if fault == "cut off":
            body = body[:len(body) // 2]
            self.close_connection = True
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class HostileApi(Batch):
    def test_every_item_comes_once_whatever_an_api_does(self):
        with web.ThreadingHTTPServer(("127.0.0.1", 0), Numbers) as api:
            api.asked = 0
            worker = threading.Thread(target=api.serve_forever)
            worker.start()
            try:
                last = self.run_batch(self.spec(
                    {"kind": "http",
                     "url": f"http://127.0.0.1:{api.server_port}/numbers"},
                    self.keeping(), pageSize=7, initialAttempts=50))
            finally:
                api.shutdown()
                worker.join()
        self.assertEqual(last["items"], Numbers.COUNT)
        self.assertEqual(last["pages"], -(-Numbers.COUNT // 7))
        self.assertEqual(self.items(),
                         collections.Counter(map(str, range(Numbers.COUNT))))


class Datasets(Batch):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()
        self.launch(self.platform,
                    self.plan(request("shop", duration=600_000)))
        self.run_id = wait_until(self.platform.live)[0]["id"]
        self.dataset = self.call("GET", f"actor-runs/{self.run_id}")[
            "defaultDatasetId"]

    def call(self, method, path, body=None):
        answer = http(method, f"{self.platform.url}/v2/{path}?token={TOKEN}", body)
        self.assertLess(answer.status, 300, answer.text)
        return answer.json.get("data") if answer.text.strip() else None

    def push(self, first, last):
        self.call("POST", f"datasets/{self.dataset}/items",
                  [{"index": i, "other": "x"} for i in range(first, last)])

    def test_pages_come_while_a_run_works_and_end_with_it(self):
        self.push(0, 12)
        batch = self.keep(Process(
            "batch", "run", self.spec(
                {"kind": "dataset", "datasetId": self.dataset,
                 "fields": ["index"]}, self.keeping(), pageSize=10),
            "--data", os.path.join(self.folder, "batch"), "--json",
            env=self.environment(self.platform), cwd=self.folder))
        seen = wait_until(lambda: self.items().total() == 10 and self.items())
        self.assertEqual(seen['{"index":0}'], 1)
        self.push(12, 25)
        wait_until(lambda: self.items().total() == 20)
        self.assertIsNone(batch.process.poll())
        self.call("POST", f"actor-runs/{self.run_id}/abort")
        self.assertEqual(batch.finish(), 0, batch.err)
        last = batch.events[-1]
        self.assertEqual((last["pages"], last["items"]), (3, 25))
        self.assertEqual(self.items(), collections.Counter(
            f'{{"index":{i}}}' for i in range(25)))


if __name__ == "__main__":
    unittest.main()
