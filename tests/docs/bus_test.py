#!/usr/bin/env python3
"""The table of verbs in docs/bus.md is the one that the binary has.

    ORC_BINARY=… tests/docs/bus_test.py --write    puts it there
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.request

BINARY = os.environ["ORC_BINARY"]
DOCUMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                        "docs", "bus.md")


def openapi():
    """Returns what a service says of itself."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [BINARY, "serve", "--listen", "127.0.0.1:0", "--data", folder],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"]})
        try:
            line = process.stdout.readline()
            url = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
            with urllib.request.urlopen(url + "/openapi.json") as answer:
                return json.load(answer)
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()


def table(document):
    """Returns the table as the document should have it."""
    rows = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if "x-bus-verb" not in operation:
                continue
            verb = operation["x-bus-verb"]
            names = [f"`{verb}`"]
            if verb.endswith(".get") and any(
                    x["name"] == "waitSecs" for x in operation["parameters"]):
                names.append(f"`{verb[:-4]}.wait`")
            text = operation["description"].split(". ")[0].rstrip(".")
            rows.append((verb, f"| {', '.join(names)} | `{method.upper()} "
                         f"{path}` | {text} |"))
    return "\n".join(["| verb | over HTTP | |", "|---|---|---|"]
                     + [row for _, row in sorted(rows)])


def read():
    with open(DOCUMENT, encoding="utf-8") as file:
        return file.read()


def write():
    with_table = re.sub(r"(?<=<!-- verbs -->\n)(.*)(?=<!-- /verbs -->)",
                        lambda _: table(openapi()) + "\n", read(),
                        flags=re.DOTALL)
    with open(DOCUMENT, "w", encoding="utf-8") as file:
        file.write(with_table)


class BusTest(unittest.TestCase):
    maxDiff = None

    def test_the_table_of_verbs_is_that_of_the_binary(self):
        told = re.search("<!-- verbs -->\n(.*)\n<!-- /verbs -->", read(),
                         re.DOTALL)[1]
        self.assertEqual(told, table(openapi()))


if __name__ == "__main__":
    if "--write" in sys.argv:
        write()
    else:
        unittest.main()
