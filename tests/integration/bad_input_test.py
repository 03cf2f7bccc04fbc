"""What is wrong is told once, clearly, before anything is started."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import unittest

from harness import BINARY, TOKEN, Case, request


class Bad(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()

    def refuse(self, *args, says=(), stdin="", limits=None, variables=None):
        """Expects exit 2, one error, and that nothing is started."""
        done = subprocess.run(
            [BINARY, *args], input=stdin, text=True, capture_output=True,
            timeout=40, check=False, cwd=self.folder, preexec_fn=limits,
            env=self.environment(self.platform, **(variables or {})))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        for text in says:
            self.assertIn(text, done.stderr)
        self.assertNotIn(TOKEN, done.stderr)
        told = [x for x in done.stderr.splitlines()
                if x.startswith("apify-orchestrator: ")]
        self.assertEqual(len(told), 1, done.stderr)
        self.assertEqual(self.platform.stats()["runsStarted"], 0)
        return done.stderr


class Plans(Bad):
    def test_every_error_names_the_field(self):
        cases = [
            ('{"runs":[\n  {"name":"a" "actor":"x"}]}', ["line 2", "column"]),
            ('{"runs":[{"name":"a","actor":"x"}],"extra":1}', ["extra"]),
            ('{"runs":[{"name":"a","actor":"x","inptu":1}]}',
             ["runs[0].inptu", "input"]),
            ('{"runs":[{"actor":"x","options":{"memory":128}}]}',
             ["runs[0].options.memory"]),
            ('{"runs":[{"actor":"x","options":{"memoryMbytes":300}}]}',
             ["runs[0].options.memoryMbytes", "power of two"]),
            ('{"runs":{}}', ["runs"]),
            ('{"runs":[]}', ["runs"]),
            ('{}', []),
            ('[]', []),
            ('', []),
            ('hello', ["line 1"]),
            ('{"name":"ä","actor":"x"}', ["name"]),
            ('{"name":"a","actor":"x"}\n{"name":"b","task":1}', ["line 2", "task"]),
            ('{"name":"a","actor":"x"}\n\n{"name":"a","actor":"x"}',
             ["line 3", "`a`", "line 1"]),
            ('{"name":"a","actor":"x","onTimedOut":"never"}', ["onTimedOut"]),
            ('{"name":"a","actor":"x","attempts":101}', ["attempts"]),
            ('{"name":"a","actor":"x","options":{"maxTotalChargeUsd":-1}}',
             ["maxTotalChargeUsd"]),
            ('{"name":"a","actor":"x","options":{"webhooks":{}}}', ["webhooks"]),
            ('{"name":"a","task":"t","input":[1]}', ["input"]),
            ('{"name":"%s","actor":"x"}' % ("n" * 201), ["name"]),
            ('{"name":"a","actor":"x","token":7}', ["token"]),
        ]
        for text, says in cases:
            with self.subTest(text=text[:60]):
                self.refuse("run", "-", stdin=text, says=says)
        self.assertFalse(os.path.exists(self.data))

    def test_a_single_run_is_checked_as_well(self):
        for args, says in (
                (["--input", "{oops"], ["--input", "line 1"]),
                (["--input", "@missing.json"], ["missing.json"]),
                (["--memory", "100"], ["memoryMbytes", "power of two"]),
                (["--memory", "lots"], ["--memory"]),
                (["--timeout", "-5"], ["timeout"]),
                (["--task", "y"], ["actor", "task"]),
                (["--format", "xml"], ["--format"]),
                (["--max-memory", "-1"], ["max"]),
                (["--max-concurrent-runs", "0"], ["max"])):
            with self.subTest(args=args):
                self.refuse("run", "--actor", "x", *args, says=says)

    def test_an_input_of_9_5_megabytes(self):
        big = request("x", more_input={"text": "x" * 9_500_000})
        self.refuse("run", self.plan(big), says=["runs[0].input", "9437184"])


class Platforms(Bad):
    def test_a_wrong_token(self):
        self.refuse("run", "--actor", "x", "--token", "wrong-token-5",
                    says=["token"])
        self.refuse("serve", "--listen", "127.0.0.1:0", "--token", "wrong",
                    says=["token"])

    def test_addresses_that_cannot_be(self):
        for url, says in (("http://api.example.com", ["https"]),
                          ("ftp://127.0.0.1", ["ftp://127.0.0.1"]),
                          ("nonsense", ["nonsense"]),
                          ("http://127.0.0.1:1", ["http://127.0.0.1:1",
                                                  "cannot be reached"])):
            with self.subTest(url=url):
                self.refuse("run", "--actor", "x", "--api", url, says=says)

    def test_a_platform_that_speaks_no_tls(self):
        url = self.platform.url.replace("http:", "https:")
        self.refuse("run", "--actor", "x", "--api", url, says=[url])


class Disks(Bad):
    def plan_of_one(self):
        return self.plan(request("x"))

    def finished_store(self):
        """A data directory with one run that is done."""
        self.run_plan(self.platform, self.plan(request("before")))
        return next(os.path.join(self.data, x) for x in os.listdir(self.data)
                    if x.endswith((".db", ".sqlite", ".sqlite3")))

    def refuse_store(self, *says, **more):
        before = self.platform.stats()["runsStarted"]
        done = subprocess.run(
            [BINARY, "run", self.plan_of_one()], text=True, capture_output=True,
            timeout=40, check=False, cwd=self.folder,
            env=self.environment(self.platform), **more)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        for text in says:
            self.assertIn(text, done.stderr)
        self.assertEqual(self.platform.stats()["runsStarted"], before)
        return done.stderr

    def test_a_directory_that_another_process_uses(self):
        self.service(self.platform)
        self.refuse_store(self.data, "process")

    def test_a_store_that_is_no_database(self):
        store = self.finished_store()
        with open(store, "wb") as file:
            file.write(b"This is no database, whatever you think. " * 500)
        self.refuse_store(store)
        with open(store, "rb") as file:
            self.assertTrue(file.read().startswith(b"This is no database"))

    def test_a_store_with_a_hole(self):
        store = self.finished_store()
        size = os.path.getsize(store)
        with open(store, "r+b") as file:
            file.seek(4096)
            file.write(b"\xa5" * (size - 4096))
        self.refuse_store(store)

    def test_a_store_of_a_newer_version(self):
        store = self.finished_store()
        database = sqlite3.connect(store)
        version = database.execute("PRAGMA user_version").fetchone()[0]
        database.execute(f"PRAGMA user_version = {version + 50}")
        database.commit()
        database.close()
        self.refuse_store(store, "newer")

    def test_a_key_that_does_not_open_the_store(self):
        platform = self.platform = self.emulator("--user", "second:own-token")
        plan = self.plan(request("own", token="own-token"), name="own.json")
        self.run_plan(platform, plan)
        key = os.path.join(self.data, "seal.key")
        with open(key, "rb") as file:
            right = file.read()
        for wrong in (bytes(len(right)), b"short"):
            with open(key, "wb") as file:
                file.write(wrong)
            self.refuse_store("seal.key")
        os.remove(key)
        self.refuse_store("seal.key", "missing")
        with open(key, "wb") as file:
            file.write(right)
        self.run_plan(platform, plan)
        self.assertEqual(platform.starts_by_key(), {"own": 1})

    def test_a_file_in_the_place_of_the_directory(self):
        self.write("data", "not a folder")
        self.refuse_store(self.data)

    def test_a_full_disk_starts_nothing_and_loses_nothing(self):
        self.finished_store()
        def tiny():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        self.refuse_store(preexec_fn=tiny)
        self.run_plan(self.platform, self.plan(request("before")))
        self.assertEqual(self.platform.starts_by_key(), {"before": 1})

    def test_a_disk_that_fills_up_while_it_serves(self):
        def small():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))
        served = self.service(self.platform, limits=small)
        stored = []
        for i in range(20):
            body = request(f"r{i}", more_input={
                "blob": os.urandom(60_000).hex()})
            answer = served.submit(body)
            if answer.status != 201:
                break
            stored.append(f"r{i}")
        self.assertEqual(answer.status, 507, answer.text)
        self.assertEqual(sorted(answer.json["error"]), ["message", "type"])
        self.assertGreater(len(stored), 0)
        served.stop(signal.SIGKILL)
        served = self.service(self.platform)
        for name in stored:
            self.assertEqual(served.run(name, 30)["status"], "SUCCEEDED")
        self.assertEqual(self.platform.starts_by_key(),
                         dict.fromkeys(stored, 1))

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("setpriv"),
                         "needs root to become somebody who may not write")
    def test_a_read_only_directory(self):
        os.makedirs(self.data)
        os.chmod(self.data, 0o555)
        os.chmod(self.folder, 0o755)
        plan = self.plan_of_one()
        done = subprocess.run(
            ["setpriv", "--reuid", "65534", "--regid", "65534",
             "--clear-groups", BINARY, "run", plan], text=True,
            capture_output=True, timeout=40, check=False, cwd="/",
            env=self.environment(self.platform))
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn(self.data, done.stderr)
        self.assertEqual(self.platform.stats()["runsStarted"], 0)


if __name__ == "__main__":
    unittest.main()
