"""docs/operations.md, the dashboard, the alerts and docs/api.md say what the
service says."""

import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

import api_document
from promtool import promtool

BINARY = os.environ["ORC_BINARY"]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
ALERTS = os.path.join(ROOT, "packaging", "prometheus", "apify-orchestrator.yml")
ALERTS_TEST = os.path.join(ROOT, "tests", "docs", "alerts_test.yml")

CONFIG = """
[[budgets]]
name = "all"
cap_usd = 10
[[webhooks]]
name = "hook"
url = "http://127.0.0.1:9/"
[nats]
url = "nats://127.0.0.1:9"
"""


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


class Served(unittest.TestCase):
    """A service that has a bit of everything, and a platform for it."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        config = os.path.join(folder.name, "orc.toml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(CONFIG)
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("APIFY_", "ORCHESTRATOR_"))}
        emulator = cls.start(kept, "emulate", "--listen", "127.0.0.1:0",
                             "--user", "tester:token:16384:25")
        platform = re.search(r"http://[\d.:]+",
                             emulator.stdout.readline()).group()
        served = cls.start(
            dict(kept, APIFY_TOKEN="token", APIFY_API_BASE_URL=platform,
                 ORCHESTRATOR_DATA=os.path.join(folder.name, "data")),
            "serve", "--listen", "127.0.0.1:0", "--config", config)
        cls.url = served.stdout.readline().split()[-1]
        body = json.dumps({"name": "a", "actor": "emulator/scripted",
                           "input": {"durationMs": 10},
                           "options": {"memoryMbytes": 128}}).encode()
        request = urllib.request.Request(
            cls.url + "/api/v1/runs", body,
            {"Content-Type": "application/json"})
        urllib.request.urlopen(request).close()
        cls.get("/api/v1/runs/a?waitSecs=20")

    @classmethod
    def start(cls, env, *command):
        process = subprocess.Popen([BINARY, *command], env=env, text=True,
                                   stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        cls.addClassCleanup(process.stdout.close)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.kill)
        return process

    @classmethod
    def get(cls, path):
        with urllib.request.urlopen(cls.url + path, timeout=30) as answer:
            return answer.read().decode()

    def metrics(self):
        """Returns name: (type, labels) of what is exposed."""
        text = self.get("/metrics")
        result = {name: (kind, set()) for name, kind
                  in re.findall(r"(?m)^# TYPE (\w+) (\w+)$", text)}
        for name, labels in re.findall(r"(?m)^(\w+)\{(.*)\} ", text):
            result[name][1].update(re.findall(r'(\w+)="', labels))
        return result


class Metrics(Served):
    def test_the_table_has_each_with_type_and_labels_and_no_other(self):
        self.get("/metrics")
        told = {name: (kind, set(filter(None, labels.split(", "))))
                for name, kind, labels in re.findall(
                    r"(?m)^\| (\w+) \| (gauge|counter) \| ([\w, ]*?) ?\| \S",
                    read("docs", "operations.md"))}
        self.assertEqual(told, self.metrics())

    def test_alerts_and_dashboard_ask_for_what_there_is(self):
        there = set(self.metrics())
        alerts = re.findall(r"(?m)^ +expr: (.+)$", read(
            "packaging", "prometheus", "apify-orchestrator.yml"))
        board = json.loads(read("packaging", "grafana",
                                "apify-orchestrator.json"))
        shown = [target["expr"] for panel in board["panels"]
                 for target in panel["targets"]]
        for expression in alerts + shown:
            asked = set(re.findall(r"\b(?:orchestrator|process)_\w+",
                                   expression))
            self.assertTrue(asked or 'up{job=' in expression, expression)
            self.assertLessEqual(asked, there, expression)
        used = set(re.findall(r"orchestrator_\w+", " ".join(shown)))
        self.assertGreater(len(used), 15)

    def test_every_alert_says_what_to_do(self):
        text = read("packaging", "prometheus", "apify-orchestrator.yml")
        alerts = text.count("- alert:")
        self.assertGreater(alerts, 5)
        for part in ("severity:", "summary:", "description:"):
            self.assertEqual(text.count(part), alerts)

    def test_prometheus_takes_what_is_exposed(self):
        subprocess.run([promtool(), "check", "metrics"], check=True, text=True,
                       timeout=60, capture_output=True,
                       input=self.get("/metrics"))


class Alerts(unittest.TestCase):
    def test_each_fires_when_it_shall_and_else_does_not(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(ALERTS, folder)
            shutil.copy(ALERTS_TEST, folder)
            done = subprocess.run(
                [promtool(), "test", "rules", os.path.basename(ALERTS_TEST)],
                cwd=folder, check=False, text=True, timeout=60,
                capture_output=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_none_is_left_out(self):
        with open(ALERTS, encoding="utf-8") as file:
            alerts = set(re.findall(r"- alert: (\w+)", file.read()))
        with open(ALERTS_TEST, encoding="utf-8") as file:
            tested = set(re.findall(r'alertname="(\w+)"', file.read()))
        self.assertGreater(len(alerts), 5)
        self.assertEqual(tested, alerts)


class Api(Served):
    maxDiff = None

    def test_the_document_is_what_the_service_says_of_itself(self):
        errors = api_document.errors_of(read("messages", "base", "error.hpp"))
        wanted = api_document.render(json.loads(self.get("/openapi.json")),
                                     errors)
        self.assertEqual(
            read("docs", "api.md"), wanted,
            "make it anew: tests/docs/api_document.py URL > docs/api.md")

    def test_it_has_every_route(self):
        text = read("docs", "api.md")
        routes = json.loads(self.get("/openapi.json"))["paths"]
        self.assertGreater(len(routes), 40)
        for path, methods in routes.items():
            for method in methods:
                self.assertIn(f"\n### {method.upper()} {path}\n", text)


class Configuration(unittest.TestCase):
    def test_the_example_is_what_the_binary_prints(self):
        printed = subprocess.run([BINARY, "config", "--example"], text=True,
                                 check=True, capture_output=True).stdout
        self.assertEqual(read("docs", "config.example.toml"), printed)

    def test_every_key_is_in_it(self):
        """Of every struct of options, as the sources declare them."""
        example = read("docs", "config.example.toml")
        for header in ("config.hpp", "budgets.hpp"):
            for key in re.findall(r'field\(\s*"(\w+)"',
                                  read("app", "config", header)):
                self.assertRegex(example,
                                 rf"(?m)^#*{key} = |^#*\[+{key}\]+$")

    def test_what_reload_takes_is_in_the_document(self):
        text = read("docs", "operations.md")
        source = read("app", "config", "changes.cpp")
        table = source.split("reloadable{", 1)[1].split("};", 1)[0]
        names = re.findall(r'"([\w.]+)"', table)
        self.assertGreater(len(names), 5)
        for name in names:
            self.assertIn(name.rstrip("."), text)


if __name__ == "__main__":
    unittest.main()
