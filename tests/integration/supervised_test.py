"""`serve` under a service manager: what it says, when, and what it must not."""

import contextlib
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import (BINARY, TOKEN, Case, Process, Service, environment, http,
                     request, wait_until)
from supervisor import Held, Supervisor, thread_called


class Supervised(Case):
    def supervise(self, watchdog=None, address=None):
        return self.keep(Supervisor(
            address or os.path.join(self.folder, "notify"), watchdog))

    def serve(self, platform, supervisor, *args, env=None, **more):
        return self.service(platform, *args,
                            env=dict(supervisor.environment, **(env or {})),
                            **more)


class Readiness(Supervised):
    def test_it_is_ready_once_it_has_recovered_and_listens(self):
        platform = self.emulator()
        supervisor = self.supervise()
        served = self.serve(platform, supervisor)
        ready = supervisor.wait_for("READY", "1")
        self.assertEqual(ready["MAINPID"], str(served.process.process.pid))
        self.assertIn(served.url, ready["STATUS"])
        # The start may take its time: said before the store is opened.
        self.assertTrue(supervisor.having("EXTEND_TIMEOUT_USEC"))
        served.stop()
        self.assertTrue(supervisor.having("STOPPING", "1"))
        names = [next(iter(fields)) for _, fields in supervisor.heard]
        self.assertLess(names.index("READY"), names.index("STOPPING"))
        self.assertEqual(supervisor.beats, [])

    def test_an_abstract_socket_serves_as_well(self):
        platform = self.emulator()
        supervisor = self.supervise(
            address=f"@orchestrator-test-{os.getpid()}-{id(self)}")
        self.serve(platform, supervisor)
        supervisor.wait_for("READY", "1")

    def test_a_start_that_fails_says_why_and_never_that_it_is_ready(self):
        platform = self.emulator()
        os.mkdir(self.data)
        with open(os.path.join(self.data, "orchestrator.db"), "wb") as file:
            file.write(b"no database" * 1000)
        supervisor = self.supervise()
        with self.assertRaises(AssertionError):
            self.serve(platform, supervisor)
        supervisor.wait_for_status("orchestrator.db")
        self.assertEqual(supervisor.having("READY"), [])

    def test_a_socket_of_nobody_is_no_trouble(self):
        platform = self.emulator()
        served = self.service(platform, env={
            "NOTIFY_SOCKET": os.path.join(self.folder, "nobody")})
        self.assertEqual(served.stop(), 0)


class Watchdog(Supervised):
    def test_beats_come_while_all_goes_round_and_end_when_the_store_hangs(self):
        platform = self.emulator()
        supervisor = self.supervise(watchdog=1)
        served = self.serve(platform, supervisor)
        wait_until(lambda: len(supervisor.beats) >= 4, what="four beats")
        gaps = [y - x for x, y in zip(supervisor.beats, supervisor.beats[1:])]
        self.assertLess(min(gaps), 1)
        process = served.process.process.pid
        with Held(thread_called(process, "orc-store")):
            # One may be on its way.
            time.sleep(0.3)
            before = len(supervisor.beats)
            served.process.wait_for_line("heartbeat beat-missed")
            self.assertEqual(len(supervisor.beats), before)
            # The process lives all the same: threads of its own would beat on.
            self.assertEqual(served.get("/healthz").status, 200)
            answer = served.get("/readyz")
            self.assertEqual(answer.status, 503)
            self.assertIn("has not answered for 10 s",
                          answer.json["store"]["reason"])
            self.assertEqual(len(supervisor.beats), before)
        wait_until(lambda: len(supervisor.beats) > before,
                   what="beats after the disk came back")

    def test_another_process_s_watchdog_is_not_ours(self):
        platform = self.emulator()
        supervisor = self.supervise(watchdog=0.2)
        self.serve(platform, supervisor, env={"WATCHDOG_PID": "1"})
        supervisor.wait_for("READY", "1")
        supervisor.wait_for_status("runs live")
        self.assertEqual(supervisor.beats, [])


