"""Apify's Python client, whose answers are typed, against the emulator."""

import concurrent.futures
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from datetime import timedelta

from apify_client import ApifyClient
from apify_client.errors import ApifyApiError

SCRIPTED = "tester/scripted"


def start(*args, **variables):
    """Starts the binary and returns its process and the URL it tells."""
    process = subprocess.Popen(
        [os.environ["ORC_BINARY"], *args], stdout=subprocess.PIPE, text=True,
        env=dict(os.environ, **variables))
    for line in process.stdout:
        if found := re.search(r"listening on (http:\S+)", line):
            return process, found[1]
    raise RuntimeError(f"{args[0]} ended before it listened")


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.connect(cls.launch("emulate", "--listen", "127.0.0.1:0", "--any-actor"))

    @classmethod
    def launch(cls, *args, **variables):
        process, url = start(*args, **variables)

        def stop():
            process.terminate()
            process.wait()
            process.stdout.close()
        cls.addClassCleanup(stop)
        return url

    @classmethod
    def connect(cls, url):
        cls.client = ApifyClient(
            "emulator-token",
            api_url=url,
            min_delay_between_retries=timedelta(milliseconds=20),
        )

    def call(self, run_input, **options):
        return self.client.actor(SCRIPTED).call(
            run_input=run_input, logger=None, **options
        )

    def test_a_user_has_a_name_and_limits(self):
        self.assertTrue(self.client.user("me").get().username)
        limits = self.client.user("me").limits()
        self.assertGreater(limits.limits.max_actor_memory_gbytes, 0)

    def test_a_call_returns_the_finished_run(self):
        run = self.call({"durationMs": 50, "items": 3}, memory_mbytes=256)
        self.assertEqual(run.status, "SUCCEEDED")
        self.assertEqual(run.options.memory_mbytes, 256)
        page = self.client.dataset(run.default_dataset_id).list_items()
        self.assertEqual(page.total, 3)

    def test_a_run_is_aborted_and_resurrected(self):
        run = self.client.actor(SCRIPTED).start(run_input={"durationMs": 600_000})
        client = self.client.run(run.id)
        client.abort()
        self.assertEqual(client.wait_for_finish().status, "ABORTED")
        self.assertEqual(client.resurrect().id, run.id)
        client.abort()
        self.assertEqual(client.wait_for_finish().status, "ABORTED")
        self.assertEqual(client.get().stats.resurrect_count, 1)

    def test_runs_are_listed_by_status(self):
        run = self.call({"durationMs": 0, "outcome": "FAILED"})
        runs = self.client.runs().list(status="FAILED", desc=True, limit=1)
        self.assertEqual([x.id for x in runs.items], [run.id])

    def test_a_log_is_read(self):
        run = self.call({"durationMs": 0})
        self.assertRegex(self.client.run(run.id).log().get(), r"^\d{4}-\d\d-\d\dT")

    def test_a_dataset_takes_items_and_gives_them_back(self):
        dataset = self.client.dataset(self.client.datasets().get_or_create().id)
        dataset.push_items([{"n": n} for n in range(5)])
        page = dataset.list_items(offset=1, limit=2)
        self.assertEqual(page.items, [{"n": 1}, {"n": 2}])
        self.assertEqual([x["n"] for x in dataset.iterate_items()], [0, 1, 2, 3, 4])

    def test_a_key_value_store_keeps_records(self):
        made = self.client.key_value_stores().get_or_create(name="python")
        store = self.client.key_value_store(made.id)
        store.set_record("STATE", {"done": [1, 2]})
        self.assertEqual(store.get_record("STATE")["value"], {"done": [1, 2]})
        self.assertIsNone(store.get_record("MISSING"))
        self.assertEqual([x.key for x in store.list_keys().items], ["STATE"])

    def test_a_request_queue_hands_out_requests_once(self):
        made = self.client.request_queues().get_or_create()
        queue = self.client.request_queue(made.id, client_key="worker")
        for _ in range(2):
            queue.add_request({"url": "http://site.example/", "uniqueKey": "1"})
        head = queue.list_and_lock_head(lock_duration=timedelta(seconds=60))
        self.assertEqual(len(head.items), 1)

    def test_webhooks_are_created_and_deleted(self):
        actor_id = self.client.actor(SCRIPTED).get().id
        webhook = self.client.webhooks().create(
            event_types=["ACTOR.RUN.SUCCEEDED"],
            request_url="http://127.0.0.1:9/",
            actor_id=actor_id,
        )
        self.client.webhook(webhook.id).delete()
        self.assertIsNone(self.client.webhook(webhook.id).get())

    def test_a_refusal_has_a_type(self):
        with self.assertRaises(ApifyApiError) as refusal:
            self.client.actor(SCRIPTED).start(memory_mbytes=300)
        self.assertEqual(refusal.exception.status_code, 400)


class GatewayTest(ClientTest):
    """All of it again, through the gateway of a service."""

    @classmethod
    def setUpClass(cls):
        platform = cls.launch("emulate", "--listen", "127.0.0.1:0", "--any-actor",
                              "--user", "tester:emulator-token:1024:25")
        folder = tempfile.mkdtemp(prefix="orc-clients-")
        cls.addClassCleanup(shutil.rmtree, folder, True)
        cls.connect(cls.launch(
            "serve", "--listen", "127.0.0.1:0", "--data", folder,
            "--log-level", "warn", APIFY_TOKEN="emulator-token",
            APIFY_API_BASE_URL=platform))

    def test_calls_wait_for_memory(self):
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            runs = list(pool.map(
                lambda _: self.call({"durationMs": 200, "items": 1}, memory_mbytes=128),
                range(20)))
        self.assertEqual({run.status for run in runs}, {"SUCCEEDED"})
        self.assertEqual(len({run.id for run in runs}), 20)
        page = self.client.dataset(runs[0].default_dataset_id).list_items()
        self.assertEqual(page.total, 1)


if __name__ == "__main__":
    unittest.main()
