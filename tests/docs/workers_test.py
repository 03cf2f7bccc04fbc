"""The workers of examples/workers do a task each."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

BINARY = os.environ["ORC_BINARY"]
EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                        "..", "..", "examples", "workers")


class Workers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("APIFY_", "ORCHESTRATOR_"))}
        self.env = dict(kept, ORCHESTRATOR_DATA=self.folder)
        served = self.start(BINARY, "serve", "--listen", "127.0.0.1:0",
                            stdout=subprocess.PIPE)
        self.url = served.stdout.readline().split()[-1]
        served.stdout.close()
        self.env["ORCHESTRATOR_URL"] = self.url

    def start(self, *command, **more):
        process = subprocess.Popen(command, env=self.env, text=True,
                                   stderr=subprocess.DEVNULL, **more)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def cli(self, *words):
        done = subprocess.run([BINARY, *words, "--json"], env=self.env,
                              text=True, capture_output=True, timeout=30,
                              check=True)
        return json.loads(done.stdout)

    def words_of(self, text):
        group = self.cli("groups", "create", "words")["_id"]
        task = self.cli("tasks", "create", group, "--channel", "words",
                        "--input", json.dumps({"text": text}))
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with urllib.request.urlopen(
                    f"{self.url}/api/v1/task/{task['_id']}") as answer:
                now = json.load(answer)
            if now["isComplete"]:
                return now["output"]
            time.sleep(0.05)
        self.fail(f"not done: {now}")

    def kit(self, command):
        self.start(BINARY, "worker", "--channel", "words", "--", command)

    def test_the_shell(self):
        self.kit(os.path.join(EXAMPLES, "count_words.sh"))
        self.assertEqual(self.words_of("to be or not to be"), 6)

    def test_cpp(self):
        program = os.path.join(self.folder, "count_words")
        subprocess.run(["c++", "-std=c++20", "-o", program,
                        os.path.join(EXAMPLES, "count_words.cpp")], check=True)
        self.kit(program)
        self.assertEqual(self.words_of("one two three"), {"words": 3})

    def test_python(self):
        self.start(sys.executable, os.path.join(EXAMPLES, "count_words.py"),
                   self.url)
        self.assertEqual(self.words_of("one two"), {"words": 2})


if __name__ == "__main__":
    unittest.main()