class Reload(Supervised):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator("--user", "second:second-token:8192:25")
        self.supervisor = self.supervise()
        self.config = self.write("orc.toml", self.options())
        self.served = self.serve(self.platform, self.supervisor)
        self.supervisor.wait_for("READY", "1")

    def options(self, top="", tables=""):
        return f"max_concurrent_runs = 1\n{top}\n{tables}\n".replace(
            "max_concurrent_runs = 1\nmax", "max")

    def reload(self, text):
        self.write("orc.toml", text)
        began = time.monotonic()
        self.served.process.send(signal.SIGHUP)
        ready = self.supervisor.wait_for("READY", "1", after=began)
        reloading = self.supervisor.having("RELOADING", "1")[-1][1]
        # What systemd compares with its own clock, in microseconds.
        self.assertLess(abs(int(reloading["MONOTONIC_USEC"]) / 1e6 - began), 20)
        return ready["STATUS"]

    def test_caps_hold_from_the_next_admission_on(self):
        self.served.submit([request(f"slow/{i}", duration=60000)
                            for i in range(3)])
        wait_until(lambda: len(self.platform.live()) == 1)
        self.reload("max_concurrent_runs = 3\n")
        wait_until(lambda: len(self.platform.live()) == 3)
        self.reload("max_concurrent_runs = 1\n")
        self.served.submit(request("later", duration=1))
        why = wait_until(lambda: self.served.run("later").get("reason"))
        self.assertIn("runs 3 of 1", why)
        self.assertEqual(len(self.platform.live()), 3)
        self.served.call("POST", "/api/v1/runs/abort", {"all": True})

    def test_tokens_of_the_api_change_at_once(self):
        self.reload('api_token = "first"\n')
        path = "/api/v1/report"
        wait_until(lambda: self.served.get(path).status == 401)
        bearer = {"Authorization": "Bearer first"}
        self.assertEqual(self.served.get(path, headers=bearer).status, 200)
        self.reload('api_token = "second"\n')
        wait_until(lambda: self.served.get(path, headers=bearer).status == 401)
        self.assertEqual(
            self.served.get(path, headers={"Authorization": "Bearer second"})
            .status, 200)

    def test_an_account_is_added_and_its_token_changed(self):
        body = request("there", account="second")
        self.assertEqual(self.served.submit(body).status, 404)
        account = '[[accounts]]\nname = "second"\ntoken = "second-token"\n'
        self.reload(account)
        self.assertEqual(self.served.submit(body).status, 201)
        self.assertEqual(self.served.run("there", 20)["status"], "SUCCEEDED")
        status = self.reload(account.replace("second-token", "wrong"))
        self.assertIn("refuses the token", status)
        body = request("again", account="second")
        self.served.submit(body)
        self.assertEqual(self.served.run("again", 20)["status"], "SUCCEEDED")
        status = self.reload("")
        self.assertIn("`second` stays until a restart", status)

    def test_budgets_and_the_log_level(self):
        budget = '[[budgets]]\nname = "b"\ncap_usd = {}\n'
        self.reload('[log]\nlevel = "debug"\n' + budget.format(5))
        shown = self.served.get("/api/v1/budgets").json["items"]
        self.assertEqual([(x["name"], x["capUsd"]) for x in shown], [("b", 5)])
        self.reload('[log]\nlevel = "debug"\n' + budget.format(7))
        shown = self.served.get("/api/v1/budgets").json["items"]
        self.assertEqual(shown[0]["capUsd"], 7)
        self.served.submit(request("seen"))
        self.served.process.wait_for_line(" debug ")

    def test_what_needs_a_restart_is_named_each_time(self):
        for _ in range(2):
            status = self.reload('listen = "127.0.0.1:1"\n[timing]\n'
                                 'max_overtake = 1\n')
            self.assertIn("needs a restart for timing.max_overtake", status)
        self.served.process.wait_for_line(
            "reload-kept option=timing.max_overtake needs a restart")

    def test_a_storm_of_reloads_while_runs_go_on(self):
        self.reload("max_concurrent_runs = 4\n")
        self.served.submit([request(f"s/{i}", duration=30) for i in range(60)])
        for i in range(40):
            self.write("orc.toml", f"max_concurrent_runs = {1 + i % 5}\n"
                                   f'[log]\nlevel = "{"debug" if i % 2 else "info"}"\n')
            self.served.process.send(signal.SIGHUP)
            time.sleep(0.02)
        wait_until(lambda: self.served.get("/api/v1/report")
                   .json["totals"]["statuses"] == {"SUCCEEDED": 60}, 60)
        self.assertEqual(self.platform.stats()["runsStarted"], 60)
        self.served.process.send(signal.SIGHUP)
        self.assertEqual(self.served.stop(), 0)

    def test_a_wrong_file_changes_nothing(self):
        status = self.reload("max_concurrent_runs = 0\n")
        self.assertIn("max_concurrent_runs", status)
        self.served.process.wait_for_line("reload reload-failed")
        self.assertEqual(self.served.get("/readyz").status, 200)
        status = self.reload("max_concurrent_runs = 2\n")
        self.assertNotIn("wrong", status)


