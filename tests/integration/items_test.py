"""`apify-orchestrator items` and `/api/v1/items`: what runs have produced."""

import http.server as http_server
import json
import os
import signal
import threading
import time
import unittest

from harness import TOKEN, Case, Process, http, request, wait_until


class Listener:
    """A server that knows nothing, and keeps all that it hears."""

    def __init__(self):
        self.heard = heard = []

        class Handler(http_server.BaseHTTPRequestHandler):
            def do_GET(self):
                heard.append(f"{self.path}\n{self.headers}")
                self.send_error(404)

            def log_message(self, *args):
                pass
        self._server = http_server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                       Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class Reading(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()
        self.served = self.service(self.platform)

    def submit(self, name, items=0, duration=50):
        self.served.submit(request(name, duration=duration,
                                   more_input={"items": items}))

    def finish(self, name, items):
        self.submit(name, items)
        self.assertEqual(self.served.run(name, wait=20)["state"], "finished")

    def dataset_of(self, name):
        return wait_until(lambda: self.served.run(name)["defaultDatasetId"],
                          what=f"a dataset of {name}")

    def push(self, dataset, *items):
        answer = http("POST", f"{self.platform.url}/v2/datasets/{dataset}/items"
                              f"?token={TOKEN}", list(items))
        self.assertEqual(answer.status, 201)

    def start(self, *args, url=None):
        return self.keep(Process(
            "items", *args, "--url", url or self.served.url,
            env=self.environment(self.platform), cwd=self.folder))

    def items(self, *args, expect=0, url=None):
        process = self.start(*args, url=url)
        self.assertEqual(process.finish(40), expect,
                         "\n".join(process.out + process.err))
        return process

    def keys(self, *args):
        return [(x["key"], x["index"]) for x in self.items(*args).events]


class Questions(Reading):
    def test_items_of_many_runs_come_in_the_order_of_the_names(self):
        self.finish("a", 3)
        self.finish("b", 2)
        expected = [("b", 0), ("b", 1), ("a", 0), ("a", 1), ("a", 2)]
        self.assertEqual(self.keys("b", "a"), expected)
        self.assertEqual(self.keys("b", "a", "--offset", "1", "--limit", "3"),
                         expected[1:4])
        self.assertEqual(sorted(self.keys("b", "a", "--unordered")),
                         sorted(expected))

    def test_the_api_streams_the_same(self):
        self.finish("a", 3)
        self.finish("b", 2)
        body = self.served.get("/api/v1/items?runs=b,a&fields=index")
        self.assertEqual(body.headers["Content-Type"],
                         "application/x-ndjson; charset=utf-8")
        self.assertEqual([json.loads(x)["index"] for x in body.text.split()],
                         [0, 1, 0, 1, 2])
        table = self.served.get("/api/v1/items?runs=a&format=csv&fields=index")
        self.assertEqual(table.text, "index\n0\n1\n2\n")

    def test_a_cursor_goes_on_page_by_page(self):
        self.finish("a", 5)
        self.finish("b", 4)
        seen, cursor = [], ""
        for _ in range(20):
            lines = [json.loads(x) for x in self.served.get(
                f"/api/v1/items?runs=a,b&limit=2&cursors=1&cursor={cursor}"
            ).text.splitlines()]
            got = [(x["key"], x["index"]) for x in lines if "key" in x]
            if not got:
                break
            seen += got
            cursor = lines[-1]["#cursor"]
        self.assertEqual(seen, [("a", i) for i in range(5)]
                         + [("b", i) for i in range(4)])

    def test_items_seen_before_are_left_out_if_asked(self):
        self.finish("a", 3)
        self.finish("b", 5)
        self.assertEqual([index for _, index in
                          self.keys("a", "b", "--dedupe-by", "index")],
                         [0, 1, 2, 3, 4])

    def test_clean_holds_on_every_page_and_ends_nothing_early(self):
        self.finish("a", 0)
        dataset = self.dataset_of("a")
        for start in range(0, 600, 200):
            self.push(dataset, *[{"index": i, "key": "a", "#h": 1} if i % 7 == 0
                                 else {} for i in range(start, start + 200)])
        found = self.items("a", "--clean").events
        self.assertEqual(found, [{"index": i, "key": "a"}
                                 for i in range(0, 600, 7)])

    def test_questions_that_make_no_sense_name_the_parameter(self):
        self.finish("a", 1)
        self.finish("b", 1)
        for query, word in (("", "runs"), ("runs=a,a", "twice"),
                            ("runs=a&cursor=zzz", "cursor"),
                            ("runs=a&format=xml", "format"),
                            ("runs=a,b&ordered=0&offset=1", "offset"),
                            ("runs=a&follow=1&desc=1", "desc"),
                            ("runs=a&follow=1&desc=true", "desc"),
                            ("runs=a&format=csv&cursors=1", "cursors"),
                            ("runs=a&colour=red", "colour")):
            answer = self.served.get(f"/api/v1/items?{query}")
            self.assertEqual(answer.status, 400, query)
            self.assertIn(word, answer.text)
        self.assertEqual(self.served.get("/api/v1/items?runs=none").status, 404)
        self.assertIn("--dataset", "\n".join(self.items(expect=2).err))

    def test_a_dataset_is_read_with_and_without_a_service(self):
        self.finish("a", 3)
        dataset = self.dataset_of("a")
        self.assertEqual(len(self.items("--dataset", dataset).out), 3)
        self.served.stop()
        env = self.environment(self.platform)
        for args in (["--dataset", dataset], ["a"], ["--dataset", dataset,
                                                     "--follow"]):
            done = self.binary("items", *args, "--api", self.platform.url,
                               "--token", TOKEN, **env)
            self.assertEqual(len(done.stdout.splitlines()), 3, done.stderr)

    def test_without_a_token_no_dataset_is_waited_for(self):
        env = self.environment(self.platform)
        del env["APIFY_TOKEN"]
        done = self.binary("items", "--dataset", "d", "--api",
                           self.platform.url, seconds=20, **env)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("give a token", done.stderr)

    def test_the_platform_never_sees_the_token_of_a_service(self):
        platform = self.keep(Listener())
        env = self.environment(self.platform, ORCHESTRATOR_TOKEN="of-a-service")
        self.binary("items", "--dataset", "d", "--api", platform.url,
                    "--token", TOKEN, **env)
        self.assertGreater(len(platform.heard), 1)
        self.assertNotIn("of-a-service", "\n".join(platform.heard))

    def test_items_go_into_a_new_dataset(self):
        self.finish("a", 3)
        self.finish("b", 2)
        dataset, = self.items("a", "b", "--to-dataset", "merged").out
        found = http("GET", f"{self.platform.url}/v2/datasets/{dataset}/items"
                            f"?token={TOKEN}").json
        self.assertEqual([(x["key"], x["index"]) for x in found],
                         [("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1)])
        again = self.items("a", "--to-dataset", "merged", expect=2)
        self.assertIn("has items already", "\n".join(again.err))


class Following(Reading):
    def test_a_run_is_followed_from_its_first_item_to_its_end(self):
        self.submit("a", duration=3000)
        follower = self.start("a", "--follow")
        dataset = self.dataset_of("a")
        for index in range(3):
            self.push(dataset, {"index": index})
            wait_until(lambda count=index + 1: len(follower.out) >= count,
                       what="an item at once")
        self.assertEqual(self.served.run("a")["state"], "running")
        self.assertEqual(follower.finish(40), 0)
        self.assertEqual([x["index"] for x in follower.events], [0, 1, 2])

    def test_a_service_that_is_killed_interrupts_no_reading(self):
        self.submit("a", duration=60000)
        dataset = self.dataset_of("a")
        self.push(dataset, {"index": 0})
        follower = self.start("a", "--follow")
        follower.wait_for_line('"index":0')
        self.served.stop(signal.SIGKILL)
        self.push(dataset, {"index": 1})
        self.served = self.service(
            self.platform, listen=self.served.url.removeprefix("http://"))
        # The one who follows goes on by itself.
        follower.wait_for_line('"index":1')
        self.assertEqual([x["index"] for x in follower.events], [0, 1])

    def test_a_reading_that_is_killed_goes_on_where_it_was(self):
        self.submit("a", duration=60000)
        dataset = self.dataset_of("a")
        command = ("a", "--follow", "--output", "a.ndjson", "--cursor", "@a.at")
        path = os.path.join(self.folder, "a.ndjson")

        def written():
            if not os.path.exists(path):
                return []
            with open(path, encoding="utf-8") as file:
                return file.read().splitlines()

        for kill in range(5):
            reader = self.start(*command)
            for index in range(kill * 20, kill * 20 + 20):
                self.push(dataset, {"index": index})
            wait_until(lambda: len(written()) > kill * 20 + 3,
                       what="some items")
            time.sleep(0.01 * kill)
            reader.process.kill()
            reader.process.wait()
        self.served.call("POST", "/api/v1/runs/a/abort")
        self.assertEqual(self.start(*command).finish(40), 0)
        self.assertEqual([json.loads(x)["index"] for x in written()],
                         list(range(100)))
        os.truncate(path, 20)
        shorter = self.start(*command)
        self.assertEqual(shorter.finish(40), 2)
        self.assertIn("remove the cursor file", "\n".join(shorter.err))
        self.assertEqual(os.path.getsize(path), 20)


if __name__ == "__main__":
    unittest.main()
