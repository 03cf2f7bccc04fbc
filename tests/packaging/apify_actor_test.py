"""The orchestrator as an Apify actor: what the platform reads of it."""

import json
import os
import re
import subprocess
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
ACTOR = os.path.join(ROOT, "packaging", "apify-actor", ".actor")

ACTOR_FIELDS = {
    "actorSpecification", "name", "title", "description", "version",
    "buildTag", "dockerfile", "dockerContextDir", "input", "output",
    "storages", "defaultMemoryMbytes", "minMemoryMbytes", "maxMemoryMbytes",
    "environmentVariables", "usesStandbyMode", "webServerSchema",
    "webServerMcpPath", "readme", "changelog"}

EDITORS = {
    "string": {"textfield", "textarea", "select", "javascript", "python",
               "datepicker", "hidden", None},
    "array": {"json", "stringList", "requestListSources", "keyValue", "globs",
              "pseudoUrls", "select", "hidden"},
    "object": {"json", "proxy", "hidden"},
    "integer": {"number", "hidden", None},
    "boolean": {"checkbox", "hidden", None}}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def document(name):
    return json.loads(read(ACTOR, name))


def packages(section):
    text = read(ROOT, "packaging", "debian-packages.txt")
    part = re.search(rf"^\[{section}\]\n(.*?)(?=^\[|\Z)", text,
                     re.MULTILINE | re.DOTALL).group(1)
    return set(part.split())


class ActorFile(unittest.TestCase):
    def test_it_has_what_the_platform_asks_for_and_knows(self):
        actor = document("actor.json")
        self.assertEqual(actor["actorSpecification"], 1)
        self.assertRegex(actor["name"], r"^[a-z0-9-]{3,63}$")
        self.assertRegex(actor["version"], r"^\d+\.\d+$")
        self.assertLessEqual(set(actor), ACTOR_FIELDS)

    def test_the_files_it_names_are_there(self):
        actor = document("actor.json")
        for path in (actor["input"], actor["output"], actor["dockerfile"],
                     actor["storages"]["dataset"], actor["readme"]):
            self.assertTrue(os.path.isfile(os.path.join(ACTOR, path)), path)
        self.assertEqual(
            os.path.realpath(os.path.join(ACTOR, actor["dockerContextDir"])),
            os.path.realpath(ROOT))


class InputSchema(unittest.TestCase):
    def test_it_keeps_to_the_rules_of_input_schemas(self):
        schema = document("input_schema.json")
        self.assertEqual((schema["schemaVersion"], schema["type"]),
                         (1, "object"))
        self.assertLessEqual(set(schema["required"]),
                             set(schema["properties"]))
        for name, field in schema["properties"].items():
            with self.subTest(name):
                self.assertLessEqual({"title", "type", "description"},
                                     set(field))
                self.assertIn(field.get("editor"), EDITORS[field["type"]])
                self.assertNotIn("default" if name in schema["required"]
                                 else "", field)

    def test_it_has_the_fields_that_the_binary_reads(self):
        header = read(ROOT, "messages", "actor_input.hpp")
        fields = set(re.findall(r'field\("(\w+)", &actor_input::', header))
        self.assertEqual(set(document("input_schema.json")["properties"]),
                         fields)


class OutputSchemas(unittest.TestCase):
    def test_outputs_have_templates(self):
        schema = document("output_schema.json")
        self.assertEqual(schema["actorOutputSchemaVersion"], 1)
        for field in schema["properties"].values():
            self.assertLessEqual({"type", "title", "template"}, set(field))

    def test_the_view_shows_what_a_run_has(self):
        view = document("dataset_schema.json")["views"]["overview"]
        header = read(ROOT, "messages", "run.hpp")
        fields = set(re.findall(r'field\("(\w+)", &run::', header))
        self.assertLessEqual(set(view["transformation"]["fields"]), fields)
        self.assertEqual(set(view["display"]["properties"]),
                         set(view["transformation"]["fields"]))


class Image(unittest.TestCase):
    def test_packages_come_from_the_one_list(self):
        text = read(ACTOR, "Dockerfile")
        self.assertNotIn("apt-get", text)
        self.assertIn("script/packages build", text)
        self.assertIn("script/packages runtime", text)

    def test_what_it_copies_is_there(self):
        for line in read(ACTOR, "Dockerfile").splitlines():
            if line.startswith("COPY ") and "--from" not in line:
                for source in line.split()[1:-1]:
                    self.assertTrue(os.path.exists(os.path.join(ROOT, source)),
                                    source)

    def test_it_runs_as_nobody_special_and_in_stages(self):
        text = read(ACTOR, "Dockerfile")
        self.assertEqual(len(re.findall("^FROM debian:12", text, re.M)), 2)
        self.assertRegex(text, r"(?m)^USER orchestrator$")

    def test_the_runtime_has_every_library_of_the_binary(self):
        binary = os.environ["ORC_BINARY"]
        # What these need in turn, their packages bring.
        head = subprocess.run(["objdump", "-p", binary], text=True, check=True,
                              capture_output=True).stdout
        direct = set(re.findall(r"NEEDED +(\S+)", head))
        self.assertTrue(direct)
        libraries = subprocess.run(["ldd", binary], text=True, check=True,
                                   capture_output=True).stdout
        files = [os.path.realpath(path) for name, path
                 in re.findall(r"(\S+) => (/\S+)", libraries) if name in direct]
        owners = subprocess.run(["dpkg", "-S", *files], text=True, check=False,
                                capture_output=True).stdout
        needed = {line.split(":")[0] for line in owners.splitlines()}
        # Every Debian has these.
        needed -= {"libc6", "libgcc-s1", "libstdc++6"}
        self.assertLessEqual(needed, packages("runtime"))


if __name__ == "__main__":
    unittest.main()
