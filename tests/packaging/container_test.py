"""The container image and its compose file. There need be no container runtime
here: what the image runs is run as it stands there, against the binary."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
FOLDER = os.path.join(ROOT, "packaging", "container")


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


class Image(unittest.TestCase):
    def setUp(self):
        self.text = read("packaging", "container", "Dockerfile").replace(
            "\\\n", " ")

    def instruction(self, name):
        return re.findall(rf"(?m)^{name} (.+)$", self.text)

    def listed(self, name):
        line = self.instruction(name)[-1]
        return json.loads(line[line.index("["):])

    def test_it_is_built_in_stages_of_what_is_there(self):
        self.assertEqual(self.instruction("FROM"),
                         ["debian:12-slim AS build", "debian:12-slim"])
        for line in self.instruction("COPY"):
            if not line.startswith("--from"):
                for source in line.split()[:-1]:
                    self.assertTrue(os.path.exists(os.path.join(ROOT, source)),
                                    source)
        # Every layer of the program, as the root's CMakeLists.txt names them.
        for layer in re.findall(r"(?m)^add_subdirectory\((\w+)\)",
                                read("CMakeLists.txt")):
            self.assertIn(f"{layer} {layer}", self.instruction("COPY"))

    def test_what_is_copied_is_all_that_the_build_needs(self):
        """As the image builds it, up to the compiler."""
        for name in (os.path.join("container", "Dockerfile"),
                     os.path.join("apify-actor", ".actor", "Dockerfile")):
            text = read("packaging", name).split("\nFROM ")[1]
            with tempfile.TemporaryDirectory() as folder:
                for line in re.findall(r"(?m)^COPY (.+)$", text):
                    *sources, to = line.split()
                    for source in sources:
                        self.copy(source, os.path.join(folder, to))
                for command in (("cmake", "--preset", "release"),
                                ("ninja", "-n", "-C", "build/release",
                                 "apify-orchestrator")):
                    done = subprocess.run(
                        command, cwd=folder, text=True, timeout=120,
                        capture_output=True, check=False)
                    self.assertEqual(done.returncode, 0,
                                     name + done.stdout + done.stderr)

    @staticmethod
    def copy(source, to):
        """As COPY does it: of a folder what is in it."""
        path = os.path.join(ROOT, source)
        if os.path.isdir(path):
            shutil.copytree(path, to, dirs_exist_ok=True)
        elif to.endswith(("/", "/.")):
            os.makedirs(to, exist_ok=True)
            shutil.copy(path, to)
        else:
            shutil.copy(path, to)

    def test_packages_come_from_the_one_list(self):
        self.assertNotIn("apt-get", self.text)
        self.assertIn("script/packages build", self.text)
        self.assertIn("script/packages runtime", self.text)

    def test_it_is_nobody_s_root(self):
        self.assertEqual(self.instruction("USER"), ["orchestrator"])

    def test_what_it_runs_serves_and_is_healthy_and_ends(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "orchestrator-token"), "w",
                      encoding="utf-8") as file:
                file.write("token of clients\n")
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = str(probe.getsockname()[1])
            words = [x.replace("8484", port) for x in
                     self.listed("ENTRYPOINT") + self.listed("CMD")]
            self.assertEqual(words[0], "apify-orchestrator")
            env = {"PATH": os.environ["PATH"],
                   "ORCHESTRATOR_DATA": os.path.join(folder, "data"),
                   "CREDENTIALS_DIRECTORY": folder}
            served = subprocess.Popen(
                [os.environ["ORC_BINARY"], *words[1:]], env=env, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                self.assertIn("listening on", served.stdout.readline())
                self.assertEqual(self.check_health(port), 0)
                served.send_signal(signal.SIGTERM)
                _, log = served.communicate(timeout=30)
            finally:
                served.kill()
                served.communicate()
            self.assertEqual(served.returncode, 0)
            for line in log.splitlines():
                self.assertIn("event", json.loads(line))
            self.assertNotEqual(self.check_health(port), 0)

    def check_health(self, port):
        line = self.instruction("HEALTHCHECK")[0]
        words = json.loads(line[line.index("["):])
        return subprocess.run([x.replace("8484", port) for x in words],
                              timeout=10, check=False,
                              capture_output=True).returncode

    def test_the_environment_is_one_that_the_binary_reads(self):
        names = re.findall(r"(\w+)=/\S+", " ".join(self.instruction("ENV")))
        self.assertEqual(names, ["ORCHESTRATOR_DATA", "CREDENTIALS_DIRECTORY"])


class Compose(unittest.TestCase):
    def setUp(self):
        self.text = read("packaging", "container", "compose.yaml")

    def test_it_builds_this_image_and_keeps_the_state(self):
        self.assertIn("dockerfile: packaging/container/Dockerfile", self.text)
        context, = re.findall(r"context: (\S+)", self.text)
        self.assertEqual(os.path.realpath(os.path.join(FOLDER, context)),
                         os.path.realpath(ROOT))
        self.assertIn("state:/var/lib/apify-orchestrator", self.text)

    def test_secrets_have_the_names_that_are_looked_for(self):
        secrets = self.text.split("\nsecrets:\n", 1)[1]
        names = re.findall(r"(?m)^  ([\w-]+):$", secrets)
        self.assertEqual(names, ["apify-token", "orchestrator-token"])
        loader = read("app", "config", "load.cpp")
        for name in names:
            self.assertIn(f'"{name}"', loader)
            self.assertIn(f"      - {name}\n", self.text)


if __name__ == "__main__":
    unittest.main()
