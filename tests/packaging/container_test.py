"""What building and running the images does not show: images_test.py leaves out
the stage that compiles, and what only compose does."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest

from containers import COMPOSE, DOCKERFILE, ROOT, compose


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class Build(unittest.TestCase):
    def test_what_is_copied_is_all_that_the_build_needs(self):
        """As the image builds it, up to the compiler."""
        stage = read(DOCKERFILE).split("\nFROM ")[1]
        with tempfile.TemporaryDirectory() as folder:
            for line in re.findall(r"(?m)^COPY (.+)$", stage):
                *sources, to = line.split()
                for source in sources:
                    self.copy(source, os.path.join(folder, to))
            for command in (("cmake", "--preset", "release"),
                            ("ninja", "-n", "-C", "build/release",
                             "apify-orchestrator")):
                done = subprocess.run(command, cwd=folder, text=True,
                                      timeout=120, capture_output=True,
                                      check=False)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

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
        self.assertNotIn("apt-get", read(DOCKERFILE))


@unittest.skipUnless(os.path.exists("/usr/bin/docker-compose"),
                     "script/packages test installs docker-compose")
class Compose(unittest.TestCase):
    def setUp(self):
        self.file = compose()
        self.service = self.file["services"]["orchestrator"]

    def test_it_builds_what_there_is(self):
        build = self.service["build"]
        self.assertEqual(os.path.realpath(build["context"]), ROOT)
        self.assertEqual(os.path.join(ROOT, build["dockerfile"]), DOCKERFILE)
        dockerfile = read(DOCKERFILE)
        self.assertIn(f" AS {build['target']}\n", dockerfile)
        for name in build["args"]:
            self.assertIn(f"\nARG {name}=", dockerfile)

    def test_what_it_publishes_the_image_listens_to_for_this_machine_only(self):
        port = re.search(r"(?m)^EXPOSE (\d+)$", read(DOCKERFILE)).group(1)
        self.assertEqual(self.service["ports"],
                         [f"127.0.0.1:{port}:{port}/tcp"])

    def test_secrets_are_files_beside_it(self):
        for name, secret in self.file["secrets"].items():
            self.assertEqual(secret["file"],
                             os.path.join(os.path.dirname(COMPOSE), name))

    def test_it_waits_for_the_end_as_long_as_that_may_take(self):
        """65 s: see docs/operations.md."""
        seconds = int(self.service["stop_grace_period"].rstrip("s"))
        self.assertGreater(seconds, 65)


if __name__ == "__main__":
    unittest.main()
