"""What webhooks are told, whatever becomes of us and of them."""

import base64
import hashlib
import hmac
import http.server
import json
import threading
import unittest

from harness import Case, request, wait_until

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = "whsec_" + base64.b64encode(KEY).decode()


class Receiver:
    """Notes what it is sent and answers as it is told."""

    def __init__(self):
        self.requests = []
        self.status = lambda event: 200
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                event = json.loads(body)
                status = receiver.status(event)
                receiver.requests.append((self.path, self.headers, body, status))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/secret-path"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def events(self):
        """All that was taken, repeats included."""
        return [json.loads(body) for _, _, body, status in list(self.requests)
                if status == 200]

    def ends(self):
        return {event["subject"] for event in self.events()
                if event["type"].endswith("run.ended")}


class WebhooksTest(Case):
    def setUp(self):
        super().setUp()
        self.receiver = self.keep(Receiver())
        self.platform = self.emulator()

    def configure(self, url=None, more=""):
        self.config = self.write("hooks.toml", f"""
[timing]
reconcile_window = 4
[[webhooks]]
name = "ops"
url = "{url or self.receiver.url}"
secret = "{SECRET}"
{more}
""")

    def hook(self, service):
        return service.get("/api/v1/webhooks").json["items"][0]

    def test_each_fact_about_a_run_is_told_in_order(self):
        self.configure()
        service = self.service(self.platform)
        service.submit([request("a"), request("b/1")])
        wait_until(lambda: self.receiver.ends() == {"default/a", "default/b/1"})
        wait_until(lambda: self.hook(service)["pending"] == 0)
        kinds = [event["type"] for event in self.receiver.events()
                 if event["subject"] == "default/b/1"]
        self.assertEqual(kinds[:4], ["apify-orchestrator.run.submitted",
                                     "apify-orchestrator.run.starting",
                                     "apify-orchestrator.run.started",
                                     "apify-orchestrator.run.ended"])

    def test_a_request_is_a_signed_cloud_event(self):
        self.configure()
        service = self.service(self.platform)
        service.submit(request("a"))
        wait_until(self.receiver.ends)
        path, headers, body, _ = self.receiver.requests[0]
        event = json.loads(body)
        self.assertEqual(path, "/secret-path")
        self.assertEqual(headers["Content-Type"],
                         "application/cloudevents+json; charset=utf-8")
        self.assertEqual(event["specversion"], "1.0")
        self.assertEqual(event["data"]["name"], "a")
        self.assertEqual(headers["webhook-id"], event["id"])
        signed = b".".join([headers["webhook-id"].encode(),
                            headers["webhook-timestamp"].encode(), body])
        digest = hmac.new(KEY, signed, hashlib.sha256).digest()
        self.assertEqual(headers["webhook-signature"],
                         "v1," + base64.b64encode(digest).decode())

    def test_a_receiver_that_was_down_is_told_later(self):
        self.configure()
        self.receiver.status = lambda event: 503
        service = self.service(self.platform)
        service.submit([request(f"run-{i}") for i in range(20)])
        for i in range(20):
            self.assertEqual(service.run(f"run-{i}", 20)["state"], "finished")
        self.assertEqual(self.hook(service)["state"], "failing")
        self.receiver.status = lambda event: 200
        wait_until(lambda: len(self.receiver.ends()) == 20, 60)
        self.assertEqual(self.hook(service)["state"], "active")

    def test_what_is_durable_is_told_although_we_are_killed(self):
        self.configure(more='events = "run.ended"')
        for point in ("submitted", "end-saved", "hook-answered"):
            names = [f"{point}-{i}" for i in range(4)]
            plan = self.plan(*[request(name) for name in names])
            killed = self.launch(self.platform, plan,
                                 env={"ORCHESTRATOR_FAULT_POINT": point + ":1"})
            self.assertEqual(killed.finish(), -9, killed.err)
            self.run_plan(self.platform, plan)
            ended = {f"default/{name}" for name in names}
            wait_until(lambda: ended <= self.receiver.ends())
        ids = {}
        for event in self.receiver.events():
            ids.setdefault(event["subject"], set()).add(event["id"])
        self.assertEqual({len(found) for found in ids.values()}, {1})

    def test_what_run_leaves_is_told_by_the_next(self):
        self.configure()
        self.receiver.status = lambda event: 500
        self.run_plan(self.platform, self.plan(request("a")))
        self.assertEqual(self.receiver.ends(), set())
        self.receiver.status = lambda event: 200
        service = self.service(self.platform)
        wait_until(lambda: self.receiver.ends() == {"default/a"})
        wait_until(lambda: self.hook(service)["pending"] == 0)

    def test_410_disables_and_redriving_enables(self):
        self.configure()
        self.receiver.status = lambda event: 410
        service = self.service(self.platform)
        service.submit(request("a"))
        wait_until(lambda: self.hook(service)["state"] == "disabled")
        service.run("a", 20)
        dead = service.get("/api/v1/webhooks/ops/deliveries?state=dead").json
        self.assertGreaterEqual(len(dead["items"]), 1)
        self.assertEqual(dead["items"][0]["event"]["subject"], "default/a")

        service.stop()
        service = self.service(self.platform)
        self.assertEqual(self.hook(service)["state"], "disabled")
        self.receiver.status = lambda event: 200
        told = self.client(service, "webhooks", "--redrive", "ops")
        self.assertIn("sent again", told.stdout)
        wait_until(lambda: self.hook(service)["dead"] == 0
                   and self.hook(service)["pending"] == 0)
        self.assertEqual(self.hook(service)["state"], "active")

    def test_a_receiver_that_hangs_slows_no_run(self):
        release = threading.Event()
        self.addCleanup(release.set)
        self.configure()

        def hang(event):
            release.wait(30)
            return 200
        self.receiver.status = hang
        service = self.service(self.platform)
        service.submit([request(f"run-{i}") for i in range(20)])
        for i in range(20):
            self.assertEqual(service.run(f"run-{i}", 20)["state"], "finished")
        self.assertEqual(self.receiver.events(), [])
        release.set()

    def test_a_webhook_tells_of_failures_only_if_asked_to(self):
        self.configure(more='only_failures = true')
        service = self.service(self.platform)
        service.submit([request("good"),
                        request("bad", more_input={"outcome": "FAILED"})])
        wait_until(lambda: self.receiver.ends() == {"default/bad"})
        service.run("good", 20)
        subjects = {event["subject"] for event in self.receiver.events()}
        self.assertEqual(subjects, {"default/bad"})

    def test_what_is_secret_is_never_shown(self):
        self.configure(more="")
        self.receiver.status = lambda event: 500
        service = self.service(self.platform)
        service.submit(request("a"))
        wait_until(lambda: self.hook(service)["failedAttempts"] > 0)
        shown = [json.dumps(self.hook(service)),
                 service.get("/metrics").text,
                 service.get("/api/v1/webhooks/ops/deliveries").text,
                 self.client(service, "webhooks").stdout,
                 self.binary("config", "--config", self.config).stdout]
        service.stop()
        shown += service.process.err
        for text in shown:
            self.assertNotIn("secret-path", text)
            self.assertNotIn(SECRET[6:], text)
        for _, content in self.texts_below(self.data):
            self.assertNotIn(b"secret-path", content)

    def test_a_private_receiver_needs_leave_unless_we_are_private(self):
        self.configure("http://127.0.0.1:9/")
        refused = self.binary("serve", "--config", self.config, "--data",
                              self.data, "--listen", "0.0.0.0:0",
                              APIFY_TOKEN="t", ORCHESTRATOR_TOKEN="o")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("webhooks[0].url", refused.stderr)
        self.assertIn("allow_private", refused.stderr)

    def test_a_webhook_that_makes_no_sense_is_refused_by_name(self):
        for more, option in (('events = "run.finished"', "webhooks[0].events"),
                             ("max_in_flight = 0", "webhooks[0].max_in_flight"),
                             ('secret = "x"', "webhooks[0].secret"),
                             ("retries = 3", "webhooks[0].retries")):
            text = f'[[webhooks]]\nname = "a"\nurl = "http://127.0.0.1:9"\n{more}\n'
            refused = self.binary("config", "--config",
                                  self.write("bad.toml", text))
            self.assertEqual(refused.returncode, 2)
            self.assertIn(option, refused.stderr)

    def client(self, service, *args):
        return self.binary(*args, "--url", service.url)


if __name__ == "__main__":
    unittest.main()
