"""The Debian package as its users have it: installed by apt, run by systemd with
the unit as it is, on a machine of its own."""

import json
import os
import shutil
import sys
import unittest

from machine import Machine, is_possible
from package import built_package

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))

from harness import TOKEN, Emulator, http, request, wait_until  # noqa: E402
from supervisors import free_port  # noqa: E402

SERVICE = "apify-orchestrator"
STATE = "/var/lib/private/apify-orchestrator"


@unittest.skipUnless(is_possible(), "no machine with systemd can be made here")
class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.platform = Emulator()
        cls.addClassCleanup(cls.platform.stop)
        cls.url = f"http://127.0.0.1:{free_port()}"
        cls.machine = Machine()
        cls.addClassCleanup(cls.machine.stop)
        shutil.copy(built_package(), cls.machine.path("/root/package.deb"))
        cls.apt("install", "/root/package.deb")
        cls.after_install = cls.show("ActiveState")
        cls.machine.write("/etc/apify-orchestrator/credentials/apify-token",
                          TOKEN + "\n", 0o600)
        cls.machine.write("/etc/default/apify-orchestrator",
                          f"APIFY_API_BASE_URL={cls.platform.url}\n")
        cls.configure()
        cls.machine.systemctl("start", SERVICE)

    @classmethod
    def apt(cls, *command):
        return cls.machine.run("apt-get", "-y", "-q", "-o",
                               "APT::Sandbox::User=root", *command)

    @classmethod
    def show(cls, name):
        return cls.machine.systemctl("show", "--value", "-p", name,
                                     SERVICE).strip()

    @classmethod
    def configure(cls, more=""):
        cls.machine.write("/etc/apify-orchestrator/config.toml",
                          f'listen = "{cls.url[7:]}"\n{more}')

    def succeed(self, name):
        http("POST", self.url + "/api/v1/runs", request(name))
        run = http("GET", f"{self.url}/api/v1/runs/{name}?waitSecs=20").json
        self.assertEqual(run["status"], "SUCCEEDED", run)

    def test_it_is_not_started_before_it_has_a_token(self):
        self.assertEqual(self.after_install, "inactive")

    def test_it_works_as_a_user_of_its_own_whose_state_nobody_sees(self):
        self.succeed("dynamic")
        process = self.show("MainPID")
        user = self.machine.run("ps", "-o", "user=", "-p", process).strip()
        self.assertNotEqual(user, "root")
        state = os.stat(self.machine.path(STATE))
        self.assertEqual(state.st_mode & 0o777, 0o700)
        self.assertNotEqual(state.st_uid, 0)
        # Nothing else can be written, and nothing can be gained.
        status = self.machine.run("cat", f"/proc/{process}/status")
        self.assertRegex(status, r"NoNewPrivs:\s+1\n")
        self.assertRegex(status, r"CapBnd:\s+0+\n")
        self.assertRegex(status, r"Seccomp:\s+2\n")

    def test_the_journal_knows_priorities(self):
        self.succeed("journal")
        self.machine.run("journalctl", "--sync")
        lines = [json.loads(line) for line in self.machine.run(
            "journalctl", "-u", SERVICE, "-o", "json").splitlines()]
        ready, *_ = [x for x in lines
                     if str(x["MESSAGE"]).startswith("orchestrator ready ")]
        self.assertEqual(ready["PRIORITY"], "6")

    def test_what_it_does_is_in_the_status_and_reload_changes_caps(self):
        self.configure("max_concurrent_runs = 3\n[timing]\nlost_after = 7\n")
        self.addCleanup(self.configure)
        process = self.show("MainPID")
        self.machine.systemctl("reload", SERVICE)
        wait_until(lambda: "needs a restart for timing.lost_after"
                   in self.show("StatusText"))
        self.assertEqual(self.show("MainPID"), process)
        accounts = http("GET", self.url + "/api/v1/accounts").json["items"]
        self.assertEqual(accounts[0]["runLimit"], 3)

    def test_a_kill_is_survived(self):
        http("POST", self.url + "/api/v1/runs",
             request("killed", duration=3000))
        wait_until(lambda: "killed" in self.platform.starts_by_key())
        process = self.show("MainPID")
        self.machine.run("kill", "-9", process)
        wait_until(lambda: self.show("MainPID") not in ("0", process)
                   and self.show("ActiveState") == "active")
        run = http("GET", f"{self.url}/api/v1/runs/killed?waitSecs=20").json
        self.assertEqual(run["status"], "SUCCEEDED")
        self.assertEqual(self.platform.starts_by_key()["killed"], 1)

    def test_a_backup_is_restored_for_a_user_that_changes(self):
        self.succeed("saved")
        self.machine.run(SERVICE, "backup", "/tmp/backup", "--data", STATE)
        self.machine.systemctl("stop", SERVICE)
        self.assertEqual(self.show("Result"), "success")
        self.machine.run("mv", STATE, "/tmp/state.old")
        self.machine.run(SERVICE, "restore", "/tmp/backup", "--data", STATE)
        self.machine.systemctl("start", SERVICE)
        run = http("GET", f"{self.url}/api/v1/runs/saved").json
        self.assertEqual(run["status"], "SUCCEEDED")
        self.succeed("after-the-restore")

    def test_the_timer_s_service_backs_up_and_forgets_what_is_old(self):
        self.succeed("daily")
        folder = "/var/backups/apify-orchestrator"
        old = f"{folder}/2020-01-01T000000Z"
        self.machine.run("mkdir", "-p", old)
        self.machine.run("touch", "-d", "2020-01-01", old)
        self.machine.systemctl("start", "apify-orchestrator-backup.service")
        made, = os.listdir(self.machine.path(folder))
        self.assertRegex(made, r"^20\d\d-\d\d-\d\dT\d{6}Z$")
        self.assertNotEqual(made, os.path.basename(old))
        self.assertIn("orchestrator.db",
                      os.listdir(self.machine.path(f"{folder}/{made}")))
        self.assertEqual(self.show("ActiveState"), "active")
        # Nobody but root may read what has the sealed tokens and their key.
        mode = os.stat(self.machine.path(f"{folder}/{made}")).st_mode
        self.assertEqual(mode & 0o777, 0o700)
        self.machine.systemctl("enable", "apify-orchestrator-backup.timer")

    def test_an_upgrade_keeps_the_configuration_and_restarts(self):
        self.succeed("before-the-upgrade")
        process = self.show("MainPID")
        self.apt("install", "--reinstall", "/root/package.deb")
        wait_until(lambda: self.show("ActiveState") == "active")
        self.assertNotEqual(self.show("MainPID"), process)
        run = http("GET", self.url + "/api/v1/runs/before-the-upgrade").json
        self.assertEqual(run["status"], "SUCCEEDED")

    def test_z_purge_leaves_nothing(self):
        self.apt("remove", SERVICE)
        self.assertFalse(os.path.exists(self.machine.path(
            "/usr/bin/apify-orchestrator")))
        self.assertTrue(os.path.exists(self.machine.path(STATE)))
        self.apt("purge", SERVICE)
        for path in (STATE, "/etc/apify-orchestrator",
                     "/etc/default/apify-orchestrator"):
            self.assertFalse(os.path.lexists(self.machine.path(path)), path)


if __name__ == "__main__":
    unittest.main()
