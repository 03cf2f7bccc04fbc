"""Apify's Python client, whose answers are typed, against the emulator."""

import os
import re
import subprocess
import unittest
from datetime import timedelta

from apify_client import ApifyClient
from apify_client.errors import ApifyApiError

SCRIPTED = "tester/scripted"


def start_emulator():
    """Starts the emulator and returns its process and URL."""
    command = [os.environ["ORC_BINARY"], "emulate", "--listen", "127.0.0.1:0", "--any-actor"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if found := re.search(r"listening on (http:\S+)", line):
            return process, found[1]
    raise RuntimeError("the emulator ended before it listened")


class ClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.process, url = start_emulator()
        cls.client = ApifyClient(
            "emulator-token",
            api_url=url,
            min_delay_between_retries=timedelta(milliseconds=20),
        )

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        cls.process.wait()
        cls.process.stdout.close()

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


if __name__ == "__main__":
    unittest.main()
