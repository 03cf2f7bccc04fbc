"""The orchestrator as an Apify actor: what the platform reads of it. Its image is
built and run in images_test.py."""

import json
import os
import re
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


if __name__ == "__main__":
    unittest.main()