class Truth(Supervised):
    def test_an_unreachable_platform_is_not_hidden(self):
        platform = self.emulator()
        served = self.service(platform)
        wait_until(lambda: served.get("/readyz").json["platform"][0]
                   ["reachable"])
        platform.stop()
        found = wait_until(lambda: self.unready(served), 60)
        self.assertTrue(found["store"]["writable"])
        self.assertEqual(found["platform"][0]["reachable"], False)
        self.assertIn("cannot reach the platform", found["reason"])
        # Who only wants to hand over work may say so.
        self.assertEqual(served.get("/readyz?exclude=platform").status, 200)
        self.assertEqual(served.get("/healthz").status, 200)
        self.assertEqual(served.get("/readyz?exclude=disk").status, 400)

    @staticmethod
    def unready(served):
        answer = served.get("/readyz")
        return answer.json if answer.status == 503 else None

    def test_a_platform_that_comes_back_is_seen(self):
        platform = self.emulator()
        port = platform.url.rsplit(":", 1)[1]
        platform.stop()
        served = self.service(platform)
        wait_until(lambda: self.unready(served), 60)
        self.keep(Process("emulate", "--listen", f"127.0.0.1:{port}",
                          "--user", f"tester:{TOKEN}:16384:25"))
        wait_until(lambda: served.get("/readyz").status == 200, 60)

    def test_a_full_disk_is_not_hidden(self):
        platform = self.emulator()
        served = self.service(platform)
        served.submit(request("before"))
        served.run("before", 20)
        process = served.process.process.pid
        size = max(os.path.getsize(os.path.join(self.data, name))
                   for name in os.listdir(self.data))
        soft, hard = resource.prlimit(process, resource.RLIMIT_FSIZE)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (4096, hard))
        self.assertGreater(size, 4096)
        found = wait_until(lambda: self.unready(served))
        self.assertFalse(found["store"]["writable"])
        self.assertIn("disk", found["store"]["reason"])
        self.assertEqual(served.get("/healthz").status, 200)
        resource.prlimit(process, resource.RLIMIT_FSIZE, (soft, hard))
        wait_until(lambda: served.get("/readyz").status == 200)
        served.submit(request("after"))
        self.assertEqual(served.run("after", 20)["status"], "SUCCEEDED")

    @unittest.skipUnless(os.getuid() == 0 and shutil.which("unshare"),
                         "needs root for a file system of its own")
    def test_a_full_file_system_is_not_hidden_and_nothing_is_lost(self):
        platform = self.emulator()
        os.mkdir(self.data)
        # In a mount namespace of its own, whose files are seen below /proc.
        wrapper = self.write("on-a-small-disk", "#!/bin/sh\n"
                             f"mount -t tmpfs -o size=3m tmpfs {self.data} && "
                             f'exec {BINARY} "$@"\n')
        served = subprocess.Popen(
            ["unshare", "-m", "sh", wrapper, "serve", "--listen",
             "127.0.0.1:0"], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=self.environment(platform))
        self.addCleanup(served.stdout.close)
        self.addCleanup(served.wait)
        self.addCleanup(served.kill)
        url = served.stdout.readline().split()[-1]
        self.take(url, "before")
        filler = f"/proc/{served.pid}/root{self.data}/filler"
        with open(filler, "wb", buffering=0) as file:
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(4096))
        found = wait_until(lambda: self.full(url))
        self.assertFalse(found["store"]["writable"])
        self.assertIn("disk", found["reason"])
        taken, refused = self.submit_until_refused(url)
        self.assertEqual(refused.status, 507, refused.text)
        os.remove(filler)
        wait_until(lambda: http("GET", url + "/readyz").status == 200)
        self.take(url, "after")
        names = ["before", *taken, "after"]
        for name in names:
            ended = http("GET", f"{url}/api/v1/runs/{name}?waitSecs=20")
            self.assertEqual(ended.json.get("status"), "SUCCEEDED", ended.text)
        self.assertEqual(platform.starts_by_key(), {x: 1 for x in names})

    def take(self, url, name):
        answer = http("POST", url + "/api/v1/runs", request(name))
        self.assertEqual(answer.status, 201, answer.text)

    @staticmethod
    def submit_until_refused(url):
        """A group of writes that failed leaves room in the log of the database,
        into which a few smaller ones fit: those are as durable as any."""
        taken = []
        while len(taken) < 100:
            name = f"late-{len(taken)}"
            answer = http("POST", url + "/api/v1/runs", request(name))
            if answer.status != 201:
                break
            taken.append(name)
        return taken, answer

    @staticmethod
    def full(url):
        answer = http("GET", url + "/readyz")
        return answer.json if answer.status == 503 else None

    def test_a_store_that_somebody_else_locks_is_not_hidden(self):
        platform = self.emulator()
        served = self.service(platform)
        other = sqlite3.connect(os.path.join(self.data, "orchestrator.db"),
                                isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        found = wait_until(lambda: self.unready(served))
        self.assertIn("another program", found["store"]["reason"])
        other.execute("ROLLBACK")
        wait_until(lambda: served.get("/readyz").status == 200)

    def test_a_database_that_is_gone_is_not_hidden(self):
        platform = self.emulator()
        served = self.service(platform)
        path = os.path.join(self.data, "orchestrator.db")
        os.rename(path, path + ".elsewhere")
        found = wait_until(lambda: self.unready(served))
        self.assertIn("orchestrator.db is gone", found["reason"])
        os.rename(path + ".elsewhere", path)
        wait_until(lambda: served.get("/readyz").status == 200)

    def test_a_backlog_counts_for_who_asks(self):
        platform = self.emulator()
        served = self.service(platform, "--max-concurrent-runs", "1")
        served.submit([request(f"b/{i}", duration=60000) for i in range(4)])
        wait_until(lambda: served.get("/readyz").json["backlog"]
                   == {"queued": 3, "live": 1})
        self.assertEqual(served.get("/readyz").status, 200)
        self.assertEqual(served.get("/readyz?maxQueued=3").status, 200)
        self.assertEqual(served.get("/readyz?maxQueued=2").status, 503)


class Log(Supervised):
    def test_json_is_one_object_a_line_with_an_event(self):
        platform = self.emulator()
        served = self.service(platform, "--log-format", "json")
        served.submit(request("j"))
        served.run("j", 20)
        served.stop()
        lines = [json.loads(line) for line in served.process.err]
        self.assertTrue(lines)
        for line in lines:
            self.assertLessEqual({"time", "level", "component", "event"},
                                 set(line))
        self.assertIn(("orchestrator", "ready"),
                      {(x["component"], x["event"]) for x in lines})

    def test_a_start_that_fails_is_an_event_too(self):
        done = self.binary("serve", "--listen", "0.0.0.0:0", "--log-format",
                           "json", "--data", self.data)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        line, = done.stderr.splitlines()
        self.assertEqual(json.loads(line)["event"], "start-failed")
        self.assertIn("ORCHESTRATOR_TOKEN", json.loads(line)["message"])

    def test_the_journal_gets_priorities_and_no_time(self):
        platform = self.emulator()
        path = os.path.join(self.folder, "journal")
        with open(path, "w", encoding="utf-8") as journal:
            there = os.fstat(journal.fileno())
            served = self.keep(Journaled(self, platform, journal, there))
            served.wait()
        with open(path, encoding="utf-8") as journal:
            lines = journal.read().splitlines()
        self.assertTrue(any(x.startswith("<6>orchestrator ready ")
                            for x in lines), lines)
        for line in lines:
            self.assertRegex(line, r"^<[3467]>")


class Journaled:
    """`serve` whose standard error leads to a file that the environment calls
    the journal."""

    def __init__(self, case, platform, journal, there):
        self.process = subprocess.Popen(
            [BINARY, "serve", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=journal, text=True,
            env=case.environment(
                platform, JOURNAL_STREAM=f"{there.st_dev}:{there.st_ino}"))

    def wait(self):
        line = self.process.stdout.readline()
        assert line.startswith("listening on "), line
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.process.stdout.close()


class Credentials(Supervised):
    def test_systemd_s_credentials_are_tokens(self):
        platform = self.emulator()
        folder = os.path.join(self.folder, "credentials")
        os.mkdir(folder)
        for name, text in (("apify-token", "integration-token\n"),
                           ("orchestrator-token", "api-secret\n"),
                           ("elsewhere", "integration-token\n")):
            self.write(os.path.join("credentials", name), text)
        def serve():
            return self.keep(Service(
                "--config", self.config, cwd=self.folder, env=environment(
                    APIFY_API_BASE_URL=platform.url,
                    ORCHESTRATOR_DATA=self.data,
                    CREDENTIALS_DIRECTORY=folder)))
        served = serve()
        self.assertEqual(served.get("/api/v1/report").status, 401)
        bearer = {"Authorization": "Bearer api-secret"}
        served.submit(request("c"), headers=bearer)
        wait_until(lambda: served.get("/api/v1/runs/c", headers=bearer)
                   .json["status"] == "SUCCEEDED")
        served.stop()
        self.config = self.write(
            "named.toml", 'token_file = "credential:elsewhere"\n')
        self.assertEqual(serve().get("/api/v1/report", headers=bearer).status,
                         200)

    def test_a_credential_that_is_not_there_is_named(self):
        config = self.write("c.toml", 'token_file = "credential:apify"\n')
        done = self.binary("serve", "--config", config)
        self.assertEqual(done.returncode, 2)
        self.assertIn("LoadCredential=apify:FILE", done.stderr)


if __name__ == "__main__":
    unittest.main()
