"""The Debian package: what is in it, and that it installs, runs and goes."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from package import built_package

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
UNIT = os.path.join(ROOT, "packaging", "systemd", "apify-orchestrator.service")


def run(*command, **more):
    return subprocess.run(command, text=True, check=True, capture_output=True,
                          timeout=120, **more).stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="orc-package-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.package = built_package()

    def test_it_has_all_that_a_service_needs(self):
        listed = run("dpkg-deb", "-c", self.package)
        files = {line.split()[-1][1:]: line for line in listed.splitlines()}
        for path in ("/usr/bin/apify-orchestrator",
                     "/usr/lib/systemd/system/apify-orchestrator.service",
                     "/usr/lib/systemd/system/"
                     "apify-orchestrator-backup.timer",
                     "/usr/share/man/man1/apify-orchestrator.1.gz",
                     "/usr/share/bash-completion/completions/"
                     "apify-orchestrator",
                     "/usr/share/doc/apify-orchestrator/operations.md",
                     "/etc/apify-orchestrator/config.toml",
                     "/etc/default/apify-orchestrator"):
            self.assertIn(path, files)
            self.assertIn(" root/root ", files[path])
        self.assertTrue(files["/etc/apify-orchestrator/credentials/"]
                        .startswith("drwx------"))

    def test_it_depends_on_the_libraries_of_the_binary(self):
        needed = run("dpkg-deb", "-f", self.package, "Depends")
        libraries = run("ldd", os.environ["ORC_BINARY"])
        for library, package in (("libcaf_core", "libcaf-core"),
                                 ("libsqlite3", "libsqlite3-0"),
                                 ("libsodium", "libsodium")):
            self.assertIn(library, libraries)
            self.assertIn(package, needed)
        self.assertIn("ca-certificates", needed)

    def test_configuration_is_kept_over_upgrades(self):
        control = os.path.join(self.folder, "control")
        run("dpkg-deb", "-e", self.package, control)
        self.addCleanup(shutil.rmtree, control)
        with open(os.path.join(control, "conffiles"), encoding="utf-8") as file:
            self.assertEqual(file.read().split(),
                             ["/etc/apify-orchestrator/config.toml",
                              "/etc/default/apify-orchestrator"])
        with open(os.path.join(control, "md5sums"), encoding="utf-8") as file:
            self.assertNotIn(ROOT, file.read())

    def test_the_binary_says_nothing_of_where_it_was_built(self):
        unpacked = os.path.join(self.folder, "unpacked")
        run("dpkg-deb", "-x", self.package, unpacked)
        self.addCleanup(shutil.rmtree, unpacked)
        binary = os.path.join(unpacked, "usr/bin/apify-orchestrator")
        sections = run("readelf", "-SW", binary)
        self.assertNotIn(".debug_info", sections)
        self.assertNotIn(".symtab", sections)

    @unittest.skipUnless(os.getuid() == 0, "dpkg installs for root only")
    def test_it_is_installed_runs_and_goes_again(self):
        root = os.path.join(self.folder, "root")
        for part in ("var/lib/dpkg/info", "var/lib/dpkg/updates",
                     "var/lib/dpkg/triggers"):
            os.makedirs(os.path.join(root, part))
        for name in ("status", "available"):
            with open(os.path.join(root, "var/lib/dpkg", name), "w",
                      encoding="utf-8"):
                pass
        dpkg = ("dpkg", f"--root={root}", "--force-depends",
                "--force-script-chrootless", "--no-triggers")
        run(*dpkg, "-i", self.package)
        binary = os.path.join(root, "usr/bin/apify-orchestrator")
        self.assertIn("apify-orchestrator", run(binary, "version"))
        config = os.path.join(root, "etc/apify-orchestrator/config.toml")
        shown = run(binary, "config", "--config", config,
                    env={"PATH": os.environ["PATH"]})
        self.assertIn('listen = "127.0.0.1:8484"', shown)
        completion = os.path.join(
            root, "usr/share/bash-completion/completions/apify-orchestrator")
        run("bash", "-n", completion)
        page = os.path.join(root, "usr/share/man/man1/apify-orchestrator.1.gz")
        self.assertIn(".Nm apify-orchestrator", run("gzip", "-dc", page))
        self.keep_configuration(root, dpkg, config, binary)

    def keep_configuration(self, root, dpkg, config, binary):
        with open(config, "a", encoding="utf-8") as file:
            file.write("max_concurrent_runs = 7\n")
        run(*dpkg, "-i", self.package)
        with open(config, encoding="utf-8") as file:
            self.assertIn("max_concurrent_runs = 7", file.read())
        run(*dpkg, "-r", "apify-orchestrator")
        self.assertFalse(os.path.exists(binary))
        self.assertTrue(os.path.exists(config))
        state = os.path.join(root, "var/lib/private/apify-orchestrator")
        os.makedirs(state)
        run(*dpkg, "-P", "apify-orchestrator")
        self.assertFalse(os.path.exists(config))
        self.assertFalse(os.path.exists(state))

    @unittest.skipUnless(os.getuid() == 0, "apt installs for root only")
    def test_apt_would_install_it(self):
        done = subprocess.run(
            ["apt-get", "install", "--simulate", "-o", "Debug::NoLocking=true",
             "--no-install-recommends", "--no-download", self.package],
            text=True, capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("Inst apify-orchestrator", done.stdout)


class Unit(unittest.TestCase):
    def setUp(self):
        with open(UNIT, encoding="utf-8") as file:
            self.text = file.read()

    def test_systemd_understands_all_of_it(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("no systemd here")
        done = subprocess.run(["systemd-analyze", "verify", UNIT], text=True,
                              capture_output=True, timeout=60, check=False)
        # The program and its manual are not where the unit will find them.
        problems = [line for line in (done.stdout + done.stderr).splitlines()
                    if "not executable" not in line and "man apify" not in line]
        self.assertEqual(problems, [])

    def test_it_is_ready_watched_reloaded_and_hardened(self):
        lines = set(self.text.splitlines())
        self.assertLessEqual({
            "Type=notify", "WatchdogSec=60", "Restart=always",
            "ExecReload=/bin/kill -HUP $MAINPID", "RestartPreventExitStatus=2",
            "DynamicUser=yes", "StateDirectory=apify-orchestrator",
            "ProtectSystem=strict", "NoNewPrivileges=yes"}, lines)
        self.assertRegex(self.text, r"(?m)^LoadCredential=\w+:/etc/")
        self.assertRegex(self.text, r"(?m)^TimeoutStopSec=\d+$")

    def test_its_command_line_is_one_that_the_binary_takes(self):
        command, = re.findall(r"(?m)^ExecStart=(.+)$", self.text)
        words = command.replace("${STATE_DIRECTORY}", "/nowhere").split()[1:]
        done = subprocess.run(
            [os.environ["ORC_BINARY"], *words], text=True, timeout=60,
            capture_output=True, check=False, env={"PATH": os.environ["PATH"]})
        # The file it names is another machine's.
        self.assertEqual(done.returncode, 2)
        self.assertIn("/etc/apify-orchestrator/config.toml", done.stderr)


if __name__ == "__main__":
    unittest.main()
