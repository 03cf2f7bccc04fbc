"""The installed headers compile alone, and docs/embedding.md has them all."""

import concurrent.futures
import os
import re
import subprocess
import unittest

from prefix import ROOT, Prefix

# Warnings of CAF's own headers are CAF's: they are of the system.
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic",
         "-Wshadow", "-Werror"]


def public_headers():
    path = os.path.join(ROOT, "embedding", "public_headers.txt")
    with open(path, encoding="utf-8") as file:
        return [x.strip() for x in file if re.match("[a-z]", x)]


class Headers(unittest.TestCase):
    def setUp(self):
        self.prefix = Prefix.get()

    def problem_of(self, header, compiler="g++"):
        """Returns what a compiler says about a program of this one line."""
        done = subprocess.run(
            [compiler, *FLAGS, "-I", self.prefix / "include", "-x", "c++", "-"],
            input=f"#include <apify-orchestrator/{header}>\nint main() {{}}\n",
            text=True, capture_output=True, check=False, timeout=280)
        return "" if done.returncode == 0 else f"{header}: {done.stderr}"

    def test_each_compiles_alone(self):
        # orchestrator.hpp parses most of messages/; the others are what a host
        # may include without it.
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            problems = list(pool.map(self.problem_of, public_headers()))
        self.assertEqual("".join(problems), "")

    def test_the_facade_needs_no_caf(self):
        for header in ("embedding/client.hpp", "embedding/logging.hpp"):
            done = subprocess.run(
                ["g++", *FLAGS, "-M", "-I", self.prefix / "include", "-x",
                 "c++", "-"],
                input=f"#include <apify-orchestrator/{header}>\n", text=True,
                capture_output=True, check=True, timeout=120)
            self.assertNotRegex(done.stdout, r"/(caf|fmt|boost|spdlog)/",
                                header)


class Reference(unittest.TestCase):
    def test_every_header_is_in_it(self):
        path = os.path.join(ROOT, "docs", "embedding.md")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        top = Prefix.get() / "include/apify-orchestrator"
        headers = [os.path.relpath(os.path.join(root, name), top)
                   for root, _, files in os.walk(top) for name in files]
        missing = [x for x in headers if f"`{x}`" not in text]
        self.assertEqual(missing, [], "name them in docs/embedding.md")

    def test_it_names_no_header_that_is_not_there(self):
        path = os.path.join(ROOT, "docs", "embedding.md")
        with open(path, encoding="utf-8") as file:
            named = re.findall(r"^\| `([a-z_/]+\.hpp)`", file.read(), re.M)
        self.assertGreater(len(named), 20)
        for header in named:
            self.assertTrue(os.path.isfile(
                Prefix.get() / f"include/apify-orchestrator/{header}"), header)


if __name__ == "__main__":
    unittest.main()
