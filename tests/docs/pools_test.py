"""The pools of examples/pools can be read, and the one of words works."""

import glob
import json
import os
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.environ["ORC_BINARY"]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
EXAMPLES = os.path.join(ROOT, "examples")


class Pools(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="orc-pools-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.examples = os.path.join(self.folder, "examples")
        shutil.copytree(EXAMPLES, self.examples,
                        ignore=shutil.ignore_patterns("node_modules"))
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("APIFY_", "ORCHESTRATOR_"))}
        self.env = dict(kept, ORCHESTRATOR_DATA=os.path.join(self.folder, "d"))

    def run_binary(self, *words, **more):
        return subprocess.run([BINARY, *words], env=dict(self.env, **more),
                              cwd=os.path.join(self.examples, "pools"),
                              text=True, capture_output=True, timeout=60,
                              check=True).stdout

    def test_every_example_can_be_read(self):
        paths = glob.glob(os.path.join(self.examples, "pools", "*.toml"))
        self.assertGreaterEqual(len(paths), 3)
        for path in paths:
            self.run_binary("config", "--config", path)

    def test_the_words_are_counted(self):
        pid = int(self.run_binary("pool", "get-or-start", "--config",
                                  "words.toml", "--daemon", "--listen",
                                  "127.0.0.1:0"))
        log = os.path.join(self.folder, "d", "tmp", "workers",
                           "orchestrator.log")
        try:
            url = None
            while not url:
                with open(log, encoding="utf-8") as file:
                    lines = [x for x in file if x.startswith("listening on ")]
                url = lines and lines[0].split()[-1]
            group = json.loads(self.run_binary(
                "groups", "create", "words", "--json",
                ORCHESTRATOR_URL=url))["_id"]
            self.run_binary("tasks", "create", group, "--channel", "words",
                            "--input", '{"text": "to be or not to be"}',
                            ORCHESTRATOR_URL=url)
            done = {}
            while not done.get("isComplete"):
                done = json.loads(self.run_binary(
                    "tasks", "list", "--group", group, "--json",
                    ORCHESTRATOR_URL=url))[0]
            self.assertEqual(done["output"], 6)
        finally:
            stopped = self.run_binary("pool", "stop")
        self.assertEqual(stopped, f"stopped: {pid}\n")


if __name__ == "__main__":
    unittest.main()
