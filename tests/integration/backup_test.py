"""Backups of a service that works, and services that go on from them."""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import unittest

from harness import Case, request, wait_until


class Backups(Case):
    def setUp(self):
        super().setUp()
        self.platform = self.emulator()
        self.copy = os.path.join(self.folder, "copy")

    def back_up(self, *, to=None, expect=0):
        done = self.binary("backup", to or self.copy,
                           ORCHESTRATOR_DATA=self.data)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done

    def restore(self, data, *, expect=0):
        done = self.binary("restore", self.copy, "--data", data)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done

    def test_a_backup_of_a_busy_service_goes_on_where_it_was(self):
        served = self.service(self.platform, "--max-concurrent-runs", "4")
        served.submit(request("done"))
        served.run("done", 20)
        served.submit(request("secret", token="integration-token"))
        group = served.call("POST", "/api/v1/task_groups", {"name": "g"}).json
        names = [f"busy/{i}" for i in range(200)]
        served.submit([request(x, duration=20) for x in names[:100]])
        wait_until(lambda: len(self.platform.runs()) > 10)
        # Writes go on in the middle of it.
        served.submit([request(x, duration=20) for x in names[100:]])
        said = self.back_up().stdout
        self.assertIn("orchestrator.db", said)
        self.assertIn("tasks.db", said)
        for name in names:
            served.run(name, 20)
        served.stop(signal.SIGKILL)
        self.data = os.path.join(self.folder, "restored")
        said = self.restore(self.data).stdout
        self.assertIn("not final", said)
        again = self.service(self.platform)
        self.assertEqual(again.run("done")["status"], "SUCCEEDED")
        wait_until(lambda: all(
            again.run(x, 5).get("status") == "SUCCEEDED" for x in names), 60)
        groups = again.get("/api/v1/task_groups").json
        self.assertIn(group["_id"], str(groups))
        # Sealed tokens can be opened: the key came along.
        again.submit(request("again", token="integration-token"))
        self.assertEqual(again.run("again", 20)["status"], "SUCCEEDED")

    def test_what_was_live_at_the_backup_is_joined_not_started_again(self):
        served = self.service(self.platform)
        served.submit([request(f"l/{i}", duration=3000) for i in range(5)])
        wait_until(lambda: len(self.platform.live()) == 5)
        wait_until(lambda: all(served.run(f"l/{i}")["state"] == "running"
                               for i in range(5)))
        self.back_up()
        served.stop(signal.SIGKILL)
        self.data = os.path.join(self.folder, "restored")
        self.assertIn("5 runs in it are not final",
                      self.restore(self.data).stdout)
        again = self.service(self.platform)
        for i in range(5):
            self.assertEqual(again.run(f"l/{i}", 20)["status"], "SUCCEEDED")
        self.assertEqual(set(self.platform.starts_by_key().values()), {1})

    def test_a_copy_is_private_whole_and_vouched_for(self):
        self.service(self.platform).stop()
        self.back_up()
        self.assertEqual(stat.S_IMODE(os.stat(self.copy).st_mode), 0o700)
        with open(os.path.join(self.copy, "SHA256SUMS"),
                  encoding="utf-8") as file:
            sums = dict(reversed(line.split()) for line in file)
        self.assertEqual(set(sums) | {"SHA256SUMS"},
                         set(os.listdir(self.copy)))
        for name, digest in sums.items():
            with open(os.path.join(self.copy, name), "rb") as file:
                self.assertEqual(hashlib.sha256(file.read()).hexdigest(),
                                 digest)
        subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"],
                       cwd=self.copy, check=True)

    def test_nothing_is_overwritten(self):
        self.service(self.platform).stop()
        self.back_up()
        self.assertIn("not empty", self.back_up(expect=2).stderr)
        self.assertIn("holds databases already",
                      self.restore(self.data, expect=2).stderr)
        served = self.service(self.platform)
        self.assertIn("in use by process",
                      self.restore(self.data, expect=2).stderr)
        served.stop()

    def test_a_damaged_copy_puts_nothing_in_place(self):
        self.service(self.platform).stop()
        self.back_up()
        path = os.path.join(self.copy, "orchestrator.db")
        with open(path, "r+b") as file:
            file.seek(5000)
            file.write(b"damage")
        fresh = os.path.join(self.folder, "fresh")
        self.assertIn("not what was backed up",
                      self.restore(fresh, expect=2).stderr)
        self.assertEqual(os.listdir(fresh), ["lock"])
        shutil.rmtree(self.copy)
        self.assertIn("SHA256SUMS", self.restore(fresh, expect=2).stderr)

    def test_what_was_cut_off_is_not_used_and_can_be_begun_anew(self):
        served = self.service(self.platform)
        served.submit(request("kept"))
        served.run("kept", 20)
        served.stop()
        os.mkdir(self.copy + ".partial")
        shutil.copy(os.path.join(self.data, "tasks.db"),
                    self.copy + ".partial")
        self.back_up()
        self.assertFalse(os.path.exists(self.copy + ".partial"))
        # A restore that was killed between two files.
        fresh = os.path.join(self.folder, "fresh")
        os.makedirs(os.path.join(fresh, "restoring"))
        shutil.copy(os.path.join(self.copy, "tasks.db"), fresh)
        done = self.binary("serve", "--listen", "127.0.0.1:0",
                           ORCHESTRATOR_DATA=fresh)
        self.assertEqual(done.returncode, 2)
        self.assertIn("restore was not finished", done.stderr)
        self.restore(fresh)
        self.assertFalse(os.path.exists(os.path.join(fresh, "restoring")))
        self.data = fresh
        self.assertEqual(self.service(self.platform).run("kept")["status"],
                         "SUCCEEDED")

    def test_what_holds_no_databases_is_no_backup(self):
        self.assertIn("holds no databases", self.back_up(expect=2).stderr)
        self.assertFalse(os.path.exists(self.copy))


if __name__ == "__main__":
    unittest.main()
