"""Our webhooks, verified by the libraries of Standard Webhooks and CloudEvents."""

import base64
import http.server
import json
import os
import re
import subprocess
import tempfile
import threading
import unittest
import urllib.request

from cloudevents.v1.http import from_http
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

SECRET = "whsec_" + base64.b64encode(os.urandom(32)).decode()


def launch(*args, env=None):
    """Starts a program of ours and returns its process and URL."""
    process = subprocess.Popen([os.environ["ORC_BINARY"], *args], text=True,
                               stdout=subprocess.PIPE, env=env,
                               stderr=subprocess.DEVNULL)
    for line in process.stdout:
        if found := re.search(r"(http://127\.0\.0\.1:\d+)", line):
            return process, found[1]
    raise RuntimeError(f"{args[0]} ended before it listened")


class WebhooksOutTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.received = []
        cls.ended = threading.Event()
        test = cls

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                test.received.append((dict(self.headers), body))
                self.send_response(204)
                self.end_headers()
                if b"run.ended" in body:
                    test.ended.set()

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=server.serve_forever).start()
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        cls.run_something(f"http://127.0.0.1:{server.server_address[1]}/")

    @classmethod
    def run_something(cls, receiver):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        config = os.path.join(folder.name, "orc.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f'[[webhooks]]\nname = "a"\nurl = "{receiver}"\n'
                       f'secret = "{SECRET}"\n')
        platform = cls.keep("emulate", "--listen", "127.0.0.1:0",
                            "--any-actor", "--duration-ms", "50")
        service = cls.keep(
            "serve", "--listen", "127.0.0.1:0", "--config", config, "--data",
            os.path.join(folder.name, "data"),
            env=dict(os.environ, APIFY_TOKEN="emulator-token",
                     APIFY_API_BASE_URL=platform))
        urllib.request.urlopen(urllib.request.Request(
            service + "/api/v1/runs", b'{"name":"a","actor":"acme/shop"}',
            {"Content-Type": "application/json"})).close()
        assert cls.ended.wait(60), "no webhook told of the end of the run"

    @classmethod
    def keep(cls, *args, env=None):
        process, url = launch(*args, env=env)

        def stop():
            process.terminate()
            process.wait()
            process.stdout.close()
        cls.addClassCleanup(stop)
        return url

    def test_standard_webhooks_verifies_each(self):
        for headers, body in self.received:
            verified = Webhook(SECRET).verify(body, headers)
            self.assertEqual(verified, json.loads(body))

    def test_standard_webhooks_finds_what_was_changed(self):
        headers, body = self.received[0]
        with self.assertRaises(WebhookVerificationError):
            Webhook(SECRET).verify(body.replace(b'"a"', b'"b"'), headers)
        other = "whsec_" + base64.b64encode(b"x" * 32).decode()
        with self.assertRaises(WebhookVerificationError):
            Webhook(other).verify(body, headers)

    def test_cloudevents_reads_each(self):
        kinds = []
        for headers, body in self.received:
            event = from_http(headers, body)
            kinds.append(event["type"])
            self.assertEqual(event["specversion"], "1.0")
            self.assertEqual(event["subject"], "default/a")
            self.assertEqual(event["id"], headers["webhook-id"])
            self.assertEqual(event.data["name"], "a")
        self.assertEqual(kinds[0], "apify-orchestrator.run.submitted")
        self.assertIn("apify-orchestrator.run.ended", kinds)


if __name__ == "__main__":
    unittest.main()
